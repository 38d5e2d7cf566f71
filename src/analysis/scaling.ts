// How the size of what goes into activations, and how far training moves it, scales with width: the coordinate check.

import { extent } from "d3-array";

import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints, linesOf } from "./points.ts";
import { fitPowerLaw, type PowerLaw } from "./statistics/power-law.ts";

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
  /** Of all trials' values against width; null where fewer than two widths have some. */
  readonly law: PowerLaw | null;
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
          const found = points.map(({ width, trials }) => {
            const values = trials.map(({ measured }) => measured?.get(column)?.get(pass) ?? NaN);
            return {
              width,
              values: values.filter((value) => value > 0 && value < Infinity),
              trials,
            };
          });
          const all = found.flatMap(({ width, values }) =>
            values.map((value) => [width, value] as const),
          );
          const isFitted = new Set(all.map(([width]) => width)).size > 1;
          return {
            ...{ line: name, key, layer, isOutput: layer === layers, coordinate, pass },
            points: found.flatMap(({ width, values }) => {
              const [low, high] = extent(values);
              if (low === undefined) return [];
              return [{ width, median: median(values), range: [low, high] as const }];
            }),
            law: isFitted ? fitPowerLaw(all) : null,
            lost: points.reduce((sum, { trials }) => sum + trials.length, 0) - all.length,
          };
        }),
      ),
    );
  });
}

/** Exponents that are as good as none: over a factor of 16 in width, at most a third up or a quarter down. */
export const STILL = 0.1;

/** By the exponent's interval: wholly within ±0.1, above or below; "open" where it is none of these or there is none. */
export function verdictOf(law: PowerLaw | null): "stays" | "grows" | "shrinks" | "open" {
  const { interval = null } = law ?? {};
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
