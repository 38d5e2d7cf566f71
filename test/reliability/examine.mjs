// Examines what a process has left of a store: with SQLite's own checks and with the product's readers, row by
// row against the uninterrupted run. Works on a copy, since whoever opens a store first repairs it.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import Database from "libsql";
import { sha256, SqliteStore } from "../../dist/node.js";
import { checkpointDigest } from "./expected.mjs";

/** @typedef {import("./expected.mjs").Expected} Expected */

/** What SQLite keeps beside a database: what a killed process has written and not put in its place yet. */
const SIDES = ["", "-wal", "-journal"];

/**
 * Passes kept of each trial, by key. Throws AssertionError where anything is not as the uninterrupted run has it.
 * @param {string} path
 * @param {Expected} expected
 * @returns {Promise<ReadonlyMap<string, number>>}
 */
export async function examine(path, expected) {
  return onCopy(path, async (copy) => {
    if (!existsSync(copy)) return new Map();
    checkFile(copy);
    return await checkContent(copy, expected);
  });
}

/**
 * The studies are answered, and no process uses the store: every trial that they ask for is whole, and nothing else
 * is there, nor beside it.
 * @param {string} path
 * @param {Expected} expected
 */
export async function examineWhole(path, expected) {
  const beside = readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)));
  assert.deepEqual(beside, [basename(path)], "something is left beside the store");
  const kept = await examine(path, expected);
  for (const [key, { record }] of expected.trials)
    assert.equal(kept.get(key), record.trajectory.length - 1, `trial ${key} is not whole`);
  await onCopy(path, (copy) =>
    reading(copy, async (store) => {
      const studies = await store.studies();
      const fingerprints = studies.map(({ name, fingerprint }) => [name, fingerprint]);
      assert.deepEqual(Object.fromEntries(fingerprints), expected.fingerprints);
      for (const { id } of studies) {
        const study = await store.study(id);
        for (const { key, passes } of study?.trials ?? []) {
          const record = await store.get(key, passes);
          assert.ok(record, `a study's trial ${key} is not there with ${passes} passes`);
          const trained = record.trajectory.length - 1;
          assert.ok(
            await store.parameters(key, trained),
            `trial ${key}: no weights after ${trained} passes`,
          );
        }
      }
    }),
  );
}

/**
 * @template Result
 * @param {string} path
 * @param {(copy: string) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function onCopy(path, work) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-examined-"));
  try {
    const copy = join(folder, basename(path));
    for (const side of SIDES) if (existsSync(path + side)) cpSync(path + side, copy + side);
    return await work(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} path */
function checkFile(path) {
  const database = new Database(path);
  try {
    assert.deepEqual(database.prepare("PRAGMA integrity_check").all([]), [
      { integrity_check: "ok" },
    ]);
    assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all([]), []);
  } finally {
    database.close();
  }
}

/**
 * @param {string} path
 * @param {Expected} expected
 */
async function checkContent(path, { trials }) {
  /** @type {Map<string, number>} */
  const kept = new Map();
  await reading(path, async (store) => {
    assert.deepEqual(await store.gaps(), []);
    for (const { key, passes } of await store.trials()) {
      assert.ok(!kept.has(key), `trial ${key} is there twice`);
      kept.set(key, passes);
      const uninterrupted = trials.get(key);
      assert.ok(uninterrupted, `nobody asked for trial ${key}`);
      const beginning = await store.resume(key);
      assert.ok(beginning, `trial ${key} cannot go on`);
      const { record, checkpoint } = beginning;
      const { trajectory, running_averages } = uninterrupted.record;
      assert.deepEqual(record.trajectory, trajectory.slice(0, passes + 1));
      assert.deepEqual(
        record.running_averages,
        uninterrupted.record.running_averages.slice(0, record.running_averages.length),
      );
      assert.equal(
        record.fingerprint,
        record.ending.kind === "diverged"
          ? uninterrupted.record.fingerprint
          : trajectory[passes].fingerprint,
      );
      if (record.ending.kind === "diverged")
        assert.deepEqual(record.ending, uninterrupted.record.ending);
      const { data, training } = record.specification;
      const steps = Math.ceil(data.train_examples / (training.batch ?? 1));
      assert.equal(
        record.running_averages.length,
        passes === trajectory.length - 1
          ? running_averages.length
          : Math.floor((passes * steps) / 100),
      );
      assert.equal(checkpoint.pass, passes);
      assert.equal(checkpointDigest(checkpoint), uninterrupted.checkpoints[passes]);
      // Stretches follow each other: no pass was trained into the store twice, and none is missing.
      let trained = 0;
      for (const { from, to } of await store.sittings(key)) {
        assert.equal(from, trained, `trial ${key}: sittings do not follow each other`);
        trained = to;
      }
      assert.equal(trained, passes);
    }
  });
  return kept;
}

/**
 * @param {string} path
 * @param {(store: SqliteStore) => Promise<void>} read
 */
async function reading(path, read) {
  const store = new SqliteStore(path, {
    sha256,
    trainer: { machine: "", versions: "" },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  try {
    await read(store);
  } finally {
    await store.close();
  }
}
