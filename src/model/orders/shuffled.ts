// A new permutation for each pass.

import type { Order } from "./order.ts";

export const shuffled: Order = (source, n) => source.permutation(n);
