// By how much the label's score exceeds the largest of the others, on the training example where that is least.

import type { Measurement } from "./measurement.ts";
import { scoresOf, slabsOf } from "./network.ts";

export const margin: Measurement = {
  version: 1,
  columns: () => ["margin"],
  measure({ network, train }) {
    let least = Infinity;
    for (const slab of slabsOf(network, train))
      for (const [place, scores] of scoresOf(slab)) {
        const label = train.labels[place];
        const largest = scores.reduce((a, b, c) => (c === label ? a : Math.max(a, b)), -Infinity);
        least = Math.min(least, scores[label] - largest);
      }
    return Float64Array.of(least);
  },
};
