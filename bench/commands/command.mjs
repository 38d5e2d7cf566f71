// The real command, `widthwise run`, measured from outside.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { parseJson } from "../json.mjs";
import { runMeasured } from "./measured-process.mjs";

export const WIDTHWISE = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

/**
 * @typedef {object} CommandRun Seconds, if nothing else is said.
 * @property {number} wall
 * @property {number | null} cpu
 * @property {number | null} peakMegabytes
 * @property {string} fingerprint of the study
 * @property {number} start until the command could begin: what `--version` takes
 * @property {number} load reading the data set
 * @property {number} search the learning-rate search
 * @property {number} phase training and evaluating what the study sweeps, from the first kernel call to the last
 * @property {number} figures the rest: preparing the examples, drawing and writing figures and report, and ending
 * @property {readonly { width: number, seconds: number }[]} trials with the seconds of their training, one beside the other
 *
 * @typedef {{ ph: string, ts: number, dur: number, args: { learning_rate: number } }} TraceEvent
 */

/**
 * @param {import("../kernel/runners.mjs").Node} node
 * @param {string} study name or path
 * @param {number} workers
 * @returns {Promise<CommandRun>}
 */
export async function runCommand({ command, options }, study, workers) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-bench-"));
  const trace = join(folder, "trace.json");
  try {
    const start = (await runMeasured(command, [...options, WIDTHWISE, "--version"])).wall;
    const args = ["run", study, "--workers", String(workers), "--json", ...placesIn(folder)];
    const { wall, cpu, peakMegabytes, stdout } = await runMeasured(command, [
      ...options,
      WIDTHWISE,
      ...args,
      "--timeline",
      trace,
    ]);
    const summary =
      /** @type {{ fingerprint: string, learning_rate: number, seconds: { data: number } }} */ (
        parseJson(stdout)
      );
    const { search, phase } = secondsOfCalls(trace, summary.learning_rate);
    const load = summary.seconds.data;
    const figures = wall - start - load - search - phase;
    const { fingerprint } = summary;
    const trials = trialsOf(join(folder, "store.db"));
    return { wall, cpu, peakMegabytes, fingerprint, start, load, search, phase, figures, trials };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Options that keep what a run leaves, its store too, in a folder of its own: everything is trained.
 * @param {string} folder
 */
export function placesIn(folder) {
  return ["--out", join(folder, "run"), "--store", join(folder, "store.db")];
}

/**
 * The trials of the search, which comes first, have other learning rates than those of the sweep.
 * @param {string} trace
 * @param {number} learningRate of the sweep
 */
function secondsOfCalls(trace, learningRate) {
  const { traceEvents } = /** @type {{ traceEvents: TraceEvent[] }} */ (
    parseJson(readFileSync(trace, "utf8"))
  );
  const calls = traceEvents.filter(({ ph }) => ph === "X");
  const sweep = calls.filter(({ args }) => args.learning_rate === learningRate);
  const begin = sweep.reduce((least, { ts }) => Math.min(least, ts), Infinity);
  const end = sweep.reduce((largest, { ts, dur }) => Math.max(largest, ts + dur), 0);
  return { search: begin / 1e6, phase: (end - begin) / 1e6 };
}

/**
 * @param {string} store
 * @returns {CommandRun["trials"]}
 */
function trialsOf(store) {
  const database = new Database(store);
  try {
    const rows = database
      .prepare(
        `SELECT width, total(seconds) AS seconds FROM study_trials
         JOIN trials USING (key) JOIN stretches ON stretches.trial = trials.id GROUP BY position`,
      )
      .all([]);
    return /** @type {{ width: number, seconds: number }[]} */ (rows);
  } finally {
    database.close();
  }
}
