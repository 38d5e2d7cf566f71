// max(z, 0) that keeps a NaN; its slope at 0 is 0.

import type { Activation } from "./activation.ts";

export const relu: Activation = {
  code: 0,
  value: (z) => (z < 0 ? 0 : z),
  slope: (_, a) => (a > 0 ? 1 : 0),
  curvature: () => 0,
};
