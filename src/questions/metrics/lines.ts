// What of a metric is answered: its medians at the points, and the shape of each line of them.

import { sort } from "d3-array";

import { smallestInterpolatingWidth } from "../../analysis/interpolation.ts";
import { drawnShape, type LineShape, type ShapeNumber } from "../../analysis/line-shape.ts";
import { metricAt, type MetricPlace } from "../../analysis/metric.ts";
import { linesOf, type Line } from "../../analysis/points.ts";
import { meanDifference } from "../../analysis/statistics/mean.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { remembered } from "../../base/remembered.ts";
import { bootstrapEstimate, fieldsOf, medianEstimate, type Estimate } from "../estimate.ts";
import { perPoint } from "../point-table.ts";
import type { Findings } from "../question.ts";

/** Which metric, where in the trajectories, and against which axis. */
export interface AskedMetric {
  readonly metric: string;
  readonly at: MetricPlace;
  readonly against: string;
}

/** A point of a line's shape, with its number. */
export interface ShapePlace {
  /** The axis' value there. */
  readonly name: string;
  /** That value; its index where it is a word, and then without an interval. */
  readonly at: Estimate;
  readonly value: Estimate;
}

export interface MetricLine {
  readonly line: Line<PointSummary>;
  /** null where no point has a value. */
  readonly shape: {
    readonly largest: ShapePlace;
    readonly smallest: ShapePlace;
    /** null of fewer than three points. */
    readonly peak: (ShapePlace & { readonly rise: Estimate }) | null;
    /** The share of draws in which the largest lies between others; null of a single seed. */
    readonly interior: number | null;
  } | null;
  /** The mean over seeds of what changes from the first point to the last; null where a seed has no value, or there is one. */
  readonly change: Estimate | null;
  /** The smallest width that interpolates in most seeds; null where none does, and where the axis is another. */
  readonly threshold: number | null;
}

export interface MetricAnswer extends AskedMetric {
  readonly lines: readonly MetricLine[];
  readonly seeds: number;
  readonly valueAt: (summary: PointSummary) => Estimate;
}

export function metricAnswer({ result, points }: Findings, asked: AskedMetric): MetricAnswer {
  const { metric, at, against } = asked;
  const { zip = [] } = result.study.sweep;
  const joined = zip.find((axes) => axes.includes(against)) ?? [];
  const seeds = points[0].trials.length;
  const valuesOf = remembered(({ trials }: PointSummary) =>
    trials.map(({ outcome }) => metricAt(outcome, metric, at)),
  );
  const isNumeric = points.every((point) => typeof point.values[against] === "number");
  const ordered = isNumeric ? sort(points, (point) => Number(point.values[against])) : points;
  const lines = linesOf(ordered, [against, ...joined]).map((line): MetricLine => {
    const values = line.points.map(valuesOf);
    const [first, last] = [values[0], values[values.length - 1]];
    const finite = [...first, ...last].every(Number.isFinite);
    const outcomes = line.points.flatMap(({ trials }) => trials.map(({ outcome }) => outcome));
    return {
      line,
      shape: shapeOf(line.points, values, against, result.bootstrap()),
      change: finite && seeds > 1 && values.length > 1 ? changeOf(first, last) : null,
      threshold: against === "width" ? smallestInterpolatingWidth(outcomes) : null,
    };
  });
  return { ...asked, lines, seeds, valueAt: (summary) => medianEstimate(valuesOf(summary)) };
}

function changeOf(first: readonly number[], last: readonly number[]): Estimate {
  const { mean, low, high } = meanDifference(last, first);
  const by = `Student's 95 % interval of the mean difference, paired over ${first.length} seeds`;
  return { value: mean, interval: [low, high], by };
}

function shapeOf(
  points: readonly PointSummary[],
  values: readonly (readonly number[])[],
  against: string,
  stream: ReturnType<Findings["result"]["bootstrap"]>,
): MetricLine["shape"] {
  const axis = points.map((point) => point.values[against]);
  const isNumeric = axis.every((value) => typeof value === "number");
  const x = axis.map((value, index) => (isNumeric ? Number(value) : index));
  const drawn = drawnShape(
    x.map((place, index) => ({ x: place, values: values[index] })),
    stream,
  );
  if (drawn === null) return null;
  const { shape, intervals, interior } = drawn;
  const seeds = values[0].length;
  const estimate = (value: number, name: ShapeNumber, isKnown = true): Estimate =>
    bootstrapEstimate(value, intervals && isKnown ? intervals[name] : null, seeds);
  const place = (of: LineShape["largest"], name: "largest" | "smallest" | "peak"): ShapePlace => ({
    name: String(axis[of.at]),
    at: estimate(x[of.at], `${name}_at`, isNumeric),
    value: estimate(of.value, name),
  });
  const { largest, smallest, peak } = shape;
  return {
    largest: place(largest, "largest"),
    smallest: place(smallest, "smallest"),
    peak: peak && { ...place(peak, "peak"), rise: estimate(peak.rise, "rise") },
    interior,
  };
}

/** As a part of summary.json; several lines by their keys. */
export function fieldsOfMetric(findings: Findings, answer: MetricAnswer) {
  const { metric: of, at, against, lines, valueAt } = answer;
  return {
    ...{ of, at, against },
    points: perPoint(findings, (summary) => fieldsOf(valueAt(summary))),
    ...(lines.length === 1
      ? fieldsOfLine(lines[0])
      : { lines: Object.fromEntries(lines.map((one) => [one.line.key, fieldsOfLine(one)])) }),
  };
}

function fieldsOfLine({ shape, change, threshold }: MetricLine) {
  const place = (of: ShapePlace) => ({
    at: { ...fieldsOf(of.at), ...(of.name !== String(of.at.value) && { value: of.name }) },
    value: fieldsOf(of.value),
  });
  return {
    peak: shape?.peak ? { ...place(shape.peak), rise: fieldsOf(shape.peak.rise) } : null,
    largest: shape && place(shape.largest),
    smallest: shape && place(shape.smallest),
    interior: shape?.interior ?? null,
    change: change && fieldsOf(change),
    threshold,
  };
}
