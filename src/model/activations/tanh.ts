// The hyperbolic tangent; its slope is 1 − a².

import type { Activation } from "./activation.ts";

export const tanh: Activation = {
  code: 1,
  value: (z, arithmetic) => arithmetic.tanh(z),
  slope: (_, a, { round }) => round(1 - round(a * a)),
  curvature: (_, a) => -2 * a * (1 - a * a),
};
