// y = factor · x^exponent, fitted.

import { exp, log } from "../../model/elementary.ts";
import { studentBound } from "./distributions.ts";
import { checkedLevel, type Interval } from "./interval.ts";

export interface PowerLaw {
  readonly exponent: number;
  readonly factor: number;
  /** The exponent's, by Student's t with n − 2 degrees of freedom; null of two points, which say nothing of it. */
  readonly interval: Interval | null;
}

/**
 * The least-squares line of ln y against ln x through n points, all positive and finite: its slope is the exponent. The
 * interval takes the points' deviations for independent, normal and of one size (Draper & Smith 1998, chapter 1).
 * Throws RangeError for other points, and for fewer than two different x.
 */
export function fitPowerLaw(
  points: readonly (readonly [x: number, y: number])[],
  level = 0.95,
): PowerLaw {
  if (!points.flat().every((value) => value > 0 && value < Infinity))
    throw new RangeError("expected positive, finite points");
  if (new Set(points.map(([x]) => x)).size < 2) throw new RangeError("expected two different x");
  const n = points.length;
  const logs = points.map(([x, y]) => [log(x), log(y)] as const);
  const [meanX, meanY] = [0, 1].map((i) => logs.reduce((sum, point) => sum + point[i], 0) / n);
  let [xx, xy] = [0, 0];
  for (const [x, y] of logs) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  const exponent = xy / xx;
  const rest = logs.reduce((sum, [x, y]) => sum + (y - meanY - exponent * (x - meanX)) ** 2, 0);
  const half =
    n > 2 ? studentBound(checkedLevel(level), n - 2) * Math.sqrt(rest / (n - 2) / xx) : NaN;
  return {
    exponent,
    factor: exp(meanY - exponent * meanX),
    interval: n > 2 ? { low: exponent - half, high: exponent + half, level } : null,
  };
}
