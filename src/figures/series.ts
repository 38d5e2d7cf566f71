// How points are told apart. Along one axis each has a color, a marker and a dash pattern of its own, ordered so that
// the wider is the darker; along several the color tells the place on the one with the most values, marker and dash that
// on the others. Lightness falls steadily along the ramp, so it survives grey print and
// color-vision deficiencies; the marker does not need color at all.

import { sort } from "d3-array";
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
import { varyingAxes, type AtPoint } from "../analysis/points.ts";
import { axisName } from "../records/point.ts";
import { INK, element } from "./svg.ts";

export interface Style {
  readonly color: string;
  readonly dash: string | undefined;
  /** The marker around (x, y); `size` is its area in px², `open` leaves its inside white. */
  readonly marker: (x: number, y: number, form?: { size?: number; open?: boolean }) => string;
}

/** One point's line: what it shows, its name at its end, how it looks, and its place among the points, from the narrowest. */
export interface Series {
  readonly band: Band;
  readonly name: string;
  readonly style: Style;
  readonly index: number;
}

/** Styles that stand for values of one axis, or of several together. */
export interface Key {
  readonly axes: string;
  /** Without a style: a name alone. */
  readonly entries: readonly { readonly label: string; readonly style: Style | null }[];
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
  return styled(colorOf(index, count), index);
}

/** As `style`, of lines from the narrowest to the widest, without markers that look like the ring of interpolation. */
export function ringlessStyles(count: number): Style[] {
  const turn = 2 * SHAPES.length;
  const forms = Array.from({ length: 2 * count }, (_, form) => form);
  const ringless = forms.filter((form) => form % turn !== SHAPES.length);
  return ringless.slice(0, count).map((form, index) => styled(colorOf(index, count), form));
}

function colorOf(index: number, count: number): string {
  const share = count === 1 ? 1 : index / (count - 1);
  return interpolatePlasma(LIGHTEST + (DARKEST - LIGHTEST) * share);
}

/** `form`: which marker; those of a turn through all of them have one dash. */
function styled(color: string, form: number, dash = Math.floor(form / SHAPES.length)): Style {
  const shape = SHAPES[form % SHAPES.length] ?? symbolCircle;
  const turn = Math.floor(form / SHAPES.length);
  return {
    color,
    dash: DASHES[dash % DASHES.length],
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

/** One for each point, in ascending order of width, and what their styles stand for. */
export function seriesOf(outcomes: readonly Outcome[]): { series: Series[]; keys: Key[] } {
  const ofPoints = bands(outcomes);
  const axes = varyingAxes(ofPoints);
  const named = Object.keys(ofPoints.at(0)?.values ?? {});
  const nameOf = (names: readonly string[], { values }: Band) =>
    names.map((axis) => String(values[axis])).join(" · ");
  const headingsOf = (names: readonly string[]) =>
    names.map((axis) => headingOf(axis, named)).join(" · ");
  const valuesOf = (names: readonly string[]) => [
    ...new Set(ofPoints.map((band) => nameOf(names, band))),
  ];
  const main = mainAxis(ofPoints, axes);
  const others = axes.filter((axis) => axis !== main);
  const [colors, forms] = [valuesOf([main]), valuesOf(others)];
  const alone = others.length === 0;
  const series = ofPoints.map((band, index): Series => {
    const at = colors.indexOf(nameOf([main], band));
    const form = forms.indexOf(nameOf(others, band));
    const color = colorOf(at, colors.length);
    return {
      ...{ band, index, name: nameOf(axes, band) },
      style: alone ? style(at, colors.length) : styled(color, form, form),
    };
  });
  const keys: Key[] = [
    {
      axes: headingsOf([main]),
      entries: colors.map((label, at) => ({
        label,
        style: alone
          ? style(at, colors.length)
          : { ...styled(colorOf(at, colors.length), 0), marker: () => "" },
      })),
    },
    {
      axes: headingsOf(others),
      entries: forms.map((label, form) => ({ label, style: styled(INK, form, form) })),
    },
  ];
  return { series, keys: alone ? keys.slice(0, 1) : keys };
}

/** Of `axes`, that with the most values: what lines are told apart by first. */
export function mainAxis(points: readonly AtPoint[], axes: readonly string[]): string {
  const known = (axis: string) => new Set(points.map(({ values }) => String(values[axis]))).size;
  return sort(axes, (axis) => -known(axis))[0];
}

/** What a legend calls an axis. */
export function headingOf(axis: string, axes: readonly string[]): string {
  return axis === "width" ? "hidden width" : axisName(axis, axes);
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
