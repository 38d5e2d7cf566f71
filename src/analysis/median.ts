// The median of numbers that may be infinite, as "never" is and the loss of a diverging trial.

import { ascending } from "d3-array";

/**
 * The middle value, or the mean of the middle two; NaN values are left out, and NaN where nothing is left, or where the
 * middle two are −Infinity and Infinity.
 * (d3-array's median weighs the two neighbours: a finite middle beside an infinite one gives 0 · ∞, which is NaN.)
 */
export function median(values: Iterable<number>): number {
  const sorted = [...values].filter((value) => !Number.isNaN(value)).sort(ascending);
  const upper = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted.at((sorted.length - 1) >> 1), sorted.at(upper)];
  if (low === high) return low;
  return low === -Infinity ? low + high : low + (high - low) / 2;
}
