// Yann LeCun and others, "Efficient backprop", 1998: a variance of 1 / fan_in.

import type { Scale } from "./initialization.ts";

export const lecun: Scale = { deviation: (inputs) => Math.sqrt(1 / inputs) };
