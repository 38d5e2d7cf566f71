// How much two settings differ over seeds that they share.

import { studentBound } from "./distributions.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export interface MeanDifference extends Interval {
  readonly mean: number;
}

/**
 * The mean of a − b over pairs (n), each of one seed under both settings, with Student's interval of n − 1 degrees of
 * freedom: exact for normal differences. Throws RangeError for fewer than two pairs, for pairs that do not
 * belong together, and for values that are not finite (a median of differences, `medianInterval`, takes those).
 */
export function meanDifference(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
): MeanDifference {
  const n = a.length;
  if (n < 2 || b.length !== n)
    throw new RangeError(`${n} and ${b.length} values: expected as many, two or more`);
  const differences = a.map((value, i) => value - b[i]);
  if (!differences.every(Number.isFinite)) throw new RangeError("expected finite values");
  const mean = sum(differences) / n;
  const variance = sum(differences.map((value) => (value - mean) ** 2)) / (n - 1);
  const half = studentBound(checkedLevel(level), n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, level };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
