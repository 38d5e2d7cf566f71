// Brier's score: Σ_c (p_c − [c = y])² of the softmax p. Its gradient is 2 p_c (q_c − Σ_k p_k q_k) with q = p − onehot.

import { laneSum, type Arithmetic } from "../arithmetic.ts";
import type { Objective } from "./objective.ts";
import { softmax } from "./softmax.ts";

export const squaredErrorOfSoftmax: Objective = {
  code: 2,
  unit: "squared errors",
  paddedScore: -Infinity,
  loss: (scores, label, arithmetic) =>
    probabilities(scores, arithmetic).reduce(
      (sum, p, c) => sum + (p - (c === label ? 1 : 0)) ** 2,
      0,
    ),
  gradient(scores, label, arithmetic) {
    const { round } = arithmetic;
    const p = probabilities(scores, arithmetic);
    const q = p.map((value, c) => round(value - (c === label ? 1 : 0)));
    const terms = p.map((value, c) => round(value * q[c]));
    const mean = laneSum(terms, arithmetic);
    return p.map((value, c) => round(2 * round(value * round(q[c] - mean))));
  },
};

function probabilities(scores: Float64Array, arithmetic: Arithmetic): Float64Array {
  const { exponentials, total } = softmax(scores, arithmetic);
  return exponentials.map((e) => arithmetic.round(e / total));
}
