// Whatever happens to a store's file: it is seen, named, and never used.

import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { update, keyOf, plan, recordOf, wholeTrial } from "../../../test/support/updates.ts";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { hex } from "../../base/sha256.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { SqliteStore } from "./sqlite-store.node.ts";
import { StoreFile } from "./store-file.node.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-damage-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const whole = join(folder, "whole.db");
const path = join(folder, "damaged.db");
const key = keyOf();
const study = plan(4);

let told: string[];
function open(): SqliteStore {
  const trainer = { machine: "a machine", versions: "some versions" };
  return new SqliteStore(path, { sha256, trainer, onDamage: (message) => told.push(message) });
}

beforeAll(async () => {
  told = [];
  await commitAll(path);
  copyFileSync(path, whole);
});
beforeEach(() => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  copyFileSync(whole, path);
  told = [];
});

async function commitAll(at: string): Promise<void> {
  const store = new SqliteStore(at, {
    sha256,
    trainer: { machine: "a machine", versions: "some versions" },
    onDamage: (message) => told.push(message),
  });
  await store.plan(study);
  await store.finish(study.id, "f1".repeat(32));
  await store.describe(study.id, "{}");
  await store.commit(update(0, 4));
  await store.commit(update(5, 6));
  await store.close();
}

/** As another program might, whose rules are not ours. */
function alter(sql: string): void {
  const database = new Database(path);
  database.exec(`PRAGMA ignore_check_constraints = ON; ${sql}`);
  database.close();
}

interface Found {
  readonly record: unknown;
  readonly beginning: unknown;
  readonly study: unknown;
}

async function read(): Promise<Found> {
  const store = open();
  const found = {
    record: await store.get(key, 6),
    beginning: await store.resume(key),
    study: await store.study(study.id),
  };
  await store.trials();
  await store.studies();
  await store.sittings(key);
  await store.parameters(key, 4);
  await store.close();
  return found;
}

test("what nothing has happened to is told of nothing", async () => {
  const { record, beginning, study: kept } = await read();
  expect(record).toEqual(recordOf(6));
  expect(beginning).not.toBeNull();
  expect(kept).not.toBeNull();
  expect(told).toEqual([]);
});

test("given parameters that are damaged are told, not given, and put right by who has them", async () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const digest = hex(sha256(bytes));
  const store = open();
  await store.keepGiven(digest, bytes);
  expect(await store.given(digest)).toEqual(bytes);
  for (const value of ["zeroblob(4)", "x'0102'"]) {
    alter(`UPDATE given SET parameters = ${value}`);
    told = [];
    const damaged = open();
    expect(await damaged.given(digest)).toBeNull();
    expect(told).toEqual([
      `store ${path}: initial parameters ${digest.slice(0, 12)} are damaged; run a study with the file that has them`,
    ]);
    await damaged.keepGiven(digest, bytes);
    expect(await damaged.given(digest)).toEqual(bytes);
    await damaged.close();
  }
  await store.close();
});

/** Every column of every table, but for the numbers that only join rows. */
const COLUMNS: readonly (readonly [string, string, string])[] = [
  ["trials", "specification", "replace(specification, '0.005', '0.006')"],
  ["trials", "passes", "passes - 1"],
  ["trials", "diverged_pass", "3"],
  ["trials", "diverged_step", "3"],
  ["trials", "train_examples", "train_examples + 1"],
  ["trials", "test_examples", "test_examples + 1"],
  ["trials", "fingerprint", "'00' || substr(fingerprint, 3)"],
  ["trials", "seal", "'00' || substr(seal, 3)"],
  ["evaluations", "pass", "pass + 1 WHERE pass = 6"],
  ["evaluations", "train_objective", "0.5 WHERE pass = 1"],
  ["evaluations", "train_objective", "NULL WHERE pass = 2"],
  ["evaluations", "train_correct", "train_correct + 1 WHERE pass = 3"],
  ["evaluations", "test_objective", "-test_objective WHERE pass = 3"],
  ["evaluations", "test_correct", "0 WHERE pass = 3"],
  ["evaluations", "fingerprint", "'00' || substr(fingerprint, 3) WHERE pass = 3"],
  ["evaluations", "averages", "zeroblob(16) WHERE pass = 3"],
  ["evaluations", "averages", "x'' WHERE pass = 3"],
  ["evaluations", "seal", "'' WHERE pass = 0"],
  ["snapshots", "sizes", "'[3,2,1]' WHERE pass = 6"],
  ["snapshots", "parameters", "zeroblob(56) WHERE pass = 6"],
  ["snapshots", "generator", "zeroblob(2520) WHERE pass = 6"],
  ["snapshots", "average", "0.25 WHERE pass = 6"],
  ["snapshots", "average", "NULL WHERE pass = 6"],
  ["snapshots", "seal", "'' WHERE pass = 6"],
  ["snapshots", "pass", "5 WHERE pass = 6"],
  ["stretches", "from_pass", "1"],
  ["stretches", "to_pass", "to_pass + 1"],
  ["stretches", "seconds", "seconds / 2"],
  ["stretches", "machine", "'a better one'"],
  ["stretches", "versions", "''"],
  ["stretches", "seal", "''"],
];

test.each(COLUMNS)("a trial's %s.%s = %s", async (table, column, value) => {
  alter(`UPDATE ${table} SET ${column} = ${value}`);
  const { record, beginning, study: kept } = await read();
  // Weights that are gone are no damage of the rows.
  if (table !== "snapshots" || column !== "pass") expect(record).toBeNull();
  expect(beginning).toBeNull();
  expect(kept).not.toBeNull();
  expect(told.length).toBeGreaterThan(0);
  for (const message of told)
    expect(message).toMatch(
      new RegExp(
        `^store ${path}: trial ${key.slice(0, 12)}: .* is damaged; it counts as not trained$`,
      ),
    );
});

test.each([
  ["passes", "passes - 1"],
  ["rows", "substr(rows, 2)"],
  ["rows", "zeroblob(length(rows))"],
  ["seal", "'00' || substr(seal, 3)"],
])("trajectories.%s = %s of a trial that was trained whole", async (column, value) => {
  const store = open();
  const [record] = await store.keepWhole([wholeTrial(6)]);
  expect(record).toEqual(recordOf(6));
  await store.close();
  alter(`UPDATE trajectories SET ${column} = ${value}`);
  expect(await read()).toMatchObject({ record: null, beginning: null });
  expect(told[0]).toMatch(/: its trajectory is damaged; it counts as not trained$/);
});

test("a trial whose trajectory is gone is missed", async () => {
  const store = open();
  await store.keepWhole([wholeTrial(6)]);
  await store.close();
  alter("DELETE FROM trajectories");
  expect(await read()).toMatchObject({ record: null, beginning: null });
});

test.each([
  ["its key", "UPDATE trials SET key = '00' || substr(key, 3)"],
  ["a pass that is gone", "DELETE FROM evaluations WHERE pass = 6"],
  ["a pass that is gone in between", "DELETE FROM evaluations WHERE pass = 2"],
  ["checkpoints that are gone", "DELETE FROM snapshots"],
  ["the trial's row that is gone", "PRAGMA foreign_keys = OFF; DELETE FROM trials"],
  [
    "another trial's row",
    "UPDATE evaluations SET pass = -1 WHERE pass = 1; UPDATE evaluations SET pass = 1 WHERE pass = 2; UPDATE evaluations SET pass = 2 WHERE pass = -1",
  ],
  [
    "pass that is there twice, in another's place",
    `CREATE TABLE other AS SELECT * FROM evaluations; DELETE FROM other WHERE pass = 2;
     INSERT INTO other SELECT * FROM other WHERE pass = 1;
     DROP TABLE evaluations; ALTER TABLE other RENAME TO evaluations`,
  ],
])("a trial's %s: it is not gone on with", async (_, sql) => {
  alter(sql);
  expect((await read()).beginning).toBeNull();
});

test("a trial that is kept whole under a key that is none of its specification's is damaged", async () => {
  const store = open();
  await store.commit({ ...update(0, 2), key: keyOf(9) });
  expect(await store.get(keyOf(9), 2)).toBeNull();
  expect(told[0]).toMatch(/: its key is damaged; it counts as not trained$/);
  await store.close();
});

test.each([
  ["studies", "name", "'yours'"],
  ["studies", "specification", "'{}'"],
  ["studies", "dataset_name", "''"],
  ["studies", "dataset_digest", "''"],
  ["studies", "dataset_train_examples", "1"],
  ["studies", "trials", "2"],
  ["studies", "created", "'yesterday'"],
  ["studies", "finished", "NULL"],
  ["studies", "fingerprint", "'f2'"],
  ["studies", "provenance", "'{}}'"],
  ["studies", "seal", "''"],
  ["study_trials", "position", "1"],
  ["study_trials", "key", "''"],
  ["study_trials", "passes", "5"],
  ["study_trials", "role", "'search'"],
  ["study_trials", "role", "'else'"],
  ["study_trials", "width", "3"],
  ["study_trials", "seed", "NULL"],
  ["study_trials", "others", "'{}'"],
  ["study_trials", "seal", "''"],
])("a study's %s.%s = %s", async (table, column, value) => {
  alter(`UPDATE ${table} SET ${column} = ${value}`);
  const { record, study: kept } = await read();
  expect(record).not.toBeNull();
  expect(kept).toBeNull();
  expect(told[0]).toMatch(
    new RegExp(
      `^store ${path}: study ${study.id.slice(0, 12)}: .* is damaged; it counts as not there$`,
    ),
  );
});

test("a damaged trial is trained anew in its place, a damaged study planned anew", async () => {
  alter("UPDATE evaluations SET train_correct = 99; UPDATE studies SET name = 'x'");
  await commitAll(path);
  told = [];
  const { record, study: kept } = await read();
  expect(record).toEqual(recordOf(6));
  expect(kept).not.toBeNull();
  expect(told).toEqual([]);
});

describe("the file itself", () => {
  /** What reading gives: whole, or null and told, or a sentence. Nothing else may come of it. */
  async function outcome(): Promise<string> {
    try {
      const { record, beginning } = await read();
      if (record !== null) expect(record).toMatchObject(recordOf(6));
      if (beginning !== null) expect(beginning).toMatchObject({ record: recordOf(6) });
      return told.length > 0 || record === null ? "told" : "whole";
    } catch (error) {
      expect(error).toBeInstanceOf(WidthwiseError);
      expect((error as Error).message).toMatch(/^store .*damaged\.db: /);
      return "refused";
    }
  }

  const bytes = () => readFileSync(whole);

  test("cut off anywhere is refused or told", async () => {
    const { length } = bytes();
    const counts: Partial<Record<string, number>> = {};
    for (let cut = 1; cut < 40; cut++) {
      for (const file of [`${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
      copyFileSync(whole, path);
      truncateSync(path, Math.floor((length * cut) / 40));
      told = [];
      const found = await outcome();
      counts[found] = (counts[found] ?? 0) + 1;
    }
    expect(counts.whole ?? 0).toBe(0);
  });

  test("with a flipped bit anywhere is whole where that bit holds nothing, else refused or told", async () => {
    const content = bytes();
    const counts: Partial<Record<string, number>> = {};
    // Spread over the file, each in another bit.
    for (let flip = 0; flip < 400; flip++) {
      const at = Math.floor((content.length * (flip + 0.5)) / 400);
      const flipped = Uint8Array.from(content);
      flipped[at] ^= 1 << (flip % 8);
      for (const file of [`${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
      writeFileSync(path, flipped);
      told = [];
      const found = await outcome();
      counts[found] = (counts[found] ?? 0) + 1;
    }
    expect(counts.told ?? 0).toBeGreaterThan(0);
  });

  test.each([
    [
      "nothing of ours",
      "hello, this is no database, and long enough to be taken for one ".repeat(99),
      "not a store of widthwise",
    ],
    ["a little of nothing", "x", "not a store of widthwise"],
  ])("%s is refused and not touched", (_, content, sentence) => {
    writeFileSync(path, content);
    expect(open).toThrow(sentence);
    expect(open).toThrow(InputError);
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  test("another program's database is refused and not touched", () => {
    rmSync(path);
    const other = new Database(path);
    other.exec("CREATE TABLE notes (text TEXT)");
    other.close();
    const before = readFileSync(path);
    expect(open).toThrow(`store ${path}: not a store of widthwise; name another file`);
    expect(readFileSync(path)).toEqual(before);
  });

  test("a folder, and a path through a file", () => {
    expect(() => StoreFile.open(folder)).toThrow(
      `store ${folder}: expected a file; name another one`,
    );
    expect(() => StoreFile.open(join(whole, "x.db"))).toThrow(/part of this path is a file/);
  });

  test("an empty file becomes a store", async () => {
    writeFileSync(path, "");
    const store = open();
    expect(await store.studies()).toEqual([]);
    await store.close();
  });
});

describe("the schema", () => {
  test("of a newer widthwise is refused and not touched", () => {
    alter("PRAGMA user_version = 99");
    const before = readFileSync(path);
    expect(open).toThrow(
      `store ${path}: it has schema 99; this widthwise knows up to ${MIGRATIONS.length}: update widthwise, or name another store`,
    );
    expect(open).toThrow(InputError);
    expect(readFileSync(path)).toEqual(before);
  });

  test("of an older one is brought up to date, once, with what it keeps", () => {
    const steps = [...MIGRATIONS, "CREATE TABLE later (x); INSERT INTO later VALUES (1)"];
    for (let time = 0; time < 2; time++) {
      const file = StoreFile.open(path, steps);
      expect(file.all("SELECT x FROM later")).toHaveLength(1);
      expect(file.all("SELECT passes FROM trials")).toEqual([{ passes: 6 }]);
      file.close();
    }
    const [newer, known] = [steps.length, MIGRATIONS.length];
    expect(open).toThrow(`it has schema ${newer}; this widthwise knows up to ${known}`);
  });

  test("that cannot be brought up to date stays as it was", async () => {
    const steps = [...MIGRATIONS, "CREATE TABLE later (x); CREATE TABLE later (x)"];
    expect(() => StoreFile.open(path, steps)).toThrow();
    expect((await read()).record).not.toBeNull();
  });

  test("is marked as ours", () => {
    const database = new Database(path);
    expect(database.prepare("PRAGMA application_id").get([])).toMatchObject({
      application_id: APPLICATION_ID,
    });
    database.close();
  });
});
