// A user's text inside a sentence.

/** `text` in quotes, on one line, without control characters, at most 60 characters of it. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  // JSON leaves DEL, the C1 controls and two line separators as they are.
  return JSON.stringify(short).replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
