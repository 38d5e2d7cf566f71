// The percentile bootstrap.

import type { NumpyRandomState } from "../../random/numpy.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export const DRAWS = 2000;

/**
 * Of 2000 draws of n units with replacement, each the n indices of `randints(n, n)`, the statistic's k-th smallest and
 * k-th largest value, k = ⌊(2000 + 1)(1 − level)/2⌋ (Efron & Tibshirani 1993, chapter 13). The stream is a named one
 * of purpose "bootstrap", so that an interval is the same wherever it is computed. Units are what was drawn
 * independently: seeds, with all that was measured of each. Throws RangeError for no units, for a level too high for
 * 2000 draws, and where the statistic of a draw is NaN.
 */
export function bootstrapInterval(
  n: number,
  statistic: (units: Uint32Array) => number,
  stream: NumpyRandomState,
  level = 0.95,
): Interval {
  const k = Math.floor(((DRAWS + 1) * (1 - checkedLevel(level))) / 2);
  if (k < 1) throw new RangeError(`level ${level}: too high for ${DRAWS} draws`);
  const found = Float64Array.from({ length: DRAWS }, () => statistic(stream.randints(n, n))).sort();
  if (found.some(Number.isNaN)) throw new RangeError("a draw's statistic is NaN");
  return { low: found[k - 1], high: found[DRAWS - k], level };
}
