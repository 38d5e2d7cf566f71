// Checksums: a digest over the fields of what is stored, so that whatever was changed since is seen.

import { hex, utf8, type Sha256 } from "../base/sha256.ts";

export type Field = string | number | Uint8Array | null;

/**
 * SHA-256 over the fields in their order, 64 hex digits. Each goes in with its kind and its length, so that no two
 * lists of fields give the same bytes; a number as float64, every NaN as the same.
 */
export function checksum(sha256: Sha256, ...fields: readonly Field[]): string {
  const contents = fields.map((field) => (typeof field === "string" ? utf8(field) : field));
  const size = (content: Content) =>
    content === null ? 0 : typeof content === "number" ? 8 : content.length;
  const bytes = new Uint8Array(contents.reduce((sum: number, one) => sum + 9 + size(one), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  contents.forEach((content, index) => {
    bytes[at] = kindOf(fields[index]).charCodeAt(0);
    view.setFloat64(at + 1, size(content), true);
    if (typeof content === "number")
      view.setFloat64(at + 9, Number.isNaN(content) ? NaN : content, true);
    else if (content !== null) bytes.set(content, at + 9);
    at += 9 + size(content);
  });
  return hex(sha256(bytes));
}

type Content = number | Uint8Array | null;

function kindOf(field: Field): string {
  if (field === null) return "0";
  return typeof field === "number" ? "n" : typeof field === "string" ? "s" : "b";
}
