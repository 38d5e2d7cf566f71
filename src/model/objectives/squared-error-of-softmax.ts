// Brier's score: Σ_c (p_c − [c = y])² of the softmax p. Its gradient is 2 p_c (q_c − Σ_k p_k q_k) with q = p − onehot.

import { float64, laneSum } from "../arithmetic.ts";
import type { Objective } from "./objective.ts";
import { movedProbabilities, probabilities } from "./softmax.ts";

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
  curvature(scores, label, direction) {
    const p = probabilities(scores, float64);
    const q = p.map((value, c) => value - (c === label ? 1 : 0));
    const moved = movedProbabilities(p, direction);
    const mean = p.reduce((sum, value, k) => sum + value * q[k], 0);
    const movedMean = p.reduce((sum, value, k) => sum + moved[k] * q[k] + value * moved[k], 0);
    return p.map((value, c) => 2 * (moved[c] * (q[c] - mean) + value * (moved[c] - movedMean)));
  },
};
