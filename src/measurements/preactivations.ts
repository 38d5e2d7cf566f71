// How large a layer's pre-activations are and how far training has moved them, on the mean over training examples and units:
// the coordinate check (Yang and Hu 2021).

import { byLayer, type Measured, type Measurement } from "./measurement.ts";
import { slabsOf } from "./network.ts";

export const preactivations: Measurement = {
  version: 1,
  columns: (hidden) => [
    ...byLayer("preactivation", hidden.length + 1),
    ...byLayer("preactivation_change", hidden.length + 1),
  ],
  measure({ network, initial, train }: Measured) {
    const layers = network.weights.length;
    const sums = new Float64Array(2 * layers);
    const begun = slabsOf(initial, train);
    for (const slab of slabsOf(network, train)) {
      const { value: start } = begun.next();
      slab.preactivations.forEach(({ values }, layer) => {
        const before = start?.preactivations[layer].values ?? values;
        values.forEach((z, i) => {
          sums[layer] += Math.abs(z);
          sums[layers + layer] += Math.abs(z - before[i]);
        });
      });
    }
    return sums.map((sum, i) => sum / (train.examples * network.weights[i % layers].columns));
  },
};
