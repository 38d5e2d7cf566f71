// The neural tangent kernel's: W = ω/√fan_in with ω trained at the study's rate (Jacot, Gabriel and Hongler, 2018). In terms
// of W the deviation is divided by √fan_in, the rate of weights by fan_in;
// for SGD alone: beside Adam its ε would stand for another one in each layer.

import { layerInputs } from "../network.ts";
import type { Parametrization } from "./parametrization.ts";

export const ntk: Parametrization = {
  base: (shape) => shape,
  deviation: (std, shape, layer) => std / Math.sqrt(layerInputs(shape)[layer]),
  rates: (shape, layer) => ({ weights: 1 / layerInputs(shape)[layer], biases: 1 }),
};
