// How the size of what goes into activations, and how far training moves it, scales with width: the coordinate check.

import { extent, group } from "d3-array";

import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints, linesOf } from "./points.ts";
import type { Interval } from "./statistics/interval.ts";
import { meanInterval } from "./statistics/mean.ts";
import { fitPowerLaw } from "./statistics/power-law.ts";

export const COORDINATES = ["size", "change"] as const;
export type Coordinate = (typeof COORDINATES)[number];

export const COORDINATE_WORDS: Readonly<Record<Coordinate, string>> = {
  size: "mean size of preactivations",
  change: "mean change of preactivations",
};

const COLUMNS: Readonly<Record<Coordinate, string>> = {
  size: "preactivation",
  change: "preactivation_change",
};

/** Over seeds. */
export interface CoordinateAt {
  readonly width: number;
  readonly median: number;
  readonly range: readonly [number, number];
}

/** A power of the width, as the mean over seeds of each one's. */
export interface Exponent {
  readonly value: number;
  /** Student's over the seeds; null of one. */
  readonly interval: Interval | null;
  /** Those that have values at two widths or more. */
  readonly seeds: number;
}

/** A layer of networks that differ in width alone, after one number of passes. */
export interface CoordinateScaling {
  /** What they have in common, as `linesOf` says it. */
  readonly line: string;
  readonly key: string;
  /** From 1; the output's is the last. */
  readonly layer: number;
  readonly isOutput: boolean;
  readonly coordinate: Coordinate;
  readonly pass: number;
  /** In ascending order of width, of those with a positive, finite value. */
  readonly points: readonly CoordinateAt[];
  /** null where no seed has values at two widths. */
  readonly exponent: Exponent | null;
  /** Trials without a positive, finite value. */
  readonly lost: number;
}

/** Of outcomes with measured preactivations, line by line, layer by layer, after each of `passes`. */
export function coordinateScalings(
  outcomes: readonly Outcome[],
  passes: readonly number[],
): CoordinateScaling[] {
  return linesOf(groupPoints(outcomes)).flatMap(({ name, key, points }) => {
    const layers = points[0].trials[0].record.specification.model.hidden.length + 1;
    const places = Array.from({ length: layers }, (_, index) => index + 1);
    return places.flatMap((layer) =>
      COORDINATES.flatMap((coordinate) =>
        passes.map((pass): CoordinateScaling => {
          const column = `${COLUMNS[coordinate]}_${layer}`;
          const found = points.flatMap(({ width, trials }) =>
            trials.flatMap(({ point: { seed }, measured }) => {
              const value = measured?.get(column)?.get(pass) ?? NaN;
              return value > 0 && value < Infinity ? [{ width, seed, value }] : [];
            }),
          );
          return {
            ...{ line: name, key, layer, isOutput: layer === layers, coordinate, pass },
            points: [...group(found, ({ width }) => width)].map(([width, ofWidth]) => {
              const values = ofWidth.map(({ value }) => value);
              const [low = NaN, high = NaN] = extent(values);
              return { width, median: median(values), range: [low, high] as const };
            }),
            exponent: exponentOf([...group(found, ({ seed }) => seed).values()]),
            lost: points.reduce((sum, { trials }) => sum + trials.length, 0) - found.length,
          };
        }),
      ),
    );
  });
}

/**
 * `seeds`: what each one shows. Seeds share their examples and order, and so part of their luck, at all widths: each has a
 * line of its own, and these lines are independent.
 */
function exponentOf(
  seeds: readonly (readonly { readonly width: number; readonly value: number }[])[],
): Exponent | null {
  const slopes = seeds.flatMap((shown) => {
    const isLine = new Set(shown.map(({ width }) => width)).size > 1;
    return isLine ? [fitPowerLaw(shown.map(({ width, value }) => [width, value])).exponent] : [];
  });
  if (slopes.length === 0) return null;
  if (slopes.length === 1) return { value: slopes[0], interval: null, seeds: 1 };
  const { mean, ...interval } = meanInterval(slopes);
  return { value: mean, interval, seeds: slopes.length };
}

/** Exponents that are as good as none: over a factor of 16 in width, at most a third up or a quarter down. */
export const STILL = 0.1;

/** By its interval: wholly within ±0.1, above or below; "open" where it is none of these or there is none. */
export function verdictOf(exponent: Exponent | null): "stays" | "grows" | "shrinks" | "open" {
  const { interval = null } = exponent ?? {};
  if (interval === null) return "open";
  if (interval.low > STILL) return "grows";
  if (interval.high < -STILL) return "shrinks";
  return interval.low >= -STILL && interval.high <= STILL ? "stays" : "open";
}

/** "layer 1", "output" */
export function layerName({ layer, isOutput }: CoordinateScaling): string {
  return isOutput ? "output" : `layer ${layer}`;
}

/** "layer 1", "parametrization ntk, output" */
export function coordinateName(one: CoordinateScaling): string {
  return one.line === "" ? layerName(one) : `${one.line}, ${layerName(one)}`;
}
