// The lines of the figure of interpolation: how points are joined, how lines are called, and how they look.

import { group, sort } from "d3-array";

import type { PointSummary } from "../analysis/summary.ts";
import { enumerate } from "../base/numbers.ts";
import { axisName } from "../records/point.ts";
import type { Across } from "./axes/across.ts";
import { style, type Key, type Style } from "./series.ts";

/** Points that differ along the axis across alone, in its order, and their name. */
export interface Line {
  readonly name: string;
  readonly points: readonly PointSummary[];
}

export function linesAlong(
  across: Across,
  others: readonly string[],
  summaries: readonly PointSummary[],
): Line[] {
  const nameOf = ({ values }: PointSummary) =>
    others.map((axis) => String(values[axis])).join(" · ");
  return [...group(summaries, nameOf)].map(([name, points]) => ({
    name,
    points: sort(points, ({ values }) => across.values.indexOf(values[across.axis])),
  }));
}

export function keyOf(
  lines: readonly Line[],
  others: readonly string[],
  axes: readonly string[],
): Key {
  return {
    axes: others.map((axis) => axisName(axis, axes)).join(" · "),
    entries: lines.map(({ name }, index) => ({ label: name, style: closedStyle(index, lines) })),
  };
}

/** Open marks are those that never interpolate. */
export function closedStyle(index: number, lines: readonly Line[]): Style {
  const own = style(index, lines.length);
  return { ...own, marker: (x, y, form) => own.marker(x, y, { open: false, ...form }) };
}

export function namesOf(others: readonly string[], axes: readonly string[]): string {
  return enumerate(others.map((axis) => axisName(axis, axes)));
}
