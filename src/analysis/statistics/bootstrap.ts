// The percentile bootstrap.

import type { NumpyRandomState } from "../../random/numpy.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export const DRAWS = 2000;

/**
 * What is found in each of 2000 draws of n units with replacement, each the n indices of `randints(n, n)`. The stream is a
 * named one of purpose "bootstrap", so that an interval is the same wherever it is computed. Units are what was drawn
 * independently: seeds, with all that was measured of each. Throws RangeError for no units.
 */
export function bootstrapDraws<Found>(
  n: number,
  find: (units: Uint32Array) => Found,
  stream: NumpyRandomState,
): Found[] {
  return Array.from({ length: DRAWS }, () => find(stream.randints(n, n)));
}

/**
 * Of a statistic's values in 2000 draws the k-th smallest and the k-th largest, k = ⌊(2000 + 1)(1 − level)/2⌋ (Efron &
 * Tibshirani 1993, chapter 13). Throws RangeError for a level too high for 2000 draws, and for NaN.
 */
export function percentileInterval(values: readonly number[], level = 0.95): Interval {
  const k = Math.floor(((values.length + 1) * (1 - checkedLevel(level))) / 2);
  if (k < 1) throw new RangeError(`level ${level}: too high for ${values.length} draws`);
  if (values.some(Number.isNaN)) throw new RangeError("a draw's statistic is NaN");
  const found = Float64Array.from(values).sort();
  return { low: found[k - 1], high: found[values.length - k], level };
}

/** Both, for one statistic. */
export function bootstrapInterval(
  n: number,
  statistic: (units: Uint32Array) => number,
  stream: NumpyRandomState,
  level = 0.95,
): Interval {
  return percentileInterval(bootstrapDraws(n, statistic, stream), level);
}
