// The softmax of scores, as the objectives that are made of it compute it.

import { laneSum, type Arithmetic } from "../arithmetic.ts";

/** The softmax's numerators and its denominator, both over e to the largest score. */
export function softmax(scores: Float64Array, arithmetic: Arithmetic) {
  const { round, exp } = arithmetic;
  const largest = scores.reduce((a, b) => (a < b ? b : a));
  const exponentials = scores.map((score) => exp(round(score - largest)));
  return { largest, exponentials, total: laneSum(exponentials, arithmetic) };
}

export function probabilities(scores: Float64Array, arithmetic: Arithmetic): Float64Array {
  const { exponentials, total } = softmax(scores, arithmetic);
  return exponentials.map((e) => arithmetic.round(e / total));
}

/** By how much probabilities p move where their scores move by r, to first order: p_c (r_c − Σ_k p_k r_k), in float64. */
export function movedProbabilities(p: Float64Array, r: Float64Array): Float64Array {
  const mean = p.reduce((sum, value, k) => sum + value * r[k], 0);
  return p.map((value, c) => value * (r[c] - mean));
}
