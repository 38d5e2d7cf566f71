// The softmax of scores, as the objectives that are made of it compute it.

import { laneSum, type Arithmetic } from "../arithmetic.ts";

/** The softmax's numerators and its denominator, both over e to the largest score. */
export function softmax(scores: Float64Array, arithmetic: Arithmetic) {
  const { round, exp } = arithmetic;
  const largest = scores.reduce((a, b) => (a < b ? b : a));
  const exponentials = scores.map((score) => exp(round(score - largest)));
  return { largest, exponentials, total: laneSum(exponentials, arithmetic) };
}
