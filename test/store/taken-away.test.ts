// What a run says where others take its study, its trials or the whole store away while it is writing.

import { EventEmitter, once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";
import { poolOf } from "../support/pools.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import type { NodePool } from "../../src/pool/node/node-pool.ts";
import { stage } from "../cli/fakes.ts";
import { update, recordOf } from "../support/updates.ts";

const STUDY = `
name: small
question: Is it kept?
dataset: { name: fashion-mnist, fraction: 0.5 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 3 }
sweep: { width: [2, 3, 4] }
streams: { kind: named, seeds: [1] }
`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "widthwise-taken-"));
  path = join(folder, "store.db");
  writeFileSync(join(folder, "small.yaml"), STUDY);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(): SqliteStore {
  const trainer = { machine: "", versions: "" };
  return new SqliteStore(path, { sha256, trainer, onDamage: () => undefined });
}

/** Makes up trials, one after the other; `meddle` comes between the last two, or before the last one's end. */
async function run(meddle: () => Promise<void> | void, when: "between" | "within" = "between") {
  let trials = 0;
  let last = Promise.resolve();
  const made = poolOf(async function* ({ passes }) {
    const isLast = ++trials === 3;
    if (isLast && when === "between") await meddle();
    for (let pass = 0; pass <= passes; pass++) {
      const { rows, checkpoint } = update(pass, pass);
      yield { row: rows[0], checkpoint, seconds: 3 * pass };
      if (isLast && pass === 1 && when === "within") await meddle();
    }
    return { ending: { kind: "finished" }, fingerprint: recordOf(passes).fingerprint };
  });
  const pool: NodePool = {
    ...made,
    async turn(trial, options) {
      const before = last;
      const ended = new EventEmitter();
      last = once(ended, "end").then(() => undefined);
      await before;
      return { ...(await made.turn(trial, options)), end: () => ended.emit("end") };
    },
  };
  const { context, err } = stage({
    openStore: (...opened) => effects.openStore(...opened),
    createPool: () => Promise.resolve(pool),
    runStudy: (...asked) => effects.runStudy(...asked),
  });
  const words = ["run", join(folder, "small.yaml"), "--out", join(folder, "out")];
  const code = await main([...words, "--store", path], context);
  return { code, told: err().trimEnd().split("\n").at(-1) };
}

/** As `widthwise remove small` and, where it is asked for, `widthwise gc`. */
async function remove(isCollected: boolean): Promise<void> {
  const store = open();
  for (const { id } of await store.studies()) await store.removeStudy(id);
  if (isCollected) expect((await store.collect()).trials).toBe(2);
  await store.close();
}

test("nothing is said where nothing happens", async () => {
  expect((await run(() => undefined)).code).toBe(0);
  expect((await run(() => undefined)).code).toBe(0);
});

test.each([
  ["removes the study", () => remove(false)],
  ["removes the study and collects its trials", () => remove(true)],
])("one who %s", async (_, meddle) => {
  expect(await run(meddle)).toEqual({
    code: 1,
    told: "study small: it was taken out of the store while it ran; run it again, which trains what is not kept",
  });
  expect((await run(() => undefined)).code).toBe(0);
});

test("one who removes a trial that is done", async () => {
  const { code, told } = await run(async () => {
    const store = open();
    const [{ key }] = await store.trials();
    await store.removeTrial(key);
    await store.close();
  });
  expect(code).toBe(1);
  expect(told).toMatch(
    /^study small: one of its trials was taken out of the store while it ran; run/,
  );
});

const unlink = (sides = ["", "-wal", "-shm"]) => {
  for (const side of sides) rmSync(path + side, { force: true });
};

test.each([
  ["the file between trials", "between", undefined],
  ["the file within a trial", "within", undefined],
  ["the file without its log", "within", [""]],
] as const)("one who unlinks %s", async (_, when, sides) => {
  const meddle = () => {
    unlink(sides && [...sides]);
  };
  expect(await run(meddle, when)).toEqual({
    code: 1,
    told: `store ${path}: its file was removed while it was used, so what this process trained is not kept; run again`,
  });
  expect(existsSync(path)).toBe(false);
  expect((await run(() => undefined)).code).toBe(0);
});

test.each(["between", "within"] as const)("one who replaces the file %s trials", async (when) => {
  const other = join(folder, "other.db");
  const replace = async () => {
    const store = open();
    await store.close();
    copyFileSync(path, other);
    unlink();
    renameSync(other, path);
  };
  const { code, told } = await run(replace, when);
  expect(code).toBe(1);
  expect(told).toMatch(/: its file was replaced by another one while it was used, so what this/);
});
