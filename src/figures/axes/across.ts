// The axis that points are drawn across: the width, or the numbers that are swept in its place.

import { sort } from "d3-array";
import { scaleLinear, scaleLog, scalePoint, scaleSymlog } from "d3-scale";

import type { PointSummary } from "../../analysis/summary.ts";
import { axisName } from "../../records/point.ts";

type Placed = Pick<PointSummary, "values" | "width">;

export interface Across {
  readonly axis: string;
  /** As sentences and the axis call it. */
  readonly name: string;
  readonly title: string;
  /** Empty where values lie at even distances. */
  readonly scale: "logarithmic" | "linear" | "";
  readonly values: readonly (number | string)[];
  readonly of: (summary: Placed) => string;
  readonly at: (range: readonly [number, number]) => (summary: Placed) => number;
}

/** The width where it varies, else the numbers that vary the most, else what there is. */
export function acrossOf(axes: readonly string[], summaries: readonly Placed[]): Across {
  const valuesOf = (axis: string) => [...new Set(summaries.map(({ values }) => values[axis]))];
  const isNumeric = (axis: string) => valuesOf(axis).every((value) => typeof value === "number");
  const numeric = sort(axes.filter(isNumeric), (axis) => -valuesOf(axis).length);
  const axis = axes.includes("width") ? "width" : (numeric.at(0) ?? axes[0]);
  const name = axisName(axis, axes);
  const known = valuesOf(axis);
  const values = isNumeric(axis) ? sort(known, Number) : known;
  const of = (summary: Placed) => String(summary.values[axis] ?? summary.width);
  const common = {
    ...{ axis, name, values, of },
    title: axis === "width" ? "hidden width" : name,
  };
  if (values.length < 2 || !isNumeric(axis))
    return {
      ...common,
      scale: axis === "width" ? "logarithmic" : "",
      at: (range) => {
        const place = scalePoint(values.map(String), range).padding(values.length < 2 ? 1 : 0);
        return (summary) => place(of(summary)) ?? (range[0] + range[1]) / 2;
      },
    };
  const numbers = values.map(Number);
  const [low, high] = [numbers[0], numbers[numbers.length - 1]];
  const isLog = axis === "width" || (low > 0 && high >= 20 * low);
  return {
    ...common,
    scale: isLog ? "logarithmic" : "linear",
    at: (range) => {
      // A logarithm has no place for softmax regression's width 0; log(1 + width) has.
      const scale = !isLog
        ? scaleLinear([low, high], range)
        : low === 0
          ? scaleSymlog([low, high], range)
          : scaleLog([low, high], range).base(2);
      return ({ values }) => scale(Number(values[axis]));
    },
  };
}
