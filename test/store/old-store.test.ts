// A store that an earlier widthwise made is brought up to date, and what is kept in it is used, not trained again.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { effects, type Effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";
import { MIGRATIONS } from "../../src/records/sqlite/schema.ts";
import { stage } from "../cli/fakes.ts";
import { openPool } from "../support/pool.ts";
import { IDLE_POOL } from "../support/pools.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/old-store/", import.meta.url));
const HOMEWORK = ["homework", "--widths", "8"];

const folder = mkdtempSync(join(tmpdir(), "widthwise-old-store-"));
const path = join(folder, "store.db");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command on the store; without another pool, nothing may be trained. */
async function widthwise(args: readonly string[], createPool?: Effects["createPool"]) {
  const inner = stage({
    ...effects,
    createPool: createPool ?? (() => Promise.resolve(IDLE_POOL)),
  });
  const code = await main([...args, "--store", path], inner.context);
  return { code, out: inner.out(), err: inner.err() };
}

async function run(args: readonly string[], createPool?: Effects["createPool"]) {
  const out = join(folder, "run");
  const {
    code,
    out: printed,
    err,
  } = await widthwise(["run", ...args, "--out", out, "--json"], createPool);
  expect(code, err).toBe(0);
  return { summary: JSON.parse(printed) as Record<string, unknown>, err };
}

function schemaAfter(sql: string): number {
  const database = new Database(path);
  database.exec(sql);
  const { user_version } = database.prepare("PRAGMA user_version").get() as {
    user_version: number;
  };
  database.close();
  return user_version;
}

/** The fixture's schema, and the one before, which had no totals. */
const SCHEMAS: readonly [number, string][] = [
  [2, ""],
  [1, "DROP TABLE totals; PRAGMA user_version = 1"],
];

describe.each(SCHEMAS)("a store of schema %i", (schema, downgrade) => {
  beforeEach(() => {
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    copyFileSync(join(FIXTURE, "store.db"), path);
    expect(schemaAfter(downgrade)).toBe(schema);
  });

  test("is brought up to date as soon as it is opened, and lists what it has", async () => {
    const { code, out, err } = await widthwise(["list"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^seeds +0b3280908273 .* 4\/4 +finished/m);
    expect(out).toMatch(/^homework +734c0b6ae2af .* 4\/4 +finished/m);
    expect(schemaAfter("")).toBe(MIGRATIONS.length);
  });

  test.each([
    ["homework", [...HOMEWORK, "--passes", "2"]],
    ["seeds", [join(FIXTURE, "seeds.yaml")]],
  ])("answers %s as it was answered, without training", async (name, args) => {
    const printed = JSON.parse(readFileSync(join(FIXTURE, `${name}.json`), "utf8")) as object;
    expect((await run(args)).summary).toMatchObject(printed);
  });

  test("shows a trial in full", async () => {
    const { code, out } = await widthwise(["show", "a726fb7aec9c", "--json"]);
    expect(code).toBe(0);
    expect(out).toContain("025b4567cab1e3e5ff4909a925b1286b55a0c1748720186dd94e3ce5a9f07599");
  });

  test("its trials go on from the weights that it has, to the same bits", async () => {
    const { pool } = await openPool();
    const { summary, err } = await run([...HOMEWORK, "--passes", "3"], () => Promise.resolve(pool));
    expect(err).toContain("width 8: goes on from pass 2 of 3");
    expect(summary.fingerprint).toBe(
      "84ae093fbc429e7527e4fafc90750204fdf244d405df8a62c12f05b7c57fb045",
    );
  });

  test("nothing is missed in it, and nothing is damaged", async () => {
    const { pool } = await openPool();
    const { code, out } = await widthwise(["verify", "--all"], () => Promise.resolve(pool));
    expect([code, out]).toEqual([0, "8 of 8 trials match to the bit\n"]);
  });
});
