// The real command, `widthwise run`, measured from outside.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "./json.mjs";
import { runMeasured } from "./measured-process.mjs";

const WIDTHWISE = fileURLToPath(new URL("../bin/widthwise.js", import.meta.url));

/**
 * @typedef {object} Seconds Those of summary.json.
 * @property {number} total
 * @property {number} data
 * @property {number} training
 * @property {number} [search] where it is told apart from training
 *
 * @typedef {object} CommandRun
 * @property {number} wall
 * @property {number | null} cpu
 * @property {number | null} peakMegabytes
 * @property {string} fingerprint
 * @property {number} start seconds of the process outside of what the command counts: starting, ending
 * @property {number} load seconds of loading the data set
 * @property {number} search seconds of the learning-rate search
 * @property {number} phase seconds of training and evaluating the study's trials
 * @property {number} figures seconds of drawing and writing the report
 */

/**
 * @param {import("./runners.mjs").Node} node
 * @param {string} study name or path
 * @param {number} workers
 * @returns {Promise<CommandRun>}
 */
export async function runCommand({ command, options }, study, workers) {
  const out = mkdtempSync(join(tmpdir(), "widthwise-bench-"));
  try {
    const args = ["run", study, "--workers", String(workers), "--out", join(out, "run"), "--json"];
    const { wall, cpu, peakMegabytes, stdout } = await runMeasured(command, [
      ...options,
      WIDTHWISE,
      ...args,
    ]);
    const { fingerprint, seconds } = /** @type {{ fingerprint: string, seconds: Seconds }} */ (
      parseJson(stdout)
    );
    const { total, data, training, search = 0 } = seconds;
    return {
      wall,
      cpu,
      peakMegabytes,
      fingerprint,
      start: wall - total,
      load: data,
      search,
      phase: training - search,
      figures: total - data - training,
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}
