// The legend of widths: as many rows as it takes.

import type { Series } from "../series.ts";
import { FAINT_INK, INK, element, text, textWidth } from "../svg.ts";

const ROW = 18;

/** Where it begins and must end, and the middle of its first row; in px. */
export interface LegendPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** `height`: of its rows, in px. */
export function drawLegend(
  series: readonly Series[],
  { left, right, top }: LegendPlace,
): { svg: string; height: number } {
  const lead = "hidden width";
  const start = left + textWidth(lead, 11) + 6;
  let x = start;
  let rows = 1;
  const entries = series.map(({ band, style }) => {
    const label = String(band.width);
    const size = 36 + textWidth(label, 11) + 14;
    if (x + size > right) {
      x = start;
      rows++;
    }
    const y = top + (rows - 1) * ROW;
    const entry = [
      element("line", {
        x1: x,
        y1: y,
        x2: x + 30,
        y2: y,
        stroke: style.color,
        "stroke-width": 1.6,
        "stroke-dasharray": style.dash,
      }),
      style.marker(x + 15, y, { size: 36 }),
      text(label, { x: x + 36, y: y + 4, fill: INK }),
    ].join("");
    x += size;
    return entry;
  });
  return {
    svg: element("g", {}, text(lead, { x: left, y: top + 4, fill: FAINT_INK }), ...entries),
    height: rows * ROW,
  };
}
