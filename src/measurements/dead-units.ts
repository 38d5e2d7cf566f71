// Which share of a layer's relu units is at rest on all training examples.

import { byLayer, type Measurement } from "./measurement.ts";
import { slabsOf } from "./network.ts";

export const deadUnits: Measurement = {
  version: 1,
  columns: (hidden) => byLayer("dead_units", hidden.length),
  measure({ network, train }) {
    const awake = network.shape.hidden.map((units) => new Uint8Array(units));
    for (const { reads } of slabsOf(network, train))
      awake.forEach((units, layer) => {
        reads[layer + 1].values.forEach((a, at) => {
          if (a !== 0) units[at % units.length] = 1;
        });
      });
    return Float64Array.from(awake, (units) => {
      return (units.length - units.reduce((a, b) => a + b, 0)) / units.length;
    });
  },
};
