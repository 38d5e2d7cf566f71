// From each of some passes on, the rate is multiplied once more.

import type { Schedule } from "./schedule.ts";

export const steps: Schedule<{ readonly at: readonly number[]; readonly factor: number }> = (
  learningRate,
  pass,
  { at, factor },
) => at.reduce((rate, from) => (from <= pass ? rate * factor : rate), learningRate);
