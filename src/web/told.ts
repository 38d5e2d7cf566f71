// What fails, in a sentence: for the worker that tells the page of it, and for the page that shows it.

import { WidthwiseError } from "../base/errors.ts";

/** What browsers say of parts of the page, and other files, that do not come. */
const UNFETCHED =
  /dynamically imported module|importing a module script|failed to fetch|networkerror|load failed/i;

export function told(error: unknown): string {
  if (error instanceof WidthwiseError) return error.message;
  const text = String(error);
  return error instanceof TypeError && UNFETCHED.test(text)
    ? "a part of the page cannot be fetched; see whether its server still runs, and try again"
    : `the lab met a bug: ${text}`;
}

/** As it stands by itself. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
