// A table as CSV (RFC 4180, UTF-8): a header, then a line for each row. Numbers have all their digits; what is not
// finite is NaN, Infinity or -Infinity, and what does not apply is empty.

import type { Column, Row } from "./table.ts";

/** Pieces of the file, in order. */
export function* csv(columns: readonly Column[], rows: Iterable<Row>): Generator<string> {
  yield line(columns.map(({ name }) => name));
  for (const row of rows) yield line(columns.map((column) => column.of(row) ?? ""));
}

function line(values: readonly (string | number)[]): string {
  return values.map(field).join(",") + "\r\n";
}

/** Quoted where the text has a comma, a quote or a line break. */
function field(value: string | number): string {
  const written = String(value);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}
