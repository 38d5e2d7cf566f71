// Sharpness against passes, a line a point, beside the curvature that descent at the study's rate can bear; and at the end
// against width.

import { extent, group } from "d3-array";

import type { SharpnessPath } from "../analysis/edge.ts";
import { threeDigits } from "../base/numbers.ts";
import { median } from "../analysis/median.ts";
import { linesOf, type AtPoint } from "../analysis/points.ts";
import { againstFigure, type Against, type AgainstLine, type AgainstPoint } from "./against.ts";
import type { FigureSize } from "./size.ts";
import type { Figure } from "./svg.ts";

/** Of the trials of a point. */
export interface NamedPaths {
  readonly name: string;
  readonly paths: readonly SharpnessPath[];
}

/** Points with a line of their own, and limits that differ. */
const MOST_LINES = 12;
const MOST_LIMITS = 4;
/** Of a training that diverges, as a multiple of all sharpness at the beginning and of all limits: beyond it nothing is drawn. */
const MOST_BEYOND = 100;

/** `limit`: how the curvature is called, "2/η". */
export function sharpnessFigure(
  points: readonly NamedPaths[],
  limit: string,
  size: FigureSize = "paper",
): Figure {
  const drawn = every(points, MOST_LINES);
  const passes = [
    ...new Set(
      drawn.flatMap(({ paths }) => paths.flatMap(({ rows }) => rows.map(({ pass }) => pass))),
    ),
  ];
  const isSpread =
    passes.length > 2 &&
    passes.some((pass, i) => i > 1 && pass - passes[i - 1] !== passes[1] - passes[0]);
  const limits = new Map(drawn.map((one) => [limitKey(one), one]));
  const isDrawn = limits.size <= MOST_LIMITS;
  const { levels, lines } = isDrawn
    ? limitMarks([...limits.values()], limit)
    : { levels: [], lines: [] };
  const most = MOST_BEYOND * mostAtFirst(drawn);
  const paths = drawn.map(({ name, paths }) => ({ name, points: spread(paths) }));
  const isWithin = ({ y }: AgainstPoint) => y <= most;
  const isCut = paths.some(({ points }) => !points.every(isWithin));
  return againstFigure(
    {
      name: "sharpness",
      title: "Sharpness against passes",
      caption:
        "The largest eigenvalue of the training objective's Hessian after each evaluated pass: medians over seeds, with the range." +
        (drawn.some(({ paths }) => paths.length > 1 && paths.some(({ stopped }) => stopped))
          ? " A trial that the study's rules stopped keeps its last value."
          : "") +
        (drawn.length < points.length
          ? ` Of ${points.length} points ${drawn.length} are drawn.`
          : "") +
        (isCut
          ? ` What lies beyond ${threeDigits(most)}, as where training diverges, is left out.`
          : "") +
        (isDrawn && levels.length + lines.length > 0
          ? ` Dashed: ${limit}, above which gradient descent is unstable.`
          : ""),
      x: { label: "passes", scale: isSpread ? "log" : "linear" },
      y: { label: "sharpness", scale: "log" },
      lines: [...paths.map((one) => ({ ...one, points: one.points.filter(isWithin) })), ...lines],
      levels,
    },
    size,
  );
}

export function sharpnessWidthFigure(
  points: readonly (AtPoint & { readonly width: number })[],
  edges: readonly NamedPaths[],
  limit: string,
  size: FigureSize = "paper",
): Figure {
  const place = new Map(points.map((point, index) => [point, index]));
  const lines = linesOf(points).slice(0, MOST_LINES);
  const at = (point: (typeof points)[number]) => edges[place.get(point) ?? 0].paths;
  const levels = new Set(points.flatMap((point) => at(point)[0].rows.at(-1)?.limit ?? []));
  const [level] = levels;
  return againstFigure(
    {
      name: "sharpness-width",
      title: "Sharpness at the end against width",
      caption:
        "The largest eigenvalue of the training objective's Hessian after the last pass: medians over seeds, with the range.",
      x: { label: "hidden width", scale: "log" },
      y: { label: "sharpness at the end", scale: "log" },
      lines: lines.map((line): AgainstLine => ({
        name: line.name,
        points: line.points.flatMap((point) =>
          pointOf(
            point.width,
            at(point).flatMap(({ rows }) => rows.at(-1)?.sharpness ?? []),
          ),
        ),
      })),
      levels: levels.size === 1 ? [{ y: level, label: limit }] : [],
    },
    size,
  );
}

function mostAtFirst(points: readonly NamedPaths[]): number {
  const all = points.flatMap(({ paths }) => paths.map(({ rows }) => rows));
  return Math.max(
    ...all.flatMap((rows) => rows.slice(0, 1)).map(({ sharpness }) => sharpness),
    ...all.flat().map(({ limit }) => limit ?? 0),
  );
}

/** At most `most` of them, at even distances, the first and the last among them. */
function every<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))],
  );
}

function pointOf(x: number, values: readonly number[]): AgainstPoint[] {
  const [low, high] = extent(values);
  return low === undefined ? [] : [{ ...{ x, y: median(values), low, high } }];
}

/** One that was stopped keeps its last value, as the bands of curves do. */
function spread(paths: readonly SharpnessPath[]): AgainstPoint[] {
  const kept = paths.flatMap(({ rows, stopped }) => (stopped ? rows.slice(-1) : []));
  const byPass = group(
    paths.flatMap(({ rows }) => rows),
    ({ pass }) => pass,
  );
  return [...byPass]
    .sort(([a], [b]) => a - b)
    .flatMap(([pass, rows]) =>
      pointOf(
        pass,
        [...rows, ...kept.filter((last) => last.pass < pass)].map(({ sharpness }) => sharpness),
      ),
    );
}

function limitPoints({ paths }: NamedPaths): AgainstPoint[] {
  return (paths[0]?.rows ?? []).flatMap(({ pass, limit }) =>
    limit === null ? [] : [{ x: pass, y: limit }],
  );
}

/** Trials of one limit may have ended after different passes. */
function limitKey(one: NamedPaths): string {
  const values = limitPoints(one).map(({ y }) => y);
  return new Set(values).size < 2 ? String(values[0]) : values.join();
}

/** A limit that stays as a level, another one as a line. */
function limitMarks(
  all: readonly NamedPaths[],
  limit: string,
): { readonly levels: NonNullable<Against["levels"]>; readonly lines: readonly AgainstLine[] } {
  const named = all.map((one) => ({
    points: limitPoints(one),
    name: all.length === 1 ? limit : `${limit}, ${one.name}`,
  }));
  const isLevel = ({ points }: (typeof named)[number]) =>
    points.every(({ y }) => y === points[0].y);
  return {
    levels: named
      .filter((one) => one.points.length > 0 && isLevel(one))
      .map(({ name, points }) => ({ y: points[0].y, label: name })),
    lines: named
      .filter((one) => !isLevel(one))
      .map((one) => ({ ...one, dashed: true, plain: true })),
  };
}
