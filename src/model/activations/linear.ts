// z itself: a network of these is a product of matrices.

import type { Activation } from "./activation.ts";

export const linear: Activation = {
  code: 2,
  value: (z) => z,
  slope: () => 1,
  curvature: () => 0,
};
