// Xavier Glorot and Yoshua Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010: a
// variance of 2 / (fan_in + fan_out).

import type { Scale } from "./initialization.ts";

export const glorot: Scale = { deviation: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs)) };
