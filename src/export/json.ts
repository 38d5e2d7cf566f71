// A table as JSON: an array with an object for each row, on a line of its own. JSON has no NaN and no infinities, and
// readers take a string among numbers for a column of strings; so what is not finite is null, as what does not apply.

import type { Column, Row } from "./table.ts";

/** Pieces of the file, in order. */
export function* json(columns: readonly Column[], rows: Iterable<Row>): Generator<string> {
  let before = "[\n";
  for (const row of rows) {
    // JSON.stringify itself writes null for a number that is not finite.
    yield (
      before + JSON.stringify(Object.fromEntries(columns.map(({ name, of }) => [name, of(row)])))
    );
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
