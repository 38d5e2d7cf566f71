// A user's text inside a sentence.

/** What may move, colour or reorder the text around it: controls, line separators, marks of writing direction. */
const UNPRINTABLE = String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]`;

/** `text` in quotes, on one line, with what is not to be printed escaped, at most 60 characters of it. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  // JSON leaves DEL, the C1 controls and more of these as they are.
  return JSON.stringify(short).replace(
    new RegExp(UNPRINTABLE, "gu"),
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `text` on one line, with a space in the place of what is not to be printed. */
export function oneLine(text: string): string {
  return text.replace(new RegExp(`${UNPRINTABLE}+`, "gu"), " ");
}
