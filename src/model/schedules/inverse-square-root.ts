// η / √(p + 1), of the theory of stochastic approximation.

import type { Schedule } from "./schedule.ts";

export const inverseSquareRoot: Schedule<object> = (learningRate, pass) =>
  learningRate / Math.sqrt(pass + 1);
