// A table as Apache Parquet: text, 64-bit integers and doubles, every column optional; NaN and infinities are what
// they are, and what does not apply is null.

import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { rowsOf, type Column, type Row, type TableWriter } from "./table.ts";

/** Rows that are held in memory at a time and written as one row group. */
const GROUP = 50_000;

const TYPES = { text: "STRING", integer: "INT64", double: "DOUBLE" } as const;

export function parquetWriter(columns: readonly Column[]): TableWriter<Uint8Array<ArrayBuffer>> {
  const types = columns.map(({ name, type }) => ({ name, type: TYPES[type], data: [] }));
  const schema = schemaFromColumnData({ columnData: types });
  // In memory nothing has to be waited for, so write and finish return no promise.
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema, createdBy: "widthwise" });
  let waiting: Row[] = [];
  const write = (rows: readonly Row[]) => {
    const columnData = columns.map((column) => ({ name: column.name, data: values(column, rows) }));
    void file.write({ columnData, rowGroupSize: GROUP });
  };
  return {
    add(trial) {
      waiting = waiting.concat(rowsOf(trial));
      while (waiting.length >= GROUP) {
        write(waiting.slice(0, GROUP));
        waiting = waiting.slice(GROUP);
      }
      return take(writer);
    },
    end() {
      if (waiting.length > 0) write(waiting);
      void file.finish();
      return take(writer);
    },
  };
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
