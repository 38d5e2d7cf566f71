// schema-2.db was made by the last widthwise whose plans had a width and a seed alone (schema 2): a plan of two trials.

import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { DamageReport } from "../../src/records/sqlite/damage.ts";
import { MIGRATIONS } from "../../src/records/sqlite/schema.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { StoreFile } from "../../src/records/sqlite/store-file.node.ts";
import { StudyTable } from "../../src/records/sqlite/study-table.node.ts";
import { Totals } from "../../src/records/sqlite/totals.node.ts";

const OLD = fileURLToPath(new URL("schema-2.db", import.meta.url));
const ID = "cd".repeat(32);
const POINTS = [
  { values: { width: 3 }, seed: null },
  { values: { width: 2 }, seed: 1 },
];

const folder = mkdtempSync(join(tmpdir(), "widthwise-older-"));
let path: string;
let copies = 0;
beforeEach(() => {
  path = join(folder, `${copies++}.db`);
  copyFileSync(OLD, path);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const onDamage = (message: string) => {
  throw new Error(message);
};

function open(): SqliteStore {
  return new SqliteStore(path, { sha256, trainer: { machine: "", versions: "" }, onDamage });
}

test("an older store is read as it is, where it may not be written", () => {
  const file = StoreFile.open(path, MIGRATIONS.slice(0, 2));
  const studies = new StudyTable(file, sha256, new DamageReport(path, onDamage), new Totals(file));
  expect(studies.study(ID)?.trials.map(({ point }) => point)).toEqual(POINTS);
  expect(file.version).toBe(2);
  file.close();
});

test("an older store is brought up to date, and then keeps values on any axis", async () => {
  const store = open();
  const before = await store.study(ID);
  expect(before?.trials.map(({ point }) => point)).toEqual(POINTS);
  if (before === null) return;
  const point = { values: { width: 2, activation: "tanh", rate: 0.5 }, seed: 1 };
  await store.plan({ ...before, trials: [{ ...before.trials[1], passes: 3, point }] });
  await store.close();
  const again = open();
  expect((await again.study(ID))?.trials.map(({ point }) => point)).toEqual([point]);
  await again.close();
});
