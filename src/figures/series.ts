// How widths are told apart: each has a color, a marker and a dash pattern of its own, ordered so that
// the wider is the darker. Lightness falls steadily along the ramp, so it survives grey print and
// color-vision deficiencies; the marker does not need color at all.

import { interpolatePlasma } from "d3-scale-chromatic";
import {
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from "d3-shape";

import { bands, type Band } from "../analysis/bands.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { element } from "./svg.ts";

export interface Style {
  readonly color: string;
  readonly dash: string | undefined;
  /** The marker around (x, y); `size` is its area in px², `open` leaves its inside white. */
  readonly marker: (x: number, y: number, form?: { size?: number; open?: boolean }) => string;
}

/** One width's line: what it shows, how it looks, and its place among the widths, from the narrowest. */
export interface Series {
  readonly band: Band;
  readonly style: Style;
  readonly index: number;
}

/** A triangle with the point down; methods as d3-shape's own symbol types. */
const symbolTriangleDown: SymbolType = {
  draw(context, size) {
    const y = -Math.sqrt(size / (Math.sqrt(3) * 3));
    context.moveTo(0, -y * 2);
    context.lineTo(-Math.sqrt(3) * y, y);
    context.lineTo(Math.sqrt(3) * y, y);
    context.closePath();
  },
};

const SHAPES = [
  symbolCircle,
  symbolTriangle,
  symbolSquare,
  symbolTriangleDown,
  symbolDiamond,
  symbolWye,
];
const DASHES = [undefined, "7 2.5", "2.5 2", "9 2 2 2"];

/** The lightest color that is still seen on white, and the darkest. */
const LIGHTEST = 0.74;
const DARKEST = 0.0;

/** The style of the line with this index among `count`, counted from the narrowest width to the widest. */
export function style(index: number, count: number): Style {
  const share = count === 1 ? 1 : index / (count - 1);
  const color = interpolatePlasma(LIGHTEST + (DARKEST - LIGHTEST) * share);
  const shape = SHAPES[index % SHAPES.length] ?? symbolCircle;
  const turn = Math.floor(index / SHAPES.length);
  return {
    color,
    dash: DASHES[turn % DASHES.length],
    marker: (x, y, { size = 30, open = turn % 2 === 1 } = {}) =>
      element("path", {
        d: symbol(shape, size).digits(2)() ?? "",
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
        fill: open ? "#ffffff" : color,
        stroke: open ? color : "#ffffff",
        "stroke-width": open ? 1.3 : 0.8,
      }),
  };
}

/** One for each width, in ascending order. */
export function seriesOf(outcomes: readonly Outcome[]): Series[] {
  const ofWidths = bands(outcomes);
  return ofWidths.map((band, index) => ({ band, style: style(index, ofWidths.length), index }));
}

/** A saltire, the mark of a diverged trial. */
export function cross(x: number, y: number, color: string, size = 3.6): string {
  return element("path", {
    d: `M${(x - size).toFixed(1)} ${(y - size).toFixed(1)}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`,
    stroke: color,
    "stroke-width": 1.8,
    fill: "none",
  });
}
