// A table as Apache Parquet: text, 64-bit integers and doubles, every column optional; NaN and infinities are what
// they are, and what does not apply is null.

import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import type { Column, Row } from "./table.ts";

/** Rows that are held in memory at a time and written as one row group. */
const GROUP = 50_000;

const TYPES = { text: "STRING", integer: "INT64", double: "DOUBLE" } as const;

/** Pieces of the file, in order. */
export function* parquet(
  columns: readonly Column[],
  rows: Iterable<Row>,
): Generator<Uint8Array<ArrayBuffer>> {
  const types = columns.map(({ name, type }) => ({ name, type: TYPES[type], data: [] }));
  // In memory nothing has to be waited for, so write and finish return no promise.
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({ columnData: types });
  const file = new ParquetWriter({ writer, schema, createdBy: "widthwise" });
  for (const group of groups(rows)) {
    void file.write({
      columnData: columns.map((column) => ({ name: column.name, data: values(column, group) })),
      rowGroupSize: GROUP,
    });
    yield take(writer);
  }
  void file.finish();
  yield take(writer);
}

function* groups(rows: Iterable<Row>): Generator<Row[]> {
  let group: Row[] = [];
  for (const row of rows) {
    group.push(row);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function values(column: Column, rows: readonly Row[]): (string | number | bigint | null)[] {
  if (column.type !== "integer") return rows.map((row) => column.of(row));
  return rows.map((row) => {
    const value = column.of(row);
    return value === null ? null : BigInt(value);
  });
}

/** What was written since the last time; the writer goes on counting from the file's start. */
function take(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(writer.getBuffer());
  writer.index = 0;
  return bytes;
}
