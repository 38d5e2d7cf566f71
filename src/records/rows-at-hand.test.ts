// Rows of many records: few stay in memory, and all can be looked at.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { record, type Row } from "../../test/support/outcomes.ts";
import { recordOf, wholeTrial } from "../../test/support/updates.ts";
import { sha256 } from "../base/sha256.node.ts";
import { recordOfRows, rowsOf, withoutRows } from "./record.ts";
import { SqliteStore } from "./sqlite/sqlite-store.node.ts";
import { StoreFile } from "./sqlite/store-file.node.ts";

test("rows that have given way to others are read again, and are the same", () => {
  const made = [1, 2, 3].map((width) =>
    record(
      width,
      Array.from({ length: 9000 }, (_, pass): Row => [width, pass / 9000, 1, 0.5]),
    ),
  );
  const reads = [0, 0, 0];
  const records = made.map((one, i) =>
    recordOfRows({
      ...one,
      source: {
        rowsOf(key, passes) {
          expect([key, passes]).toEqual([one.key, 8999]);
          reads[i]++;
          return rowsOf(one);
        },
      },
      passes: 8999,
    }),
  );
  const look = (i: number) => {
    expect(records[i].trajectory).toEqual(made[i].trajectory);
    expect(records[i].running_averages).toEqual(made[i].running_averages);
  };
  expect(reads).toEqual([0, 0, 0]);
  for (const i of [0, 1, 0, 1]) look(i);
  expect(reads).toEqual([1, 1, 0]);
  look(2);
  look(0);
  // No more gave way than had to.
  look(2);
  expect(reads).toEqual([2, 1, 1]);
  // And no fewer.
  look(1);
  expect(reads).toEqual([2, 2, 1]);
});

test("rows that are at hand when a record is made are not read", () => {
  const made = record(8, [[2.3, 0.1, 2.3, 0.1]]);
  const source = { rowsOf: () => expect.fail("they are read") };
  expect(recordOfRows({ ...made, source, passes: 0 }, rowsOf(made))).toEqual(made);
});

test("rows of a trial that was trained whole are not asked for by the many, which stay in memory until events turn", async () => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-rows-"));
  const trainer = { machine: "a machine", versions: "some versions" };
  const onDamage = (message: string) => expect.fail(message);
  const store = new SqliteStore(join(folder, "store.db"), { sha256, trainer, onDamage });
  const [kept] = await store.keepWhole([wholeTrial(6)]);
  const one = withoutRows(kept) ?? expect.fail("it holds its rows");
  const many = vi.spyOn(StoreFile.prototype, "all");
  expect(recordOfRows(one)).toEqual(recordOf(6));
  expect(many).not.toHaveBeenCalled();
  many.mockRestore();
  await store.close();
  rmSync(folder, { recursive: true });
});
