// The legend of widths: as many rows as it takes.

import type { Series } from "../series.ts";
import { FAINT_INK, INK, element, text, textWidth } from "../svg.ts";

const LEAD = "hidden width";
const ROW = 18;

/** Where it begins and must end, and the middle of its first row; in px. */
export interface LegendPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Of more, every second width is named alone, or every third. */
  readonly mostRows?: number;
}

/** `height`: of its rows, in px. */
export function drawLegend(
  series: readonly Series[],
  place: LegendPlace,
): { svg: string; height: number } {
  const { left, top, mostRows = Infinity } = place;
  let named = arrange(series, place);
  for (let stride = 2; (named.at(-1)?.row ?? 0) >= mostRows; stride++) {
    named = arrange(
      series.filter((_, index) => index % stride === 0),
      place,
    );
  }
  const entries = named.map(({ band, style, x, row }) => {
    const y = top + row * ROW;
    return [
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
      text(String(band.width), { x: x + 36, y: y + 4, fill: INK }),
    ].join("");
  });
  return {
    svg: element("g", {}, text(LEAD, { x: left, y: top + 4, fill: FAINT_INK }), ...entries),
    height: ((named.at(-1)?.row ?? 0) + 1) * ROW,
  };
}

/** From left to right, row by row. */
function arrange(
  series: readonly Series[],
  { left, right }: LegendPlace,
): (Series & { x: number; row: number })[] {
  const start = left + textWidth(LEAD, 11) + 6;
  let end = start;
  let row = 0;
  return series.map((one) => {
    const size = 36 + textWidth(String(one.band.width), 11) + 14;
    if (end + size > right) {
      end = start;
      row++;
    }
    const x = end;
    end += size;
    return { ...one, x, row };
  });
}
