// What a parametrization is. table.ts has all of them by name.

import type { Shape } from "../network.ts";

/** How a network's initial weights scale with its widths, whatever the initialization. */
export interface Parametrization {
  /** By what the standard deviation of a layer's initial weights is multiplied; layers count from 0. */
  readonly deviationFactor: (shape: Shape, layer: number) => number;
}
