// Weights are what they are: the initialization alone says how they are spread.

import type { Parametrization } from "./parametrization.ts";

export const standard: Parametrization = { deviationFactor: () => 1 };
