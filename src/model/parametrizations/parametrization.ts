// What a parametrization is: how deviations and learning rates scale with a layer's size. table.ts has all of them by name.

import type { Shape } from "../network.ts";
import type { OptimizerChoice } from "../optimizers/choice.ts";

export interface Parametrization {
  /** The network whose sizes an initialization's deviations are taken from. */
  readonly base: (shape: Shape) => Shape;
  /** Standard deviation of the weights of layer `layer` (from 0), where the initialization gives `std`. */
  readonly deviation: (std: number, shape: Shape, layer: number) => number;
  /** By what the rate of the layer's weights and biases is multiplied. */
  readonly rates: (
    shape: Shape,
    layer: number,
    optimizer: OptimizerChoice["kind"],
  ) => { weights: number; biases: number };
}
