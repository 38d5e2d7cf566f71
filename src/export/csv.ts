// A table as CSV (RFC 4180, UTF-8): a header, then a line for each row. Numbers have all their digits; what is not
// finite is NaN, Infinity or -Infinity, and what does not apply is empty.

import { rowsOf, type Column, type TableWriter } from "./table.ts";

export function csvWriter(columns: readonly Column[]): TableWriter<string> {
  let header = line(columns.map(({ name }) => name));
  const piece = (lines: string) => {
    const whole = header + lines;
    header = "";
    return whole;
  };
  return {
    add: (trial) =>
      piece(
        rowsOf(trial)
          .map((row) => line(columns.map((column) => column.of(row) ?? "")))
          .join(""),
      ),
    end: () => piece(""),
  };
}

function line(values: readonly (string | number)[]): string {
  return values.map(field).join(",") + "\r\n";
}

/** Quoted where the text has a comma, a quote or a line break. */
function field(value: string | number): string {
  const written = String(value);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}
