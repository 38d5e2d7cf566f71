// The same standard deviation in every layer: the study's own.

import type { Initialization } from "./initialization.ts";

export const normal: Initialization = { deviation: (std) => std };
