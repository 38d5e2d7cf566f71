// A row that is asked for is that of now, whatever the same question was asked before.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GIVEN_SINCE, MIGRATIONS, PACKED_SINCE } from "./schema.ts";
import { StoreFile } from "./store-file.node.ts";

test("one row, after many of the same statement, and after one that failed", () => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-file-"));
  const file = StoreFile.open(join(folder, "store.db"), MIGRATIONS);
  try {
    const sql = "SELECT json_extract(?, '$') AS n";
    const one = (text: string) => file.get(sql, text)?.n;
    expect(one("1")).toBe(1);
    expect(file.all(sql, "2")[0].n).toBe(2);
    expect(one("3")).toBe(3);
    expect(() => one("no JSON")).toThrow();
    expect(one("4")).toBe(4);
    expect(file.get("SELECT 1 AS n WHERE ? > 1", 0)).toBeUndefined();
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ["trajectories", PACKED_SINCE],
  ["given", GIVEN_SINCE],
])("a store has %s from schema %i on", (table, since) => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-file-"));
  const tablesOf = (schema: number) => {
    const file = StoreFile.open(join(folder, `${schema}.db`), MIGRATIONS.slice(0, schema));
    const found = file.all("SELECT 1 FROM sqlite_schema WHERE name = ?", table).length;
    file.close();
    return found;
  };
  expect([since - 1, since].map(tablesOf)).toEqual([0, 1]);
  rmSync(folder, { recursive: true });
});
