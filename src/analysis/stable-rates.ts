// The largest stable learning rate, from what the seeds of a point show, and how it goes with an axis.

import { fitPowerLaw, type PowerLaw } from "./statistics/power-law.ts";

/** What one seed shows. */
export interface RateBracket {
  /** The largest rate found stable below `high`; 0 where none of those tried is. */
  readonly low: number;
  /** The smallest found unstable above `low`; Infinity where none is. */
  readonly high: number;
  /** Rates tried beyond the two that contradict them: stable above `high`, or unstable below `low`. */
  readonly against: readonly number[];
}

/** The largest stable rate; Infinity without an unstable one, as it then lies beyond all that were tried. */
export function largestStable({ low, high }: RateBracket): number {
  return high === Infinity ? Infinity : low;
}

/**
 * The power law through points (axis, median rate) with a median that is neither 0 nor infinite; null where the axis is not of
 * positive numbers alone, and where fewer than two different ones are left.
 */
export function rateLaw(points: readonly (readonly [x: number | string, rate: number])[]): {
  readonly law: PowerLaw | null;
  /** Points that it goes through. */
  readonly fitted: number;
} {
  const usable = points.flatMap(([x, rate]) =>
    typeof x === "number" && x > 0 && rate > 0 && rate < Infinity ? [[x, rate] as const] : [],
  );
  const isPositive = points.every(([x]) => Number(x) > 0);
  const isEnough = isPositive && new Set(usable.map(([x]) => x)).size > 1;
  return { law: isEnough ? fitPowerLaw(usable) : null, fitted: usable.length };
}
