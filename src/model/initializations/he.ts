// Kaiming He and others, "Delving deep into rectifiers", 2015: 2 / fan_in, which keeps a ReLU network's activations as large.

import type { Scale } from "./initialization.ts";

export const he: Scale = { deviation: (inputs) => Math.sqrt(2 / inputs) };
