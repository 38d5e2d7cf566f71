// The process that the campaigns kill: runs the studies on a store, through the library, and writes down what it
// does on stdout while it does it. The product is as it is; only this process's clocks are its own, and its driver may
// be told to end the process (faults.mjs).
//
//   node test/reliability/process.mjs '{"store": …, …}'

import console from "node:console";
import { existsSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
// One by one, since the whole product takes several times as long to load, and most processes do not live long.
import { WidthwiseError } from "../../dist/base/errors.js";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { runStudy } from "../../dist/study/run.js";
import { CATALOGUE } from "../../dist/questions/catalogue.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { watchedPool } from "./watched-pool.mjs";
import { arm } from "./faults.mjs";
import { dataset, STUDIES } from "./study.mjs";

/**
 * @typedef {object} Task
 * @property {string} store
 * @property {string | null} gate a file that is waited for before the store is opened
 * @property {number} speed seconds of the process's monotonic clock in one second
 * @property {"forward" | "backward"} calendar how the process's date goes
 * @property {number} calendarOffset milliseconds that it is off at the beginning
 * @property {import("./faults.mjs").Fault | null} fault
 */

/**
 * A line on stdout, in the order in which it happened.
 * @typedef {{ event: "ready" }
 *   | { event: "made", key: string, pass: number, seconds: number }
 *   | { event: "kept", key: string, pass: number }
 *   | { event: "together", keys: readonly string[] }
 *   | { event: "ended", key: string, fingerprint: string }
 *   | { event: "begin" } | { event: "commit" } | { event: "committed" }
 *   | { event: "done", fingerprints: Readonly<Record<string, string>>, calls: number, commits: number }} Entry
 * ready: the store is opened next.
 * made: a pass was trained and evaluated, `seconds` after its trial's training began or went on here.
 * together: these trials are about to be kept, all or none.
 * kept: the store has told that the rows up to the pass are kept.
 * begin, commit, committed: a transaction begins, is about to be committed, is committed.
 */

/** @type {unknown} */
const asked = JSON.parse(process.argv[2]);
const task = /** @type {Task} */ (asked);
/**
 * At once, so that nothing is lost with the process.
 * @param {Entry} entry
 */
const note = (entry) => {
  for (;;) {
    try {
      writeSync(1, `${JSON.stringify(entry)}\n`);
      return;
    } catch (error) {
      // The pipe is full: whoever reads it has not come to it yet.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") throw error;
    }
  }
};

setClocks();
const counts = await arm(task.fault, note);
const data = dataset();
const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
try {
  note({ event: "ready" });
  while (task.gate !== null && !existsSync(task.gate)) await setTimeout(1);
  const store = openStore();
  try {
    /** @type {Record<string, string>} */
    const fingerprints = {};
    for (const study of STUDIES) {
      const result = await runStudy(study, {
        catalogue: CATALOGUE,
        dataset: data,
        pool: watchedPool(
          pool,
          (key, { row, seconds }) => {
            note({ event: "made", key, pass: row.evaluation.pass, seconds });
          },
          (key, { checkpoint: { pass } }) => {
            // By the worker's clock, which is as it is.
            note({ event: "made", key, pass, seconds: 0 });
          },
        ),
        store,
        sha256,
        onEvent: (event) => {
          if (event.kind !== "ended") return;
          const { key, fingerprint } = event.record;
          note({ event: "ended", key, fingerprint });
        },
      });
      fingerprints[study.name] = result.fingerprint;
    }
    note({ event: "done", fingerprints, ...counts });
  } finally {
    await store.close();
  }
} catch (error) {
  if (!(error instanceof WidthwiseError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await pool.close();
}

/** So fast that a commit that is due every two seconds comes every few milliseconds. */
function setClocks() {
  const now = performance.now.bind(performance);
  performance.now = () => task.speed * now();
  const WallDate = Date;
  const began = WallDate.now();
  const date = () => {
    const passed = WallDate.now() - began;
    // An hour back in each second.
    const gone = task.calendar === "forward" ? passed : -3600 * passed;
    return began + task.calendarOffset + gone;
  };
  globalThis.Date = new Proxy(WallDate, {
    /** @type {(target: DateConstructor, when: [] | [string | number]) => Date} */
    construct: (target, [moment = date()]) => new target(moment),
    get: (target, name) =>
      name === "now" ? date : /** @type {unknown} */ (Reflect.get(target, name)),
  });
}

function openStore() {
  const store = new SqliteStore(task.store, {
    sha256,
    trainer: { machine: `process ${process.pid}`, versions: "reliability" },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  const commit = store.commit.bind(store);
  store.commit = async (update) => {
    await commit(update);
    note({ event: "kept", key: update.key, pass: update.checkpoint.pass });
  };
  const keepWhole = store.keepWhole.bind(store);
  store.keepWhole = async (trials) => {
    note({ event: "together", keys: trials.map(({ key }) => key) });
    const records = await keepWhole(trials);
    for (const { key, checkpoint } of trials) note({ event: "kept", key, pass: checkpoint.pass });
    return records;
  };
  return store;
}
