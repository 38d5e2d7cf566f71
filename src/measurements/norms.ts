// How large weights are, and how far they are from where they began: Frobenius norms by layer, of weights alone.

import { inner } from "./matrices.ts";
import { byLayer, type Measurement } from "./measurement.ts";

export const weightNorms: Measurement = {
  version: 1,
  columns: (hidden) => byLayer("weight_norm", hidden.length + 1),
  measure: ({ network }) =>
    Float64Array.from(network.weights, ({ values }) => Math.sqrt(inner(values, values))),
};

export const distance: Measurement = {
  version: 1,
  columns: (hidden) => byLayer("distance", hidden.length + 1),
  measure: ({ network, initial }) =>
    Float64Array.from(network.weights, ({ values }, layer) => {
      const before = initial.weights[layer].values;
      const moved = values.map((value, i) => value - before[i]);
      return Math.sqrt(inner(moved, moved));
    }),
};
