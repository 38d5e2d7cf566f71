// A table as JSON: an array with an object for each row, on a line of its own. JSON has no NaN and no infinities, and
// readers take a string among numbers for a column of strings; so what is not finite is null, as what does not apply.

import { rowsOf, type Column, type TableWriter } from "./table.ts";

export function jsonWriter(columns: readonly Column[]): TableWriter<string> {
  let before = "[\n";
  return {
    add: (trial) =>
      rowsOf(trial)
        .map((row) => {
          const opening = before;
          before = ",\n";
          // JSON.stringify itself writes null for a number that is not finite.
          return (
            opening +
            JSON.stringify(Object.fromEntries(columns.map(({ name, of }) => [name, of(row)])))
          );
        })
        .join(""),
    end: () => (before === "[\n" ? "[]\n" : "\n]\n"),
  };
}
