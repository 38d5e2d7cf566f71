// A seed of random streams, as studies write it.

import { integers, number } from "../../base/fields.ts";

export const MAX_SEED = 2 ** 32 - 1;
export const seed = number(`an integer from 0 to ${MAX_SEED}`, integers(0, MAX_SEED));
