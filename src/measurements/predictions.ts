// The softmax of the scores of every test example, whatever the objective, (m, classes) as float32.

import { float64 } from "../model/arithmetic.ts";
import { probabilities } from "../model/objectives/softmax.ts";
import type { Measurement } from "./measurement.ts";
import { scoresOf, slabsOf } from "./network.ts";

export const predictions: Measurement = {
  version: 1,
  isOfLastRow: true,
  measure({ network, test }) {
    const examples = test();
    const { classes } = network.shape;
    const found = new Float32Array(examples.examples * classes);
    for (const slab of slabsOf(network, examples))
      for (const [place, scores] of scoresOf(slab))
        found.set(probabilities(scores, float64), place * classes);
    return found;
  },
};
