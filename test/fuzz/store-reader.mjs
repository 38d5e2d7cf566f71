// A record store as a reader: SQLite files with the write-ahead log that a killed process leaves, mutated, then opened
// and read to the end, and written to. What comes out must be what went in: damage is told, never used.

import { Buffer } from "node:buffer";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import Database from "libsql";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { trialKey } from "../../dist/records/fingerprint.js";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { hex, utf8 } from "../../dist/base/sha256.js";
import { mutateBytes } from "./mutate-bytes.mjs";

/** Memory, where the system has such a place: a hundred thousand stores wear a disk. */
const ROOM = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const TRAINER = { machine: "a machine", versions: "some versions" };

/** First check: SQLite opens it as a store, and tells its studies. */
export function store() {
  const folder = mkdtempSync(join(ROOM, "widthwise-fuzz-"));
  const seeds = templates(folder);
  let inputs = 0;
  /**
   * A new file for each input: what a connection still has open is no place for other bytes.
   * @template Result
   * @param {Uint8Array} bytes
   * @param {(path: string) => Promise<Result>} act
   */
  const withFile = async (bytes, act) => {
    const path = join(folder, `${++inputs}.db`);
    place(path, bytes);
    try {
      return await act(path);
    } finally {
      for (const ending of ["", "-wal", "-shm", "-journal"]) rmSync(path + ending, { force: true });
    }
  };
  return {
    share: 0.02,
    /** @param {import("./random.mjs").Random} random */
    make(random) {
      const { database, log } = random.pick(seeds);
      const other = random.pick(seeds);
      const isLog = log.length > 0 && random.chance(0.5);
      return joined(
        isLog ? database : mutatePages(database, random, other.database),
        isLog ? mutateBytes(log, random, other.log) : log,
      );
    },
    /**
     * @param {Uint8Array} bytes
     * @param {(message: string) => void} tell
     */
    read(bytes, tell) {
      return withFile(bytes, async (path) => {
        const kept = open(path, tell);
        try {
          await readAll(kept);
          await kept.plan(plan("again", [2]));
          await kept.commit(update(9, 0, 1));
        } finally {
          await kept.close();
        }
      });
    },
    /** @param {Uint8Array} bytes */
    passesFirst(bytes) {
      return withFile(bytes, async (path) => {
        try {
          const kept = open(path, () => undefined);
          await kept.studies().finally(() => kept.close());
          return true;
        } catch {
          return false;
        }
      });
    },
    close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param {SqliteStore} kept */
async function readAll(kept) {
  for (const { id } of await kept.studies()) await kept.study(id);
  for (const { key, passes } of await kept.trials()) {
    const record = await kept.get(key, passes);
    if (record !== null) compare(record, await kept.resume(key));
    for (const pass of [0, 1, passes]) await kept.parameters(key, pass);
    await kept.sittings(key);
  }
}

/**
 * Throws unless a record is what was kept.
 * @param {import("../../dist/records/record.js").TrialRecord} record
 * @param {import("../../dist/records/record.js").ResumePoint | null} beginning
 */
function compare({ specification, trajectory, running_averages }, beginning) {
  const { streams } = specification;
  const seed = streams.kind === "named" ? streams.seed : -1;
  const expected = update(seed, 0, trajectory.length - 1);
  const found = [trajectory, running_averages, beginning?.checkpoint ?? null];
  const wanted = [
    expected.rows.map(({ evaluation }) => evaluation),
    expected.rows.flatMap(({ averages }) => averages),
    beginning === null ? null : expected.checkpoint,
  ];
  if (!isDeepStrictEqual(found, wanted)) {
    throw new Error(`what was altered is used: ${inspect(found, { depth: null })}`);
  }
}

/**
 * @param {string} path
 * @param {(message: string) => void} onDamage
 */
function open(path, onDamage) {
  return new SqliteStore(path, { sha256, trainer: TRAINER, onDamage });
}

/**
 * Valid stores: one that is whole in its file, one with gaps, and one whose last commits are in its log alone.
 * @param {string} folder
 */
function templates(folder) {
  return [0, 1, 2].map((number) => {
    const path = join(folder, `template-${number}.db`);
    const kept = open(path, () => undefined);
    const settle = () => new Database(path).pragma("wal_checkpoint(TRUNCATE)");
    // The driver works at once; the promises are settled.
    void kept.plan(plan("first", [0, 1, 2]));
    for (const seed of [0, 1, 2]) void kept.commit(update(seed, 0, 4));
    void kept.finish(plan("first", [0, 1, 2]).id, "ab".repeat(32));
    if (number === 2) settle();
    if (number > 0) {
      void kept.commit(update(1, 0, 0));
      void kept.commit(update(1, 1, 3));
    }
    if (number < 2) settle();
    const seed = { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
    void kept.close();
    return seed;
  });
}

/**
 * Most mutations fall into one page, so that the rest of the file can still be read.
 * @param {Buffer} database
 * @param {import("./random.mjs").Random} random
 * @param {Buffer} other
 */
function mutatePages(database, random, other) {
  const PAGE = 4096;
  if (random.chance(0.25) || database.length < PAGE) return mutateBytes(database, random, other);
  const at = random.below(Math.floor(database.length / PAGE)) * PAGE;
  const page = mutateBytes(database.subarray(at, at + PAGE), random, other);
  const result = Buffer.from(database);
  result.set(page.subarray(0, PAGE), at);
  return result;
}

/**
 * @param {Uint8Array} database
 * @param {Uint8Array} log
 */
function joined(database, log) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(database.length);
  return Buffer.concat([length, database, log]);
}

/**
 * @param {string} path
 * @param {Uint8Array} bytes
 */
function place(path, bytes) {
  const length = Buffer.from(bytes).readUInt32LE();
  writeFileSync(path, bytes.subarray(4, 4 + length));
  if (bytes.length > 4 + length) writeFileSync(`${path}-wal`, bytes.subarray(4 + length));
}

/**
 * @param {string} name
 * @param {readonly number[]} seeds
 * @returns {import("../../dist/records/store.js").StudyPlan}
 */
function plan(name, seeds) {
  return {
    id: hex(sha256(utf8(name))),
    name,
    specification: JSON.stringify({ name }),
    dataset: { name: "noise", digest: "ab".repeat(32), train_examples: 1000 },
    trials: seeds.map((seed) => ({
      key: trialKey(specification(seed), sha256),
      passes: 4,
      role: "sweep",
      point: { values: { width: 3 }, seed },
    })),
  };
}

/**
 * @param {number} seed
 * @returns {import("../../dist/model/trial.js").TrialSpecification}
 */
function specification(seed) {
  return {
    numerics: 1,
    data: { dataset: "ab".repeat(32), train_examples: 250 },
    model: { hidden: [3], init_std: 1e-6 },
    training: { learning_rate: 0.005, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
  };
}

/**
 * Passes `from` to `to` of the trial with this seed: numbers that nobody trained, the same each time.
 * @param {number} seed
 * @param {number} from
 * @param {number} to
 * @returns {import("../../dist/records/store.js").TrialUpdate}
 */
function update(seed, from, to) {
  const order = new NumpyRandomState(seed);
  order.randints(7, to);
  const averages = (/** @type {number} */ pass) => Math.floor((250 * pass) / 100);
  const rows = Array.from({ length: to - from + 1 }, (_, index) => {
    const pass = from + index;
    const score = { objective: pass === 2 ? NaN : seed + 1 / (pass + 1), correct: pass };
    const count = pass === 0 ? 0 : averages(pass) - averages(pass - 1);
    return {
      evaluation: {
        pass,
        train: { ...score, examples: 250 },
        test: { ...score, examples: 20 },
        fingerprint: hex(sha256(utf8(`${seed} ${pass}`))),
      },
      averages: Array.from({ length: count }, (_, i) => pass + i / 3),
    };
  });
  const floats = (/** @type {number} */ length) =>
    Float32Array.from({ length }, (_, index) => seed + to / (index + 1));
  return {
    key: trialKey(specification(seed), sha256),
    specification: specification(seed),
    rows,
    ending: { kind: "finished" },
    fingerprint: rows[rows.length - 1].evaluation.fingerprint,
    checkpoint: {
      pass: to,
      parameters: { weights: [floats(12), floats(6)], biases: [floats(3), floats(2)] },
      state: [],
      order: order.snapshot(),
      average: to / 7,
    },
    since: from === 0 ? 0 : from - 1,
    seconds: 1,
  };
}
