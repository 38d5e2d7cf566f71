// Rings on the lane of no error where each point first interpolates, and the pass above it.

import type { PointSummary } from "../../analysis/summary.ts";
import { spreadLabels } from "../axes/spread-labels.ts";
import { element, text, textWidth } from "../svg.ts";
import type { Panel } from "./panel.ts";

/** A number farther from its ring, in px, is left to the figure of interpolation. */
const FARTHEST = 40;

/** Without the numbers. `summaries`: of the lines, in their order. */
export function markRings(panel: Panel, summaries: readonly PointSummary[]): string[] {
  return marksOf(panel, summaries).map(({ x, y, style }) =>
    element("circle", {
      ...{ cx: x, cy: y, r: 3.4 },
      fill: "#ffffff",
      stroke: style.color,
      "stroke-width": 1.6,
    }),
  );
}

/** As `markRings`. */
export function drawRings(panel: Panel, summaries: readonly PointSummary[]): string {
  const { frame } = panel;
  const rings = markRings(panel, summaries);
  const marks = marksOf(panel, summaries);
  const widest = Math.max(0, ...marks.map(({ pass }) => textWidth(String(pass), 10.5)));
  const places = spreadLabels(
    marks.map((mark) => mark.x),
    widest + 3,
    [frame.left, frame.right],
  );
  const readable = places?.every(
    (place, index) => Math.abs(place - (marks[index]?.x ?? 0)) < FARTHEST,
  );
  if (places === null || !readable) return element("g", {}, ...rings);
  const labels = marks.map((mark, index) => {
    const place = places[index] ?? mark.x;
    return [
      element("path", {
        d: `M${mark.x.toFixed(1)} ${(mark.y - 3.4).toFixed(1)}V${(frame.top - 3).toFixed(1)}L${place.toFixed(1)} ${(frame.top - 8).toFixed(1)}`,
        fill: "none",
        stroke: mark.style.color,
        "stroke-width": 0.8,
      }),
      text(String(mark.pass), {
        x: place,
        y: frame.top - 10.5,
        "text-anchor": "middle",
        "font-size": 10.5,
        "font-weight": 600,
        fill: mark.style.color,
      }),
    ].join("");
  });
  return element("g", {}, ...labels, ...rings);
}

function marksOf({ series, x, vertical }: Panel, summaries: readonly PointSummary[]) {
  return series.flatMap(({ style, index }, place) => {
    const pass = summaries[place].median;
    return pass === null ? [] : [{ pass, style, x: x(pass), y: vertical.y(1, index) }];
  });
}
