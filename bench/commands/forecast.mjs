// What `widthwise run --dry-run` says before, beside what the run then takes, on studies of different shape.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placesIn, runCommand, WIDTHWISE } from "./command.mjs";
import { parseJson } from "../json.mjs";
import { runMeasured } from "./measured-process.mjs";

/**
 * @typedef {object} Forecast
 * @property {string} study
 * @property {number} workers
 * @property {{ told: number, taken: number }} seconds of the whole command
 * @property {{ told: number, taken: number | null }} megabytes
 */

const STUDIES = [
  { name: "homework", workers: 1, text: null },
  { name: "homework", workers: 2, text: null },
  {
    name: "wide: widths 512 and 1024, all 60000 examples, 3 passes",
    workers: 2,
    text: study("wide", 3, "[512, 1024]", 1, "[0]"),
  },
  {
    name: "narrow: widths 8 and 16, 10 seeds, 100 passes",
    workers: 2,
    text: study("narrow", 100, "[8, 16]", 0.1, "0..9"),
  },
  {
    name: "sharpness: 40-w-10 of widths 16 and 64, full batches of 200, 61 times each",
    workers: 2,
    text: small("sharp", "examples: 200", "batch: full, passes: 300, learning_rate: 0.1", [
      "evaluate: { every: 5 }",
      "measure: [sharpness]",
    ]),
  },
  {
    name: "Adam: 40-w-10 of widths 16 and 64, single examples",
    workers: 2,
    text: small("adam", "examples: 4000", "optimizer: adam, passes: 60, learning_rate: 0.001"),
  },
];

/**
 * @param {string} name
 * @param {string} examples
 * @param {string} training
 * @param {readonly string[]} rest
 */
function small(name, examples, training, rest = []) {
  return (
    [
      `{ name: ${name}, question: How long does it take?, dataset: { name: mnist-1d, ${examples} }`,
      `model: { hidden: [width], activation: tanh, init: lecun }`,
      `training: { ${training} }, sweep: { width: [16, 64] }, streams: { seeds: 0..3 }`,
      ...rest,
    ].join(", ") + " }\n"
  );
}

/**
 * @param {string} name
 * @param {number} passes
 * @param {string} widths
 * @param {number} fraction of the training set
 * @param {string} seeds
 */
function study(name, passes, widths, fraction, seeds) {
  return `name: ${name}
question: How long does it take?
dataset: { name: fashion-mnist, fraction: ${fraction} }
model: { hidden: [width], init_std: 1.0e-2 }
training: { learning_rate: 0.005, passes: ${passes} }
sweep: { width: ${widths} }
streams: { kind: named, seeds: ${seeds} }
`;
}

/**
 * @param {import("../kernel/runners.mjs").Node} node
 * @param {(text: string) => void} tell
 * @returns {Promise<Forecast[]>}
 */
export async function measureForecasts(node, tell) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-forecast-"));
  try {
    const forecasts = [];
    for (const { name, workers, text } of STUDIES) {
      tell(`told and taken: ${name}, workers: ${workers}`);
      const file = text === null ? name : join(folder, "study.yaml");
      if (text !== null) writeFileSync(file, text);
      const { command, options } = node;
      const args = ["run", file, "--workers", String(workers), ...placesIn(folder)];
      const { stdout } = await runMeasured(command, [
        ...options,
        WIDTHWISE,
        ...args,
        "--dry-run",
        "--json",
      ]);
      const told = /** @type {{ seconds: { total: number }, bytes: { total: number } }} */ (
        parseJson(stdout)
      );
      const taken = await runCommand(node, file, workers);
      forecasts.push({
        study: name,
        workers,
        seconds: { told: told.seconds.total, taken: taken.wall },
        megabytes: { told: told.bytes.total / 1e6, taken: taken.peakMegabytes },
      });
    }
    return forecasts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
