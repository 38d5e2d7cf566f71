// Where a line has its markers.

import { least } from "d3-array";

import type { BandPoint, Measure } from "../../analysis/bands.ts";
import type { Series } from "../series.ts";
import type { Panel } from "./panel.ts";

/** Whether any trial has a finite value there. */
export function isDrawable(measure: Measure): (point: BandPoint) => boolean {
  return (point) => Number.isFinite(point[measure].median);
}

/** More lines than these have one marker each. */
export const MOST_MARKED = 24;
const MARKERS = 4;

/** A few drawable points of a line, evenly across the frame, other ones for each line. */
export function markerPoints(
  { band, index }: Series,
  { series, measure, frame, x, markers }: Panel,
): readonly BandPoint[] {
  const most = series.length > MOST_MARKED ? 1 : Math.min(markers?.most ?? MARKERS, MARKERS);
  const turns = Array.from({ length: most }, (_, turn) => turn);
  const step = (frame.right - frame.left) / turns.length;
  const wanted = turns.map(
    (turn) => frame.left + step * (turn + (index + 0.7) / (series.length + 0.4)),
  );
  const chosen = wanted.flatMap((target) => {
    const near = least(
      band.points.filter(({ pass }) => pass > 0),
      ({ pass }) => Math.abs(x(pass) - target),
    );
    return near && Math.abs(x(near.pass) - target) < step / 2 ? [near] : [];
  });
  const points = chosen.length > 0 ? [...new Set(chosen)] : band.points.slice(-1);
  return points.filter(isDrawable(measure));
}
