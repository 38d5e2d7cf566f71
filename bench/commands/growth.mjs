// How time and memory grow when the width, the examples or the passes are doubled: the real command on studies
// that differ in nothing else, on one worker.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { TEST_EXAMPLES } from "../kernel/problem.mjs";
import { evaluationWork, stepWork } from "../kernel/rates.mjs";

const ROUNDS = 2;
const TRAIN_EXAMPLES = 60_000;

/**
 * @typedef {{ width: number, fraction: number, passes: number }} Point
 *
 * @typedef {object} Growth
 * @property {"width" | "examples" | "passes"} what
 * @property {readonly Step[]} steps
 *
 * @typedef {object} Step
 * @property {number} value
 * @property {number} work useful multiply-adds
 * @property {number} seconds of training and evaluation
 * @property {number | null} peakMegabytes
 */

/** @type {Point} */
const BASE = { width: 64, fraction: 0.1, passes: 20 };

/** @type {{ what: Growth["what"], value: (point: Point) => number, points: Point[] }[]} */
const SERIES = [
  {
    what: "width",
    value: ({ width }) => width,
    points: [64, 128, 256, 512].map((width) => ({ ...BASE, width })),
  },
  {
    what: "examples",
    value: ({ fraction }) => Math.round(TRAIN_EXAMPLES * fraction),
    points: [0.1, 0.2, 0.4, 0.8].map((fraction) => ({ ...BASE, fraction })),
  },
  {
    what: "passes",
    value: ({ passes }) => passes,
    points: [20, 40, 80, 160].map((passes) => ({ ...BASE, passes })),
  },
];

/**
 * @param {import("../kernel/runners.mjs").Node} node
 * @param {(text: string) => void} tell
 * @returns {Promise<Growth[]>}
 */
export async function measureGrowth(node, tell) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-growth-"));
  try {
    const series = SERIES.map(({ what, value, points }) => ({
      what,
      steps: points.map((point) => ({
        point,
        step: {
          value: value(point),
          work: work(point),
          seconds: Infinity,
          peakMegabytes: /** @type {number | null} */ (null),
        },
      })),
    }));
    for (let round = 1; round <= ROUNDS; round++) {
      tell(`growth, round ${round} of ${ROUNDS}`);
      for (const { step, point } of series.flatMap(({ steps }) => steps)) {
        const file = join(folder, "growth.yaml");
        writeFileSync(file, studyText(point));
        const { phase, peakMegabytes } = await runCommand(node, file, 1);
        step.seconds = Math.min(step.seconds, phase);
        step.peakMegabytes = peakMegabytes;
      }
    }
    return series.map(({ what, steps }) => ({ what, steps: steps.map(({ step }) => step) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {Point} point */
function studyText({ width, fraction, passes }) {
  return `name: growth
question: How do time and memory grow?
dataset: { name: fashion-mnist, fraction: ${fraction} }
model: { hidden: [width], init_std: 1.0e-6 }
training: { learning_rate: 0.005, passes: ${passes} }
sweep: { width: [${width}] }
`;
}

/**
 * Useful multiply-adds: a step forward and backward, an evaluation of both sets after each pass and before.
 * @param {Point} point
 */
function work({ width, fraction, passes }) {
  const examples = Math.round(TRAIN_EXAMPLES * fraction);
  return (
    passes * examples * stepWork(width) +
    (passes + 1) * (examples + TEST_EXAMPLES) * evaluationWork(width)
  );
}
