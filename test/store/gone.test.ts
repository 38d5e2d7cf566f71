// What `widthwise verify` says of stores from which something is gone, taken out as another program might.

import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import { MIGRATIONS } from "../../src/records/sqlite/schema.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { StoreFile } from "../../src/records/sqlite/store-file.node.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { compareAndKeep } from "../../src/study/checks/compare-fresh.ts";
import { poolOfRecords } from "../support/pools.ts";
import { stage } from "../cli/fakes.ts";
import { chained, keyOf, plan } from "../support/updates.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-gone-"));
const [whole, path] = [join(folder, "whole.db"), join(folder, "store.db")];
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Two answered studies, of which one asks for fewer passes of a trial, and one that is not answered. */
const LONG = plan(8, [1, 2]);
const BRIEF = { ...plan(4, [1]), name: "brief" };
const OPEN = { ...plan(9, [1, 7]), name: "open" };

function open(at: string): SqliteStore {
  return new SqliteStore(at, {
    sha256,
    trainer: { machine: "", versions: "" },
    onDamage: () => undefined,
  });
}

/** As runs of the three studies do, which train what is not there. */
async function run(at: string): Promise<void> {
  const store = open(at);
  for (const study of [BRIEF, LONG, OPEN]) await store.plan(study);
  for (const [seed, passes] of [
    [1, 4],
    [1, 8],
    [2, 8],
  ] as const) {
    if ((await store.get(keyOf(seed), passes)) !== null) continue;
    const kept = (await store.resume(keyOf(seed)))?.checkpoint.pass ?? -1;
    const { rows, ...update } = chained(passes, seed);
    await store.commit({ ...update, rows: rows.slice(kept + 1), since: Math.max(0, kept) });
  }
  for (const { id } of [BRIEF, LONG]) await store.finish(id, "ab".repeat(32));
  await store.close();
}

/** As runs of the answered studies with --fresh do. */
async function runFresh(at: string): Promise<void> {
  const store = open(at);
  for (const study of [BRIEF, LONG]) {
    const fresh = new MemoryStore();
    await fresh.plan(study);
    for (const { passes, point } of study.trials)
      await fresh.commit(chained(passes, point.seed ?? 0));
    expect((await compareAndKeep(study.id, fresh, store)).differences).toEqual([]);
  }
  await store.close();
}

/** Trains what was made up. */
const pool = poolOfRecords(({ specification: { streams }, passes }) => {
  const made = chained(passes, streams.kind === "named" ? streams.seed : 0);
  const trajectory = made.rows.map(({ evaluation }) => evaluation);
  return { ...made, trajectory, running_averages: [] };
});

async function widthwise(...args: string[]) {
  const inner = stage();
  const { context, out, err } = stage({
    openStore: (...opened) => effects.openStore(...opened),
    createPool: () => Promise.resolve(pool),
    async loadDataset(named, options) {
      const { dataset, origin } = await inner.context.effects.loadDataset(named, options);
      return { origin, dataset: { ...dataset, digest: "ab".repeat(32) } };
    },
  });
  const code = await main([...args, "--store", path], context);
  return { code, out: out(), err: err() };
}

function alter(sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

beforeAll(() => run(whole));
beforeEach(() => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  copyFileSync(whole, path);
});

test("nothing is gone from a store that nobody has altered", async () => {
  const { code, out } = await widthwise("verify", "--all");
  expect([code, out]).toEqual([0, "2 of 2 trials match to the bit\n"]);
});

describe.each(["ON", "OFF"])("with foreign keys %s", (keys) => {
  test.each([
    ["all trials", "trials", /it kept 2 trials, and 0 are there/],
    ["a trial", "trials WHERE id = 1", /it kept 2 trials, and 1 are there/],
    ["all passes", "evaluations", /the list of its passes|pass 8 is damaged/],
    ["the last pass", "evaluations WHERE pass = 8", /pass 8 is damaged/],
    ["a pass", "evaluations WHERE pass = 3", /the list of its passes is damaged/],
    ["all checkpoints", "snapshots", /weights after its last pass, 8, are gone/],
    ["a trial's newest checkpoint", "snapshots WHERE pass = 8", /last pass, 8, are gone/],
    ["weights for a study", "snapshots WHERE pass = 4", /it kept 3 sets of weights, and 2 are/],
    ["all sittings", "stretches", /the list of its sittings of training is damaged/],
    ["a first sitting", "stretches WHERE to_pass = 4", /list of its sittings of training is dam/],
    ["a last sitting", "stretches WHERE from_pass = 4", /list of its sittings of training is da/],
    ["all studies", "studies", /it kept 3 studies, and 0 are there/],
    ["a study", "studies WHERE name = 'mine'", /it kept 3 studies, and 2 are there/],
    ["all plans", "study_trials", /the list of its trials is damaged/],
    ["a study's trial", "study_trials WHERE passes = 9", /the list of its trials is damaged/],
    ["the count itself", "totals", /its count of what it keeps is gone/],
  ])("%s: it is missed, and mended by runs and gc", async (_, rows, sentence) => {
    alter(`PRAGMA foreign_keys = ${keys}; DELETE FROM ${rows}`);
    const { code, err } = await widthwise("verify", "--all");
    expect(err).toMatch(sentence);
    expect(code).toBe(1);
    for (const line of err.trimEnd().split("\n")) expect(line).toMatch(/^(store|study|trial) /);

    await run(path);
    const collected = await widthwise("gc");
    expect(collected.code).toBe(0);
    // Weights of passes that are kept come back by --fresh alone.
    if (rows.startsWith("snapshots")) await runFresh(path);
    expect(await widthwise("verify", "--all")).toMatchObject({ code: 0 });
  });
});

test.each(["evaluations", "snapshots", "stretches"])(
  "%s of a trial that is gone are told, and not mixed up with the next one's",
  async (table) => {
    alter("PRAGMA foreign_keys = OFF; DELETE FROM trials WHERE id = 2");
    const { code, err } = await widthwise("verify");
    expect(code).toBe(1);
    expect(err).toMatch(/passes of trials that are gone: 9; /);
    expect(err).toMatch(/sets of weights of trials that are gone: 1; /);
    expect(err).toMatch(/sittings of trials that are gone: 1; /);
    await run(path);
    const orphans = new Database(path)
      .prepare(`SELECT count(*) AS found FROM ${table} WHERE trial NOT IN (SELECT id FROM trials)`)
      .get([]);
    expect(orphans).toMatchObject({ found: 0 });
  },
);

test("gc tells of what has vanished before it counts anew", async () => {
  alter("PRAGMA foreign_keys = ON; DELETE FROM trials WHERE id = 2");
  expect((await widthwise("gc")).err).toMatch(
    /it kept 2 trials, and 1 are there; run your studies/,
  );
  expect((await widthwise("gc")).err).toBe("");
});

/** Of all that is kept: trials and their weights. */
async function kept(): Promise<unknown> {
  const store = open(path);
  const trials = (await store.trials()).map(({ key, weights }) => [key, weights]);
  await store.close();
  return trials;
}

const ALL = [
  [keyOf(1), [4, 8]],
  [keyOf(2), [8]],
];
const named = ({ name, id }: typeof BRIEF) => `${name} ${id.slice(0, 12)}`;

describe("gc leaves trials and weights where it cannot know who asks for them", () => {
  test.each([
    ["plans", "DELETE FROM study_trials WHERE position = 0", [OPEN, LONG, BRIEF]],
    ["a plan", "DELETE FROM study_trials WHERE passes = 4", [BRIEF]],
    ["a trial of a plan", "UPDATE study_trials SET key = '00' WHERE passes = 4", [BRIEF]],
    ["a row", "UPDATE studies SET created = 'x' WHERE name = 'brief'", [BRIEF]],
  ])("%s damaged: as long as it is", async (_, sql, studies) => {
    alter(sql);
    for (let time = 0; time < 2; time++) {
      const { code, out, err } = await widthwise("gc");
      expect([code, out, err.trimEnd().split("\n").at(-1)]).toEqual([
        1,
        "",
        `store ${path}: nothing was removed, since what these studies ask for is damaged: ${studies.map(named).join(", ")}; run them again, or widthwise remove them by these ids, then widthwise gc`,
      ]);
      expect(await kept()).toEqual(ALL);
    }
    await run(path);
    expect((await widthwise("gc")).code).toBe(0);
    expect(await kept()).toEqual(ALL);
  });

  test.each([
    ["row", "UPDATE studies SET name = 'x', created = 'x' WHERE name = 'brief'"],
    ["plan", "DELETE FROM study_trials WHERE passes = 4"],
    ["id", "UPDATE studies SET id = 'x' WHERE name = 'brief'"],
  ])("a damaged %s: until the study is removed", async (what, sql) => {
    alter(sql);
    const id = what === "id" ? "x" : BRIEF.id.slice(0, 12);
    const dry = await widthwise("remove", id, "--dry-run");
    expect(dry.out).toBe(`would remove study ${what === "row" ? "x" : "brief"} ${id} (damaged)\n`);
    expect((await widthwise("gc")).code).toBe(1);
    expect((await widthwise("remove", id)).code).toBe(0);
    expect((await widthwise("gc")).code).toBe(0);
    expect(await kept()).toEqual([
      [keyOf(1), [8]],
      [keyOf(2), [8]],
    ]);
    expect((await widthwise("verify")).code).toBe(0);
  });

  test.each([
    ["all studies", "DELETE FROM studies", "trials: 2, sets of weights: 0", []],
    [
      "all studies, whose plans stay,",
      "PRAGMA foreign_keys = OFF; DELETE FROM studies",
      "trials: 2, sets of weights: 0",
      [],
    ],
    [
      "a study",
      "DELETE FROM studies WHERE name = 'brief'",
      "trials: 0, sets of weights: 1",
      [
        [keyOf(1), [8]],
        [keyOf(2), [8]],
      ],
    ],
    [
      "all studies, whose plans stay, with the count made to fit,",
      "PRAGMA foreign_keys = OFF; DELETE FROM studies; UPDATE totals SET studies = 0",
      "trials: 2, sets of weights: 0",
      [],
    ],
    [
      "the count with all studies",
      "DELETE FROM studies; DELETE FROM totals",
      "trials: 2, sets of weights: 0",
      [],
    ],
  ])("%s gone: once", async (_, sql, what, left) => {
    alter(`PRAGMA foreign_keys = ON; ${sql}`);
    const { code, out, err } = await widthwise("gc");
    expect([code, out, err.trimEnd().split("\n").at(-1)]).toEqual([
      1,
      "",
      `store ${path}: nothing was removed, since studies are gone that may have asked for what no study asks for now (${what}); run them again to keep it: studies are counted anew now, and the next widthwise gc removes what none asks for`,
    ]);
    expect(await kept()).toEqual(ALL);
    expect((await widthwise("gc")).code).toBe(0);
    expect(await kept()).toEqual(left);
  });
});

test("a study whose row is damaged is not said to be none as well", async () => {
  alter("UPDATE studies SET created = 'x' WHERE name = 'brief'");
  const { code, err } = await widthwise("verify", "brief");
  expect([code, err]).toEqual([
    1,
    `store ${path}: study ${BRIEF.id.slice(0, 12)}: its row is damaged; it counts as not there\n`,
  ]);
});

test("a trial that a study rests on and that was removed is asked for again", async () => {
  await widthwise("remove", keyOf(2));
  const { code, err } = await widthwise("verify", "mine");
  expect([code, err.split("\n").at(-2)]).toEqual([
    1,
    `study mine ${LONG.id.slice(0, 12)}: its trial ${keyOf(2).slice(0, 12)} (width 2, seed 2) is not kept; run the study again to have it trained`,
  ]);
  expect((await widthwise("verify", "brief")).code).toBe(0);
  await run(path);
  expect((await widthwise("verify")).code).toBe(0);
});

test("a study's trial that has fewer passes than it had is missed", async () => {
  const store = open(path);
  await store.commit(chained(5, 2));
  await store.close();
  expect((await widthwise("verify")).err).toMatch(/seed 2\) is kept for 5 of 8 passes; run the st/);
});

test.each([
  ["row", "UPDATE studies SET created = 'x' WHERE name = 'brief'", "its row is damaged"],
  ["name", "UPDATE studies SET name = 'grief' WHERE name = 'brief'", "its row is damaged"],
  ["plan", "UPDATE study_trials SET passes = 5 WHERE passes = 4", "its trial 1 is damaged"],
  ["row that is gone", "DELETE FROM studies WHERE name = 'brief'", "it kept 3 studies, and 2 are"],
])("a damaged study's %s ends with 1, and is told", async (_, sql, sentence) => {
  alter(sql);
  for (const words of [["brief"], []]) {
    const { code, err } = await widthwise("verify", ...words);
    expect(err).toContain(sentence);
    expect(code).toBe(1);
  }
});

describe("a store of the first schema", () => {
  beforeEach(() => {
    rmSync(path);
    StoreFile.open(path, MIGRATIONS.slice(0, 1)).close();
    const tables = ["trials", "evaluations", "snapshots", "stretches", "studies", "study_trials"];
    const database = new Database(path);
    database.exec(`ATTACH '${whole}' AS newer`);
    for (const table of tables) {
      // Columns that came later are left behind.
      const known = database.prepare(`SELECT name FROM pragma_table_info('${table}', 'main')`);
      const columns = (known.all([]) as { name: string }[]).map(({ name }) => name).join();
      database.exec(`INSERT INTO main.${table} SELECT ${columns} FROM newer.${table}`);
    }
    database.close();
  });

  test("is counted when it is opened", async () => {
    expect(await widthwise("verify", "--all")).toMatchObject({ code: 0 });
    alter("PRAGMA foreign_keys = ON; DELETE FROM trials WHERE id = 1");
    expect((await widthwise("verify")).err).toMatch(/it kept 2 trials, and 1 are there/);
  });

  test("goes on with what it keeps", async () => {
    await run(path);
    const store = open(path);
    expect((await store.trials()).map(({ passes, weights }) => [passes, weights])).toEqual([
      [8, [4, 8]],
      [8, [8]],
    ]);
    expect(await store.gaps()).toEqual([]);
    await store.close();
  });
});

test("the count keeps step with what runs, remove and gc do", async () => {
  const store = open(path);
  await store.commit(chained(3, 5));
  await store.commit(chained(4, 5));
  await store.removeTrial(keyOf(2));
  await store.removeTrial(keyOf(2));
  await store.removeStudy(OPEN.id);
  await store.addCheckpoint(keyOf(1), chained(3, 1).checkpoint);
  await store.addCheckpoint(keyOf(1), chained(3, 1).checkpoint);
  await store.plan(BRIEF);
  expect(await store.gaps()).toEqual([]);
  expect(await store.collect()).toMatchObject({ trials: 1, weights: 1 });
  expect(await store.gaps()).toEqual([]);
  await store.close();
});
