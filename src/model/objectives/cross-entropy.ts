// Multinomial logistic loss: −log of the softmax at the label. Its gradient is softmax − onehot.

import { float64 } from "../arithmetic.ts";
import type { Objective } from "./objective.ts";
import { movedProbabilities, probabilities, softmax } from "./softmax.ts";

export const crossEntropy: Objective = {
  code: 0,
  unit: "nats",
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
  curvature: (scores, _, direction) =>
    movedProbabilities(probabilities(scores, float64), direction),
};
