// Multinomial logistic loss: −log of the softmax at the label. Its gradient is softmax − onehot.

import { laneSum, type Arithmetic } from "../arithmetic.ts";
import type { Objective } from "./objective.ts";

export const crossEntropy: Objective = {
  code: 0,
  paddedScore: -Infinity,
  loss(scores, label, arithmetic) {
    const { largest, total } = softmax(scores, arithmetic);
    return arithmetic.log(total) - (scores[label] - largest);
  },
  gradient(scores, label, arithmetic) {
    const { round } = arithmetic;
    const { exponentials, total } = softmax(scores, arithmetic);
    return exponentials.map((e, c) => round(round(e / total) - (c === label ? 1 : 0)));
  },
};

/** The softmax's numerators and its denominator, both over e to the largest score. */
function softmax(scores: Float64Array, arithmetic: Arithmetic) {
  const { round, exp } = arithmetic;
  const largest = scores.reduce((a, b) => (a < b ? b : a));
  const exponentials = scores.map((score) => exp(round(score - largest)));
  return { largest, exponentials, total: laneSum(exponentials, arithmetic) };
}
