// Lines through points that have a range each: a band along the line or, where so many bands would bury each other, a
// bar at each mark.

import { area, line } from "d3-shape";

import type { Style } from "../series.ts";
import { element } from "../svg.ts";
import { MOST_BANDS } from "./ranges.ts";

/** In px; what has no place on the scales is null. */
export interface RangedPoint {
  readonly x: number;
  readonly y: number;
  /** Both or none. */
  readonly low?: number;
  readonly high?: number;
}

export interface RangedLine {
  readonly points: readonly (RangedPoint | null)[];
  readonly style: Style;
  /** No marks. */
  readonly plain: boolean;
  /** Whether its points are joined. */
  readonly joined: boolean;
}

/** More marks than these in a figure, and each line has a few, at other places than its neighbours. */
const MOST_MARKS = 90;
/** Of those few, of a line. */
const MARKS = 5;

/** Bands first, then lines from the last to the first, which is the lightest and must not be covered, then bars and marks. */
export function drawRangedLines(lines: readonly RangedLine[]): string {
  const isBanded = lines.filter(({ points }) => points.some(hasRange)).length <= MOST_BANDS;
  const marks = lines.reduce((sum, one) => sum + (one.plain ? 0 : one.points.length), 0);
  const backwards = [...lines].reverse();
  return element(
    "g",
    {},
    ...(isBanded ? backwards.map(drawBand) : []),
    ...backwards.map((one) => (one.joined ? drawLine(one, lines.length) : "")),
    ...lines
      .map((one, index) => {
        const marked = marks > MOST_MARKS ? few(one.points, index, lines.length) : one.points;
        const { style, plain, points, joined } = one;
        return marked.flatMap((point) => {
          if (point === null) return [];
          const isBarred = !isBanded || !joined || isAlone(points, points.indexOf(point));
          const bar = isBarred ? drawBar(point, style.color) : "";
          return plain ? [bar] : [bar, style.marker(point.x, point.y)];
        });
      })
      .flat(),
  );
}

function drawBand({ points, style, joined }: RangedLine): string {
  if (!joined) return "";
  const band = area<RangedPoint | null>()
    .digits(2)
    .defined((point) => point !== null && hasRange(point))
    .x((point) => point?.x ?? 0)
    .y0((point) => point?.low ?? 0)
    .y1((point) => point?.high ?? 0);
  const d = band(points);
  return d === null ? "" : element("path", { d, fill: style.color, opacity: 0.16 });
}

function drawLine({ points, style }: RangedLine, count: number): string {
  const path = line<RangedPoint | null>()
    .digits(2)
    .defined((point) => point !== null)
    .x((point) => point?.x ?? 0)
    .y((point) => point?.y ?? 0);
  const d = path(points);
  if (d === null) return "";
  return element("path", {
    ...{ d, fill: "none", stroke: style.color },
    "stroke-width": count > MOST_BANDS ? 1.1 : 1.4,
    ...{ "stroke-linejoin": "round", "stroke-dasharray": style.dash },
  });
}

function drawBar({ x, low, high }: RangedPoint, color: string): string {
  if (low === undefined || high === undefined) return "";
  const at = x.toFixed(1);
  const [from, to] = [low.toFixed(1), high.toFixed(1)];
  return element("path", {
    ...{ d: `M${at} ${from}V${to}m-2 0h4M${at} ${from}m-2 0h4`, fill: "none", stroke: color },
  });
}

/** Evenly along the line, the first of them by the line's place. */
function few(
  points: readonly (RangedPoint | null)[],
  index: number,
  count: number,
): (RangedPoint | null)[] {
  const step = points.length / Math.min(MARKS, points.length);
  const start = (step * (index + 0.5)) / count;
  const places = new Set<number>();
  for (let at = start; at < points.length; at += step) places.add(Math.floor(at));
  return [...places].map((place) => points[place]);
}

function hasRange(point: RangedPoint | null): boolean {
  return point?.low !== undefined && point.high !== undefined;
}

/** Whether a band has no width here, as nothing lies beside the point. */
function isAlone(points: readonly (RangedPoint | null)[], place: number): boolean {
  return (
    !hasRange(points.at(place - 1 < 0 ? points.length : place - 1) ?? null) &&
    !hasRange(points.at(place + 1) ?? null)
  );
}
