// The kill campaign: a process that runs the studies is killed with SIGKILL, again and again, until they are done;
// then a new store, until there were as many kills as are asked for. After each kill the store is examined.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { examine, examineWhole } from "./examine.mjs";
import { start } from "./start.mjs";

/**
 * @typedef {import("./expected.mjs").Expected} Expected
 * @typedef {import("./faults.mjs").Fault} Fault
 * @typedef {import("./process.mjs").Entry} Entry
 */

/**
 * @typedef {object} Tally
 * @property {number} kills
 * @property {number} rounds stores that came to their end
 * @property {number} afterFirstCheckpoint kills that found a trial's checkpoint kept
 * @property {number} inTransaction kills after BEGIN IMMEDIATE and before COMMIT was called
 * @property {number} inCommit kills while COMMIT was under way
 * @property {number} passesTrained and told of by processes
 * @property {number} passesLost of these, not in the store after the kill
 * @property {number} mostPassesLost by one kill
 * @property {number} mostSecondsLost by one kill and trial, of the process's clock, without the last pass
 */

/** Of a process's clock: a commit is due after so many seconds, and only the pass that is under way may be more. */
const MOST_SECONDS = 2;

/** Microseconds that a COMMIT may take on a disk. */
const COMMIT_MICROSECONDS = 5000;

/**
 * Throws AssertionError at the first kill after which anything is not as it should be; it names the seed and
 * leaves the store.
 * @param {object} options
 * @param {number} options.kills
 * @param {number} options.seed of all that is drawn by lot: the moments' places, not the machine's own chances
 * @param {Expected} options.expected
 * @param {(tally: Tally) => void} [options.onKill]
 * @returns {Promise<Tally>}
 */
export async function killCampaign({ kills, seed, expected, onKill }) {
  const random = new NumpyRandomState(seed);
  const life = await uninterrupted(expected);
  const tally = noKills();
  while (tally.kills < kills) {
    const folder = mkdtempSync(join(tmpdir(), "widthwise-kills-"));
    try {
      await round(folder, { kills, expected, random, life, tally, onKill });
    } catch (error) {
      const where = `seed ${seed}, kill ${tally.kills}, round ${tally.rounds + 1}, left in ${folder}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    rmSync(folder, { recursive: true });
  }
  return tally;
}

/** @returns {Tally} */
function noKills() {
  return {
    ...{ kills: 0, rounds: 0, afterFirstCheckpoint: 0, inTransaction: 0, inCommit: 0 },
    ...{ passesTrained: 0, passesLost: 0, mostPassesLost: 0, mostSecondsLost: 0 },
  };
}

/**
 * @typedef {object} Life what there is to be cut short
 * @property {number} milliseconds
 * @property {number} calls
 * @property {number} commits
 */

/**
 * @param {Expected} expected
 * @returns {Promise<Life>}
 */
async function uninterrupted(expected) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-kills-"));
  try {
    const store = join(folder, "store.db");
    const { code, stderr, diary, milliseconds } = await start({ store });
    assert.equal(code, 0, stderr);
    const done = diary.at(-1);
    assert.ok(done?.event === "done");
    assert.deepEqual(done.fingerprints, expected.fingerprints);
    await examineWhole(store, expected);
    return { milliseconds, calls: done.calls, commits: done.commits };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * One store, from nothing to its end.
 * @param {string} folder
 * @param {object} options
 * @param {number} options.kills after which no more are made
 * @param {Expected} options.expected
 * @param {NumpyRandomState} options.random
 * @param {Life} options.life
 * @param {Tally} options.tally
 * @param {((tally: Tally) => void) | undefined} options.onKill
 */
async function round(folder, { kills, expected, random, life, tally, onKill }) {
  const store = join(folder, "store.db");
  const all = sum([...expected.trials.values()].map(({ checkpoints }) => checkpoints.length));
  /** @type {ReadonlyMap<string, number>} */
  let kept = new Map();
  for (let attempt = 1; ; attempt++) {
    const left = 1 - sum([...kept.values()].map((passes) => passes + 1)) / all;
    const { killAfter, fault } = tally.kills < kills ? drawDeath(random, life, left) : NO_DEATH;
    const ended = await start({ store, fault }, { killAfter });
    writeFileSync(join(folder, `diary-${attempt}.json`), JSON.stringify(ended.diary));
    tally.passesTrained += ended.diary.filter(({ event }) => event === "made").length;
    if (ended.code === 0) {
      const done = ended.diary.at(-1);
      assert.ok(done?.event === "done");
      assert.deepEqual(done.fingerprints, expected.fingerprints);
      await examineWhole(store, expected);
      tally.rounds++;
      return;
    }
    assert.equal(
      ended.signal,
      "SIGKILL",
      ended.stderr || `it ended with ${ended.code ?? ended.signal}`,
    );
    const now = await examine(store, expected);
    checkNothingLost(ended.diary, kept, now);
    kept = now;
    count(tally, ended.diary, kept);
    onKill?.(tally);
  }
}

/**
 * @typedef {object} Death
 * @property {number | undefined} killAfter milliseconds
 * @property {Fault | null} fault
 */

/** @type {Death} */
const NO_DEATH = { killAfter: undefined, fault: null };

/**
 * Half of the deaths come from outside, at any moment; a quarter before or after any call of the driver's, and a
 * quarter within a COMMIT.
 * @param {NumpyRandomState} random
 * @param {Life} life
 * @param {number} left share of the work
 * @returns {Death}
 */
function drawDeath(random, { milliseconds, calls, commits }, left) {
  const [kind, place, detail] = [random.random(), random.random(), random.random()];
  // Early rather than late: what comes later is met when the next process has gone on. What is left is never less
  // than opening the store and finding everything there.
  const share = 0.7 * place * Math.max(left, 0.2);
  if (kind < 0.5) return { killAfter: share * milliseconds, fault: null };
  const [at, of] =
    kind < 0.75
      ? /** @type {const} */ (["call", calls])
      : /** @type {const} */ (["commit", commits]);
  const when = at === "commit" ? "within" : detail < 0.5 ? "before" : "after";
  const number = 1 + Math.floor(share * of);
  const microseconds = Math.floor(detail * COMMIT_MICROSECONDS);
  return { killAfter: undefined, fault: { at, number, when, microseconds } };
}

/**
 * @param {readonly Entry[]} diary of the killed process
 * @param {ReadonlyMap<string, number>} before passes kept when it was started
 * @param {ReadonlyMap<string, number>} after
 */
function checkNothingLost(diary, before, after) {
  for (const [key, passes] of before)
    assert.ok((after.get(key) ?? -1) >= passes, `trial ${key} had ${passes} passes, and has fewer`);
  for (const entry of diary) {
    if (entry.event === "kept")
      assert.ok(
        (after.get(entry.key) ?? -1) >= entry.pass,
        `pass ${entry.pass} of trial ${entry.key} was told to be kept, and is not there`,
      );
    if (entry.event === "ended") assert.ok(after.has(entry.key), `trial ${entry.key} is lost`);
    if (entry.event === "together") {
      const there = entry.keys.filter((key) => after.has(key)).length;
      assert.ok(
        there === 0 || there === entry.keys.length,
        `${there} of ${entry.keys.length} trials are there that were to be kept together`,
      );
    }
  }
}

/**
 * @param {Tally} tally
 * @param {readonly Entry[]} diary
 * @param {ReadonlyMap<string, number>} kept
 */
function count(tally, diary, kept) {
  const lost = losses(diary, kept);
  const passes = sum(lost.map((loss) => loss.passes));
  const seconds = Math.max(0, ...lost.map((loss) => loss.seconds));
  assert.ok(seconds < MOST_SECONDS, `${seconds} s of training are lost, the last pass aside`);
  const last = diary.findLast(({ event }) => ["begin", "commit", "committed"].includes(event));
  tally.kills++;
  tally.afterFirstCheckpoint += kept.size > 0 ? 1 : 0;
  tally.inTransaction += last?.event === "begin" ? 1 : 0;
  tally.inCommit += last?.event === "commit" ? 1 : 0;
  tally.passesLost += passes;
  tally.mostPassesLost = Math.max(tally.mostPassesLost, passes);
  tally.mostSecondsLost = Math.max(tally.mostSecondsLost, seconds);
}

/**
 * What the process had made and the store has not: passes, and seconds of training without the last of them.
 * @param {readonly Entry[]} diary
 * @param {ReadonlyMap<string, number>} kept
 */
function losses(diary, kept) {
  /** @type {Map<string, { pass: number, seconds: number }[]>} */
  const made = new Map();
  for (const entry of diary)
    if (entry.event === "made") made.set(entry.key, [...(made.get(entry.key) ?? []), entry]);
  return [...made].map(([key, passes]) => {
    const last = kept.get(key) ?? -1;
    const lost = passes.filter(({ pass }) => pass > last);
    // Where the process went on from the kept pass, it made it not itself.
    const since = passes.find(({ pass }) => pass === last)?.seconds ?? 0;
    return { passes: lost.length, seconds: (lost.at(-2)?.seconds ?? since) - since };
  });
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
