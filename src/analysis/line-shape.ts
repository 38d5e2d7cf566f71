// The shape of numbers along a line of points, and how well seeds determine it.

import { greatest, least } from "d3-array";

import type { NumpyRandomState } from "../random/numpy.ts";
import { median } from "./median.ts";
import { bootstrapDraws, percentileInterval } from "./statistics/bootstrap.ts";
import type { Interval } from "./statistics/interval.ts";

/** A point of the line: its index, and its number there. */
export interface Place {
  readonly at: number;
  readonly value: number;
}

export interface LineShape {
  readonly largest: Place;
  readonly smallest: Place;
  /**
   * The point that stands highest above what lies on both of its sides: `rise` is the least of how far it stands above the
   * lowest to its left and above the lowest to its right, which is not positive where the line has no peak between its ends.
   * null of fewer than three points.
   */
  readonly peak: (Place & { readonly rise: number }) | null;
}

/** Of the finite numbers; null where there is none. Of equal ones the first counts. */
export function lineShape(values: readonly number[]): LineShape | null {
  const known = values.flatMap((value, at) => (Number.isFinite(value) ? [{ at, value }] : []));
  const largest = greatest(known, ({ value }) => value);
  const smallest = least(known, ({ value }) => value);
  if (largest === undefined || smallest === undefined) return null;
  const lowestFrom = known.map(() => Infinity);
  for (let i = known.length - 1, low = Infinity; i >= 0; i--)
    lowestFrom[i] = low = Math.min(low, known[i].value);
  let lowest = Infinity;
  const rises = known.slice(0, -1).map(({ at, value }, i) => {
    const rise = value - Math.max(lowest, lowestFrom[i + 1]);
    lowest = Math.min(lowest, value);
    return { at, value, rise };
  });
  const peak = greatest(rises.slice(1), ({ rise }) => rise) ?? null;
  return { largest, smallest, peak };
}

/** Numbers of a shape, places as x. */
export type ShapeNumber =
  "largest_at" | "largest" | "smallest_at" | "smallest" | "peak_at" | "peak" | "rise";

export interface DrawnShape {
  /** Of the medians over seeds; of several seeds the rise is the median of those of `intervals`. */
  readonly shape: LineShape;
  /** null of a single seed. */
  readonly intervals: Readonly<Record<ShapeNumber, Interval>> | null;
  /** The share of draws in which the largest median lies between others; null of a single seed. */
  readonly interior: number | null;
}

/**
 * The shape of the medians of points in the order of x, each with a value of every seed in the same order, by percentile
 * bootstrap: a draw takes seeds, and of each its values at all points, which keeps the pairing of seeds. What a
 * draw does not have is Infinity, a rise −Infinity. null where no median is finite.
 *
 * The highest of several points stands above the others by chance alone. So the rise is measured where other seeds
 * have their peak: each draw has the places of peak and lows from the medians of the seeds that it left out (from its own, where it
 * has drawn all), and its own medians there.
 */
export function drawnShape(
  points: readonly { readonly x: number; readonly values: readonly number[] }[],
  stream: NumpyRandomState,
): DrawnShape | null {
  const shape = lineShape(points.map(({ values }) => median(values)));
  if (shape === null) return null;
  const seeds = points[0].values.length;
  if (seeds < 2) return { shape, intervals: null, interior: null };
  const medians = points.map(({ values }) => drawnMedian(values));
  const draws = bootstrapDraws(
    seeds,
    (units) => {
      const times = new Uint32Array(seeds);
      for (const unit of units) times[unit]++;
      const values = medians.map((of) => of(times));
      const left = times.map((count) => (count === 0 ? 1 : 0));
      const others = left.includes(1) ? medians.map((of) => of(left)) : values;
      return {
        found: lineShape(values),
        isInterior: isInterior(values),
        rise: riseWhere(others, values),
      };
    },
    stream,
  );
  const x = (place: Place | null | undefined) => (place ? points[place.at].x : Infinity);
  const interval = (of: (found: LineShape | null) => number) =>
    percentileInterval(draws.map(({ found }) => of(found)));
  const rises = draws.map(({ rise }) => rise);
  return {
    shape: { ...shape, peak: shape.peak && { ...shape.peak, rise: median(rises) } },
    intervals: {
      largest_at: interval((one) => x(one?.largest)),
      largest: interval((one) => one?.largest.value ?? Infinity),
      smallest_at: interval((one) => x(one?.smallest)),
      smallest: interval((one) => one?.smallest.value ?? Infinity),
      peak_at: interval((one) => x(one?.peak)),
      peak: interval((one) => one?.peak?.value ?? Infinity),
      rise: percentileInterval(rises),
    },
    interior: draws.filter((one) => one.isInterior).length / draws.length,
  };
}

/** How far `values` rise where `others` have their peak, above both of the places where those are lowest beside it. */
function riseWhere(others: readonly number[], values: readonly number[]): number {
  const peak = lineShape(others)?.peak?.at;
  if (peak === undefined) return -Infinity;
  const lowest = (from: number, to: number) => {
    const places = others.flatMap((value, at) =>
      at >= from && at < to && Number.isFinite(value) ? [at] : [],
    );
    return values[places.reduce((a, b) => (others[b] < others[a] ? b : a))];
  };
  const rise = values[peak] - Math.max(lowest(0, peak), lowest(peak + 1, others.length));
  return Number.isFinite(rise) ? rise : -Infinity;
}

/** Whether the largest of the finite values is neither the first nor the last of them. */
function isInterior(values: readonly number[]): boolean {
  const known = values.filter(Number.isFinite);
  const place = known.indexOf(Math.max(...known));
  return place > 0 && place < known.length - 1;
}

/** The median of values each of which is there so many times. */
function drawnMedian(values: readonly number[]): (times: Uint32Array) => number {
  const order = values.map((_, index) => index).sort((a, b) => compare(values[a], values[b]));
  return (times) => {
    const n = times.reduce((sum, count) => sum + count, 0);
    let seen = 0;
    const at = (rank: number, from: number): number => {
      let place = from;
      while (seen + times[order[place]] <= rank) seen += times[order[place++]];
      return place;
    };
    const low = at((n - 1) >> 1, 0);
    const high = at(n >> 1, low);
    return median([values[order[low]], values[order[high]]]);
  };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
