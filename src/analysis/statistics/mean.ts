// A mean over seeds and how well it is known, and how much two settings differ over seeds that they share.

import { studentBound } from "./distributions.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export interface Mean extends Interval {
  readonly mean: number;
}

/**
 * The mean of values (n) with Student's interval of n − 1 degrees of freedom: exact for independent normal ones. Throws
 * RangeError for fewer than two values, and for values that are not finite.
 */
export function meanInterval(values: readonly number[], level = 0.95): Mean {
  const n = values.length;
  if (n < 2 || !values.every(Number.isFinite))
    throw new RangeError(`${n} values: expected finite ones, two or more`);
  const mean = sum(values) / n;
  const variance = sum(values.map((value) => (value - mean) ** 2)) / (n - 1);
  const half = studentBound(checkedLevel(level), n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, level };
}

/**
 * The mean of a − b over pairs, each of one seed under both settings, with its interval. Throws RangeError where they do
 * not belong together, and as meanInterval does (a median of differences, `medianInterval`, takes what is not finite).
 */
export function meanDifference(a: readonly number[], b: readonly number[], level = 0.95): Mean {
  if (b.length !== a.length)
    throw new RangeError(`${a.length} and ${b.length} values: expected as many`);
  return meanInterval(
    a.map((value, i) => value - b[i]),
    level,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
