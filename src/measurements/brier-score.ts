// How far predicted probabilities are from the labels of the test set: the mean over its examples of
// Σ_c (p_c − 1 for the label's class, 0 for others)² (Brier 1950), whatever the objective.

import { float64 } from "../model/arithmetic.ts";
import { probabilities } from "../model/objectives/softmax.ts";
import type { Measurement } from "./measurement.ts";
import { scoresOf, slabsOf } from "./network.ts";

export const brierScore: Measurement = {
  version: 1,
  columns: () => ["brier_score"],
  measure({ network, test }) {
    const examples = test();
    let total = 0;
    for (const slab of slabsOf(network, examples))
      for (const [place, scores] of scoresOf(slab))
        for (const [c, p] of probabilities(scores, float64).entries())
          total += (p - (c === examples.labels[place] ? 1 : 0)) ** 2;
    return Float64Array.of(total / examples.examples);
  },
};
