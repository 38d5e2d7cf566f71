// What the styles of lines stand for: as many rows as it takes, those of each key beside its heading.

import type { Key, Style } from "../series.ts";
import { FAINT_INK, INK, element, text, textWidth } from "../svg.ts";

const ROW = 18;
/** A line with its marker, and the gap to its name. */
const SAMPLE = 36;

/** Where it begins and must end, and the middle of its first row; in px. */
export interface LegendPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Of more, every second value is named alone, or every third. */
  readonly mostRows?: number;
}

interface Placed {
  readonly label: string;
  readonly style: Style | null;
  readonly x: number;
  readonly row: number;
}

/** `height`: of its rows, in px. */
export function drawLegend(
  keys: readonly Key[],
  place: LegendPlace,
): { svg: string; height: number } {
  const { left, top, mostRows = Infinity } = place;
  let height = 0;
  const groups = keys.map((key, index) => {
    // Each of them has at least one row.
    const rows = Math.max(1, mostRows - height - (keys.length - 1 - index));
    const named = thinned(key, place, rows);
    const first = height;
    height += (named.at(-1)?.row ?? 0) + 1;
    const entries = named.map(({ label, style, x, row }) => {
      const y = top + (first + row) * ROW;
      if (style === null) return text(label, { x, y: y + 4, fill: INK });
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
        text(label, { x: x + SAMPLE, y: y + 4, fill: INK }),
      ].join("");
    });
    if (key.axes === "") return entries;
    return [text(key.axes, { x: left, y: top + first * ROW + 4, fill: FAINT_INK }), ...entries];
  });
  return { svg: element("g", {}, ...groups.flat()), height: height * ROW };
}

function thinned(key: Key, place: LegendPlace, mostRows: number): Placed[] {
  let named = arrange(key, place);
  for (let stride = 2; (named.at(-1)?.row ?? 0) >= mostRows; stride++) {
    const entries = key.entries.filter((_, index) => index % stride === 0);
    named = arrange({ ...key, entries }, place);
  }
  return named;
}

/** From left to right, row by row. */
function arrange({ axes, entries }: Key, { left, right }: LegendPlace): Placed[] {
  const start = left + textWidth(axes, 11) + 6;
  let end = start;
  let row = 0;
  return entries.map((entry) => {
    const size = (entry.style === null ? 0 : SAMPLE) + textWidth(entry.label, 11) + 14;
    if (end + size > right && end > start) {
      end = start;
      row++;
    }
    const x = end;
    end += size;
    return { ...entry, x, row };
  });
}
