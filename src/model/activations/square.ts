// z²; its slope is 2z.

import type { Activation } from "./activation.ts";

export const square: Activation = {
  code: 3,
  value: (z, { round }) => round(z * z),
  slope: (z, _, { round }) => round(2 * z),
  curvature: () => 2,
};
