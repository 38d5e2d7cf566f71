// Text without its marks.

import type { Inline, Text } from "./document.ts";

export function plain(text: Text): string {
  return text.map(plainInline).join("");
}

function plainInline(inline: Inline): string {
  if (typeof inline === "string") return inline;
  if ("code" in inline) return inline.code;
  return "strong" in inline ? inline.strong : inline.full;
}
