// Ends this process with SIGKILL at a chosen call of the SQLite driver: the faults that a kill from outside seldom
// meets. Wraps the driver's methods in this process alone. Also notes where transactions begin and end.

import { once } from "node:events";
import process from "node:process";
import { URL } from "node:url";
import { Worker } from "node:worker_threads";
import Database from "libsql";

/**
 * @typedef {object} Fault
 * @property {"call" | "commit"} at what is counted: every statement that is run (those of locks too), or COMMIT
 * @property {number} number from 1
 * @property {"before" | "within" | "after"} when
 * @property {number} microseconds into the call, where it is within
 */

/**
 * @typedef {object} Counts of what the process has asked its driver for
 * @property {number} calls
 * @property {number} commits
 */

/** Waits, without a pause, until it is time; a thread of its own, since the driver's calls block theirs. */
const KILLER = `
  import { parentPort, workerData } from "node:worker_threads";
  const { flag, microseconds } = workerData;
  parentPort.postMessage("waiting");
  Atomics.wait(flag, 0, 0);
  const began = process.hrtime.bigint();
  while (process.hrtime.bigint() - began < 1000n * BigInt(microseconds));
  process.kill(process.pid, "SIGKILL");
`;

/**
 * @param {Fault | null} fault
 * @param {(entry: { event: "begin" | "commit" | "committed" }) => void} note
 * @returns {Promise<Counts>} that go on counting
 */
export async function arm(fault, note) {
  const counts = { calls: 0, commits: 0 };
  const startKiller = fault?.when === "within" ? await waitingKiller(fault.microseconds) : null;

  /** @type {<Result>(sql: string, call: () => Result) => Result} */
  const watch = (sql, call) => {
    const isCommit = sql === "COMMIT";
    counts.calls++;
    if (isCommit) {
      counts.commits++;
      note({ event: "commit" });
    }
    if (sql === "BEGIN IMMEDIATE") note({ event: "begin" });
    const count = fault?.at === "commit" ? (isCommit ? counts.commits : 0) : counts.calls;
    const isDue = fault !== null && count === fault.number;
    if (isDue && fault.when === "before") process.kill(process.pid, "SIGKILL");
    if (isDue && fault.when === "within") startKiller?.();
    const result = call();
    if (isCommit) note({ event: "committed" });
    if (isDue && fault.when === "after") process.kill(process.pid, "SIGKILL");
    return result;
  };

  const probe = new Database(":memory:");
  wrap(Database.prototype, "exec", watch);
  const statement = prototypeOf(probe.prepare("SELECT 1"));
  for (const name of ["run", "all"]) wrap(statement, name, watch);
  probe.close();
  return counts;
}

/** @param {object} value */
function prototypeOf(value) {
  /** @type {unknown} */
  const prototype = Object.getPrototypeOf(value);
  return /** @type {object} */ (prototype);
}

/**
 * @param {object} prototype
 * @param {string} name of a method that takes SQL, or the values of a statement
 * @param {(sql: string, call: () => unknown) => unknown} watch
 */
function wrap(prototype, name, watch) {
  const methods = /** @type {Record<string, (...values: unknown[]) => unknown>} */ (prototype);
  const method = methods[name];
  methods[name] = function (...values) {
    const [sql] = values;
    return watch(typeof sql === "string" ? sql : "", () => method.apply(this, values));
  };
}

/**
 * @param {number} microseconds
 * @returns {Promise<() => void>} lets it begin to count the microseconds
 */
async function waitingKiller(microseconds) {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const killer = new Worker(new URL(`data:text/javascript,${encodeURIComponent(KILLER)}`), {
    workerData: { flag, microseconds },
  });
  await once(killer, "message");
  killer.unref();
  return () => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
}
