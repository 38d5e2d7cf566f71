// A line for each point with its markers, and a cross where a trial diverged.

import { line } from "d3-shape";

import {
  measure as measured,
  type Band,
  type BandPoint,
  type Divergence,
} from "../../analysis/bands.ts";
import { cross } from "../series.ts";
import { element } from "../svg.ts";
import { isDrawable, markerPoints, MOST_MARKED } from "./marker-points.ts";
import type { Panel } from "./panel.ts";
import { drawRanges } from "./ranges.ts";

/** `clip`: an id that no other element of the document has. */
export function drawLines(panel: Panel, clip: string): string {
  const { frame } = panel;
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
    element(
      "g",
      { "clip-path": `url(#${clip})` },
      ...drawRanges(panel),
      ...drawMedians(panel),
      ...drawMarkers(panel),
    ),
    ...drawCrosses(panel),
  );
}

/** From the widest to the narrowest: the narrow ones are the lighter and must not be covered. */
function drawMedians({ series, measure, x, vertical }: Panel): string[] {
  return [...series].reverse().map(({ band, style, index }) => {
    const path = line<BandPoint>()
      .digits(2)
      .defined(isDrawable(measure))
      .x((point) => x(point.pass))
      .y((point) => vertical.y(point[measure].median, index));
    return element("path", {
      d: path(band.points) ?? "",
      fill: "none",
      stroke: style.color,
      "stroke-width": series.length > MOST_MARKED ? 1 : 1.3,
      "stroke-linejoin": "round",
      "stroke-dasharray": style.dash,
    });
  });
}

function drawMarkers(panel: Panel): string[] {
  const { series, measure, x, vertical, markers } = panel;
  const form = markers && { size: markers.size };
  return series.flatMap((one) =>
    markerPoints(one, panel).map((point) =>
      one.style.marker(x(point.pass), vertical.y(point[measure].median, one.index), form),
    ),
  );
}

/** Crosses of a width beyond which each pass has one. */
const MOST_CROSSES = 200;

function crossed({ divergences }: Band): readonly Divergence[] {
  if (divergences.length <= MOST_CROSSES) return divergences;
  return [...new Map(divergences.map((one) => [one.last.pass, one])).values()];
}

function drawCrosses({ series, measure, frame, x, vertical }: Panel): string[] {
  return series.flatMap(({ band, style, index }) =>
    crossed(band).map(({ last }) => {
      const y = Math.min(vertical.y(measured(last, measure), index), frame.bottom);
      return cross(x(last.pass), y, style.color);
    }),
  );
}
