// The real command, `widthwise run`, measured from outside.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "./json.mjs";
import { runMeasured } from "./measured-process.mjs";

const WIDTHWISE = fileURLToPath(new URL("../bin/widthwise.js", import.meta.url));

/**
 * @typedef {object} CommandRun Seconds, if nothing else is said.
 * @property {number} wall
 * @property {number | null} cpu
 * @property {number | null} peakMegabytes
 * @property {string} fingerprint of the study
 * @property {number} start until the command could begin: what `--version` takes
 * @property {number} load reading the data set
 * @property {number} search the learning-rate search
 * @property {number} phase training and evaluating what the study sweeps
 * @property {number} figures the rest: drawing and writing figures and report, and ending
 *
 * @typedef {{ trajectory: { pass: number }[], seconds: number }} StoredRecord
 */

/**
 * @param {import("./runners.mjs").Node} node
 * @param {string} study name or path
 * @param {number} workers
 * @returns {Promise<CommandRun>}
 */
export async function runCommand({ command, options }, study, workers) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-bench-"));
  const out = join(folder, "run");
  try {
    const start = (await runMeasured(command, [...options, WIDTHWISE, "--version"])).wall;
    const args = ["run", study, "--workers", String(workers), "--out", out, "--json"];
    const { wall, cpu, peakMegabytes, stdout } = await runMeasured(command, [
      ...options,
      WIDTHWISE,
      ...args,
    ]);
    const { fingerprint, seconds } =
      /** @type {{ fingerprint: string, seconds: { data: number, training: number } }} */ (
        parseJson(stdout)
      );
    const search = secondsOfProbes(join(out, "records"));
    const { data: load, training } = seconds;
    const phase = training - search;
    const figures = wall - start - load - training;
    return { wall, cpu, peakMegabytes, fingerprint, start, load, search, phase, figures };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The probes of the search, which are trained one after the other, are the trials of a single pass.
 * @param {string} records
 */
function secondsOfProbes(records) {
  return readdirSync(records)
    .map((file) => {
      const text = readFileSync(join(records, file), "utf8");
      return /** @type {{ record: StoredRecord }} */ (parseJson(text)).record;
    })
    .filter(({ trajectory }) => (trajectory.at(-1)?.pass ?? 0) <= 1)
    .reduce((sum, { seconds }) => sum + seconds, 0);
}
