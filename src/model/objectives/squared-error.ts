// Squared distance of the scores from the label's indicator, Σ_c (o_c − [c = y])². Its gradient is 2 (o − onehot).

import type { Objective } from "./objective.ts";

export const squaredError: Objective = {
  code: 1,
  unit: "squared errors",
  paddedScore: 0,
  loss: (scores, label) =>
    scores.reduce((sum, score, c) => sum + (score - (c === label ? 1 : 0)) ** 2, 0),
  gradient: (scores, label, { round }) =>
    scores.map((score, c) => 2 * round(score - (c === label ? 1 : 0))).map(round),
  curvature: (_, __, direction) => direction.map((value) => 2 * value),
};
