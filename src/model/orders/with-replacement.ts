// Each step's example is drawn from all.

import type { Order } from "./order.ts";

export const withReplacement: Order = (source, n) => source.randints(n, n);
