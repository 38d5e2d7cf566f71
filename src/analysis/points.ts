// Outcomes by the points of their study: what several seeds of one have in common, and how one is told from the others.

import { group } from "d3-array";

import { axisName, pointKey, widthOf, type Point } from "../records/point.ts";
import type { Outcome } from "./outcome.ts";

/** What stands at a point: a summary, a band. */
export interface AtPoint {
  readonly values: Point["values"];
}

/** The outcomes of each point, in ascending order of width, else in the order given. */
export function groupPoints(outcomes: readonly Outcome[]): {
  readonly values: Point["values"];
  readonly width: number;
  readonly trials: readonly Outcome[];
}[] {
  return [...group(outcomes, ({ point }) => pointKey(point)).values()]
    .map((trials) => ({
      ...{ values: trials[0].point.values, width: widthOf(trials[0]) },
      trials,
    }))
    .sort((a, b) => a.width - b.width);
}

/** The axes that tell points apart; the width where none does. */
export function varyingAxes(points: readonly AtPoint[]): string[] {
  const first = points.at(0)?.values ?? {};
  const varying = Object.keys(first).filter((axis) =>
    points.some(({ values }) => values[axis] !== first[axis]),
  );
  // Where layers vary, their widths do with them.
  const told = varying.some((axis) => axis.startsWith("model.hidden"))
    ? varying.filter((axis) => axis !== "width")
    : varying;
  return told.length === 0 ? ["width"] : told;
}

/** "width 32, label noise 0.2" */
export function axesText({ values }: AtPoint, axes: readonly string[]): string {
  const named = Object.keys(values);
  return axes.map((axis) => `${axisName(axis, named)} ${values[axis]}`).join(", ");
}

/** Points that have all but some axes in common, in their order: of groupPoints, by the width. */
export interface Line<Of extends AtPoint> {
  /** Names what they have in common, as `axesText`; "" where nothing else tells points apart. */
  readonly name: string;
  /** As pointKey, without these axes. */
  readonly key: string;
  readonly points: readonly Of[];
}

/** Lines along the width, or other axes; in the order in which their first points come. */
export function linesOf<Of extends AtPoint>(
  points: readonly Of[],
  along: readonly string[] = ["width"],
): Line<Of>[] {
  const varying = varyingAxes(points);
  const axes = varying.filter((axis) => !along.includes(axis));
  // Where layers vary, so does the width with them.
  const told = varying.includes("width") ? along : [...along, "width"];
  const keyOf = ({ values }: Of) =>
    Object.entries(values)
      .filter(([axis]) => !told.includes(axis))
      .map(([axis, value]) => `${axis}=${value}`)
      .join(",");
  return [...group(points, keyOf)].map(([key, ofLine]) => ({
    name: axes.length === 0 ? "" : axesText(ofLine[0], axes),
    key,
    points: ofLine,
  }));
}
