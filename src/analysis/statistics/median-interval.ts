// A median and how well it is known, whatever the distribution.

import { ascending } from "d3-array";
import { median } from "../median.ts";
import { atLeast } from "./distributions.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export interface MedianInterval extends Interval {
  readonly median: number;
  /** The range, from the smallest to the largest value, where there are too few values for an interval. */
  readonly kind: "interval" | "range";
  /** The probability that an interval between these two values covers the median of a continuous distribution. */
  readonly coverage: number;
}

/**
 * The median of n values with the narrowest interval between the j-th smallest and the j-th largest that covers it at
 * the level: 1 − 2 P(B < j) with B binomial of n and ½ (the sign test's; David & Nagaraja 2003, section 7.1). At 95 %
 * it takes six values; of fewer it is the range. A right-censored value ("never within the passes") is Infinity and
 * stays, so that ends and median may be. Throws RangeError for no values and for NaN.
 */
export function medianInterval(values: readonly number[], level = 0.95): MedianInterval {
  const sorted = [...values].sort(ascending);
  const n = sorted.length;
  if (n === 0 || values.some(Number.isNaN))
    throw new RangeError(`${n === 0 ? "no values" : "NaN"}: expected numbers or Infinity`);
  const covered = (j: number) => 1 - 2 * atLeast(n - j + 1, n, 0.5);
  // Where a level is met exactly, rounding must not say otherwise.
  const isEnough = (j: number) => covered(j) >= checkedLevel(level) - 1e-12;
  let j = 1;
  while (2 * (j + 1) <= n && isEnough(j + 1)) j++;
  return {
    median: median(sorted),
    kind: isEnough(j) ? "interval" : "range",
    ...{ low: sorted[j - 1], high: sorted[n - j], level, coverage: Math.max(0, covered(j)) },
  };
}
