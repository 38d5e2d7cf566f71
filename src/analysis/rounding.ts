// How far a number of trials lies apart over seeds, and how far within one seed whose initial weights are moved by one unit
// in the last place: rounding's part of it.

import { ascending, group, mean, variance } from "d3-array";

import { pointKey, type Point } from "../records/point.ts";
import type { NumpyRandomState } from "../random/numpy.ts";
import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints } from "./points.ts";
import { bootstrapInterval } from "./statistics/bootstrap.ts";
import type { Interval } from "./statistics/interval.ts";

/** How far values lie apart; "never" is Infinity. */
export interface Dispersion {
  readonly n: number;
  readonly median: number;
  readonly range: readonly [number, number];
  /** The ⌈n/4⌉-th smallest and largest value. */
  readonly quartiles: readonly [number, number];
  /** The standard deviation (of n − 1); null of one value, and where one is not finite. */
  readonly deviation: number | null;
}

export interface SpreadAt {
  readonly values: Point["values"];
  readonly width: number;
  /** Of all seeds, a trial each. */
  readonly seeds: Dispersion;
  /** Of each seed that was perturbed: its own trial and the perturbed ones. */
  readonly rounding: readonly (Dispersion & { readonly seed: number | null })[];
  /** The root of the mean variance within these seeds; null where one has no deviation. */
  readonly deviation: number | null;
  /** Of the variance of trials of different seeds; null of one seed, without any spread, and where a number is not finite. */
  readonly share: Share | null;
}

export interface Share extends Interval {
  readonly value: number;
}

/** Throws RangeError for no values and for NaN. */
export function dispersion(values: readonly number[]): Dispersion {
  const n = values.length;
  if (n === 0 || values.some(Number.isNaN))
    throw new RangeError(`${n === 0 ? "no values" : "NaN"}: expected numbers or Infinity`);
  const sorted = [...values].sort(ascending);
  const quarter = Math.ceil(n / 4);
  const squared = sorted.every(Number.isFinite) ? variance(sorted) : undefined;
  return {
    ...{ n, median: median(sorted), range: [sorted[0], sorted[n - 1]] },
    quartiles: [sorted[quarter - 1], sorted[n - quarter]],
    deviation: squared === undefined ? null : Math.sqrt(squared),
  };
}

/**
 * The share of the variance that lies within groups of m ≥ 2 values each: σ² ÷ (σ² + τ²) of the model value = group's mean
 * (variance τ²) + rest (variance σ²), by the estimators of a one-way analysis of variance, τ² taken as 0 where its own is
 * below (Searle, Casella & McCulloch 1992, chapter 3). NaN where all values are one.
 */
export function shareWithin(groups: readonly (readonly number[])[]): number {
  const within = mean(groups, (values) => variance(values)) ?? NaN;
  const means = groups.map((values) => mean(values) ?? NaN);
  const between = (variance(means) ?? NaN) - within / groups[0].length;
  return within / (within + Math.max(0, between));
}

/** `of`: a trial's number. `perturbed` are of some of the seeds of `outcomes`, and of each as many. */
export function roundingSpreads(
  outcomes: readonly Outcome[],
  perturbed: readonly Outcome[],
  of: (outcome: Outcome) => number,
  bootstrap: () => NumpyRandomState,
): SpreadAt[] {
  const members = group(
    perturbed,
    ({ point }) => pointKey(point),
    ({ point }) => point.seed,
  );
  return groupPoints(outcomes).map(({ values, width, trials }) => {
    const ofSeed = members.get(pointKey(trials[0].point));
    const groups = trials.flatMap((own) => {
      const moved = ofSeed?.get(own.point.seed);
      return moved ? [{ seed: own.point.seed, numbers: [own, ...moved].map(of) }] : [];
    });
    const rounding = groups.map(({ seed, numbers }) => ({ ...dispersion(numbers), seed }));
    const deviations = rounding.map(({ deviation }) => deviation ?? NaN);
    const pooled = Math.sqrt(mean(deviations.map((one) => one ** 2)) ?? NaN);
    const isKnown = !deviations.some(Number.isNaN) && groups.length > 0;
    return {
      ...{ values, width, seeds: dispersion(trials.map(of)), rounding },
      deviation: isKnown ? pooled : null,
      share: shareOf(
        groups.map(({ numbers }) => numbers),
        bootstrap,
      ),
    };
  });
}

function shareOf(
  groups: readonly (readonly number[])[],
  bootstrap: () => NumpyRandomState,
): Share | null {
  if (groups.length < 2 || !groups.flat().every(Number.isFinite)) return null;
  const value = shareWithin(groups);
  if (Number.isNaN(value)) return null;
  // A draw of seeds without any spread has no share of its own; that of all seeds stands in.
  const drawn = (units: Uint32Array) => {
    const share = shareWithin(Array.from(units, (unit) => groups[unit]));
    return Number.isNaN(share) ? value : share;
  };
  return { value, ...bootstrapInterval(groups.length, drawn, bootstrap()) };
}
