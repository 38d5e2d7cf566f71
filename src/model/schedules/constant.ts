// The same learning rate in every pass.

import type { Schedule } from "./schedule.ts";

export const constant: Schedule = { rate: (learningRate) => learningRate };
