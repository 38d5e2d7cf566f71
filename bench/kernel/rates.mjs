// Rates and shares of the peak from measured times.

import { CLASSES, EXAMPLES, INPUTS, TEST_EXAMPLES } from "./problem.mjs";

/** @typedef {import("./rounds.mjs").Row} Row */

/**
 * Useful multiply-adds of one step of 784-width-10: what batch-size-1 SGD asks for, not what an algorithm adds to
 * it. Forward and both gradients of the output layer, forward and one gradient of the first.
 * @param {number} width
 */
export function stepWork(width) {
  return 2 * INPUTS * width + 3 * CLASSES * width;
}

/**
 * Useful multiply-adds of one example's scores.
 * @param {number} width
 */
export function evaluationWork(width) {
  return INPUTS * width + CLASSES * width;
}

/**
 * The best round: what disturbs a measurement only ever makes it longer.
 * @param {readonly number[]} values
 */
export function best(values) {
  return Math.min(...values);
}

/**
 * The highest rate of 128-bit multiply then add that any round saw, in GMAC/s.
 * @param {readonly Row[]} rows
 */
export function peakOf(rows) {
  return Math.max(...rows.flatMap(({ peaks }) => peaks));
}

/**
 * Useful GMAC/s of training.
 * @param {Row} row
 * @param {number} width
 */
export function trainingRate({ widths }, width) {
  return stepWork(width) / best(widths[width].microsecondsPerStep) / 1e3;
}

/**
 * Useful GMAC/s of evaluation.
 * @param {Row} row
 * @param {number} width
 */
export function evaluationRate({ widths }, width) {
  const work = (EXAMPLES + TEST_EXAMPLES) * evaluationWork(width);
  return work / best(widths[width].millisecondsPerEvaluation) / 1e6;
}
