// Intervals of a share: k of n.

import { atLeast, normalBound, reaches } from "./distributions.ts";
import { checkedLevel, type Interval } from "./interval.ts";

/**
 * The score interval of a probability of which k of n were seen (Wilson 1927): near its level on average over
 * probabilities, below it at some. Throws RangeError unless 0 ≤ k ≤ n are integers and n ≥ 1.
 */
export function wilsonInterval(k: number, n: number, level = 0.95): Interval {
  checkCount(k, n);
  const z = normalBound(checkedLevel(level));
  const middle = (k + (z * z) / 2) / (n + z * z);
  const half = (z / (n + z * z)) * Math.sqrt((k * (n - k)) / n + (z * z) / 4);
  // Exactly 0 and 1, but for rounding.
  const [low, high] = [k === 0 ? 0 : middle - half, k === n ? 1 : middle + half];
  return { low, high, level };
}

/**
 * The exact interval of a probability of which k of n were seen (Clopper & Pearson 1934): at every probability it covers
 * at least at its level, each side missing by at most half of the rest. Throws RangeError as `wilsonInterval` does.
 */
export function exactInterval(k: number, n: number, level = 0.95): Interval {
  checkCount(k, n);
  const side = (1 - checkedLevel(level)) / 2;
  const low = k === 0 ? 0 : reaches(side, (p) => atLeast(k, n, p), 0, 1);
  const high = k === n ? 1 : reaches(1 - side, (p) => atLeast(k + 1, n, p), 0, 1);
  return { low, high, level };
}

function checkCount(k: number, n: number): void {
  if (Number.isInteger(k) && Number.isInteger(n) && k >= 0 && n >= 1 && k <= n) return;
  throw new RangeError(`${k} of ${n}: expected whole numbers from 0 of 1 or more`);
}
