// A line for each width with its marker, the range over its seeds, and a cross where a trial diverged.

import { least } from "d3-array";
import { area, line } from "d3-shape";

import { measure, type BandPoint } from "../../analysis/bands.ts";
import { cross, type Series } from "../series.ts";
import { element } from "../svg.ts";
import type { Panel } from "./panel.ts";

/** `clip`: an id that no other element of the document has. */
export function drawLines(panel: Panel, clip: string): string {
  const { series, measure: name, frame, x, vertical } = panel;
  const drawable = (point: BandPoint): boolean => Number.isFinite(point[name].median);
  // From the widest to the narrowest: the narrow ones are the lighter and must not be covered.
  const drawn = [...series].reverse().map(({ band, style, index }) => {
    const { y } = vertical;
    const range = area<BandPoint>()
      .digits(2)
      .defined(drawable)
      .x((point) => x(point.pass))
      .y0((point) => y(point[name].minimum, index))
      .y1((point) => y(point[name].maximum, index));
    const middle = line<BandPoint>()
      .digits(2)
      .defined(drawable)
      .x((point) => x(point.pass))
      .y((point) => y(point[name].median, index));
    return [
      band.trials > 1
        ? element("path", { d: range(band.points) ?? "", fill: style.color, opacity: 0.16 })
        : "",
      element("path", {
        d: middle(band.points) ?? "",
        fill: "none",
        stroke: style.color,
        "stroke-width": 1.3,
        "stroke-linejoin": "round",
        "stroke-dasharray": style.dash,
      }),
    ].join("");
  });
  const markers = series.flatMap((one) =>
    markerPoints(one, panel)
      .filter(drawable)
      .map((point) => one.style.marker(x(point.pass), vertical.y(point[name].median, one.index))),
  );
  const crosses = series.flatMap(({ band, style, index }) =>
    band.divergences.map(({ last }) =>
      cross(
        x(last.pass),
        Math.min(vertical.y(measure(last, name), index), frame.bottom),
        style.color,
      ),
    ),
  );
  return element(
    "g",
    {},
    element(
      "clipPath",
      { id: clip },
      element("rect", {
        x: frame.left,
        y: frame.top - 5,
        width: frame.right - frame.left + 6,
        height: frame.bottom - frame.top + 5,
      }),
    ),
    element("g", { "clip-path": `url(#${clip})` }, ...drawn, ...markers),
    ...crosses,
  );
}

/** A few points of a line for its marker, evenly across the frame, other ones for each width. */
function markerPoints({ band, index }: Series, { series, frame, x }: Panel): readonly BandPoint[] {
  const step = (frame.right - frame.left) / 4;
  const wanted = [0, 1, 2, 3].map(
    (turn) => frame.left + step * (turn + (index + 0.7) / (series.length + 0.4)),
  );
  const chosen = wanted.flatMap((target) => {
    const near = least(
      band.points.filter(({ pass }) => pass > 0),
      ({ pass }) => Math.abs(x(pass) - target),
    );
    return near && Math.abs(x(near.pass) - target) < step / 2 ? [near] : [];
  });
  return chosen.length > 0 ? [...new Set(chosen)] : band.points.slice(-1);
}
