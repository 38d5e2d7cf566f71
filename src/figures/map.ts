// A heat map: a class or a number at each point of a grid over two axes. Lightness falls steadily along the colors, so
// that they keep their order in grey; what has no number is white.

import { scaleLinear } from "d3-scale";
import { interpolateViridis } from "d3-scale-chromatic";

import { xAxis, yAxis, type Frame, type Tick } from "./axes/axes.ts";
import { pixels } from "./marks/pixels.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { element, figure, INK, text, textWidth, type Figure } from "./svg.ts";
import { logTicks } from "./axes/ticks.ts";

export interface HeatAxis {
  readonly label: string;
  readonly scale: "linear" | "log" | "categories";
  /** Ascending ones at even distances on their scale; integers may repeat. */
  readonly values: readonly (number | string)[];
}

export interface Heat {
  readonly title: string;
  readonly caption: string;
  readonly x: HeatAxis;
  readonly y: HeatAxis;
  /** In rows of the first value of y, then the second, …; Infinity where there is no number, NaN where nothing is known. */
  readonly cells: Float64Array;
  /** Words for 0 and 1, or a scale of numbers with the word for none. */
  readonly of:
    | { readonly classes: readonly [none: string, one: string] }
    | {
        readonly label: string;
        readonly scale: "linear" | "log";
        readonly none: string;
        /** How a number is written. */
        readonly text: (value: number) => string;
      };
}

const CLASS_COLORS = ["#f3ead3", "#31357a"] as const;
const STEPS = 64;
/** Light for the least number, dark for the largest, and all of it darker than white. */
const RAMP = Array.from({ length: STEPS }, (_, step) =>
  interpolateViridis(0.95 * (1 - step / (STEPS - 1))),
);
const NONE = "#ffffff";
const UNKNOWN = "#b8bcc6";
/** The step of the ramp beyond which white letters are the legible ones. */
const DARK = 0.42 * STEPS;
const LETTERS = 11;

export function mapFigure(heat: Heat, size: FigureSize = "paper"): Figure {
  const { x, y, cells } = heat;
  const sheet = sheetOf(size, size === "phone" ? 400 : 600);
  const frame: Frame = {
    left: size === "phone" ? 60 : 70,
    right: sheet.width - (size === "phone" ? 14 : 24),
    top: 46,
    bottom: sheet.height - 48,
  };
  const [columns, rows] = [x.values.length, y.values.length];
  const { palette, place, legend } = colorsOf(heat);
  const colors = new Uint8Array(cells.length);
  cells.forEach((value, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    colors[(rows - 1 - row) * columns + column] = place(value);
  });
  const box = {
    ...{ x: frame.left, y: frame.top },
    ...{ width: frame.right - frame.left, height: frame.bottom - frame.top },
  };
  return figure(
    {
      name: size === "phone" ? "map-phone" : "map",
      title: heat.title,
      caption: heat.caption,
      description: `${heat.title}, in ${columns} columns and ${rows} rows.`,
    },
    sheet,
    legend(frame),
    pixels(colors, columns, palette, box),
    cellTexts(heat, frame, place),
    yAxis({ ...frame, right: frame.left }, ticksOf(y, frame.bottom, frame.top), titleOf(y)),
    xAxis(frame, ticksOf(x, frame.left, frame.right), titleOf(x)),
    element("rect", { ...box, fill: "none", stroke: INK }),
  );
}

/** The numbers, where all of them have room in their cells. */
function cellTexts({ x, cells, of }: Heat, frame: Frame, place: Colors["place"]): string {
  const columns = x.values.length;
  const width = (frame.right - frame.left) / columns;
  const height = (frame.bottom - frame.top) / (cells.length / columns);
  if ("classes" in of || LETTERS + 8 > height) return "";
  const labels = Array.from(cells, (value) => (Number.isFinite(value) ? of.text(value) : ""));
  const widest = Math.max(...labels.map((label) => textWidth(label, LETTERS)));
  if (widest + 10 > width) return "";
  return element(
    "g",
    { "text-anchor": "middle", "font-size": LETTERS },
    ...labels.map((label, index) =>
      text(label, {
        x: frame.left + ((index % columns) + 0.5) * width,
        y: frame.bottom - (Math.floor(index / columns) + 0.5) * height + 0.36 * LETTERS,
        fill: place(cells[index]) > DARK ? "#ffffff" : INK,
      }),
    ),
  );
}

interface Colors {
  readonly palette: readonly string[];
  /** Of a cell's color in the palette. */
  readonly place: (value: number) => number;
  readonly legend: (frame: Frame) => string;
}

function colorsOf(heat: Heat): Colors {
  const colors = knownColors(heat);
  if (!heat.cells.some(Number.isNaN)) return colors;
  const { palette, place } = colors;
  return {
    ...colors,
    palette: [...palette, UNKNOWN],
    place: (value) => (Number.isNaN(value) ? palette.length : place(value)),
  };
}

function knownColors({ of, cells }: Heat): Colors {
  if ("classes" in of)
    return {
      palette: CLASS_COLORS,
      place: (value) => value,
      legend: ({ left }) => {
        const [none, one] = of.classes;
        return swatch(left, CLASS_COLORS[1], one) + swatch(left + 150, CLASS_COLORS[0], none);
      },
    };
  const scaled = (value: number) => (of.scale === "log" ? Math.log10(value) : value);
  const finite = cells.filter((value) => Number.isFinite(scaled(value)));
  const [low, high] = [
    finite.reduce((a, b) => Math.min(a, b), Infinity),
    finite.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const share = scaleLinear([scaled(low), scaled(high)], [0, STEPS - 1]).clamp(true);
  const hasNone = cells.some((value) => Math.abs(value) === Infinity);
  return {
    palette: [...RAMP, NONE],
    place: (value) =>
      !Number.isFinite(value) ? STEPS : value <= low ? 0 : Math.round(share(scaled(value))),
    legend: ({ left, right, top }) => {
      const [from, to] = [left + 34, Math.min(right - 110, left + 254)];
      const bar = RAMP.map((fill, step) => {
        const width = (to - from) / STEPS;
        return element("rect", {
          x: from + step * width,
          y: top - 32,
          width: width + 0.3,
          height: 11,
          fill,
        });
      });
      const ends =
        finite.length === 0
          ? []
          : [
              text(of.text(low), { x: from - 5, y: top - 22.5, "text-anchor": "end" }),
              text(of.text(high), { x: to + 5, y: top - 22.5 }),
            ];
      const title = text(`${of.label}${of.scale === "log" ? " (logarithmic scale)" : ""}`, {
        ...{ x: (from + to) / 2, y: top - 9, "text-anchor": "middle" },
      });
      return [...bar, ...ends, title, hasNone ? swatch(to + 52, NONE, of.none, top - 32) : ""].join(
        "",
      );
    },
  };
}

function swatch(x: number, fill: string, label: string, y = 18): string {
  return (
    element("rect", { x, y, width: 16, height: 11, fill, stroke: INK, "stroke-width": 0.6 }) +
    text(label, { x: x + 22, y: y + 9.5 })
  );
}

export function titleOf({ label, scale }: HeatAxis): string {
  return scale === "log" ? `${label} (logarithmic scale)` : label;
}

/** `from`, `to`: the ends of the frame in px, half a cell beyond the first and the last value. */
export function ticksOf({ scale, values }: HeatAxis, from: number, to: number): Tick[] {
  const cell = (to - from) / values.length;
  const at = (index: number) => from + (index + 0.5) * cell;
  const last = values.length - 1;
  if (scale === "categories" || last === 0)
    return values.map((value, index) => ({ at: at(index), label: String(value) }));
  const [low, high] = [Number(values[0]), Number(values[last])];
  const scaled = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const place = scaleLinear([scaled(low), scaled(high)], [at(0), at(last)]);
  // Of a narrow part of a logarithmic axis powers of ten say nothing.
  const isNarrow = scale === "log" && high / low < NARROW;
  const ticks =
    scale === "log" && !isNarrow
      ? logTicks([low, high])
      : scaleLinear([low, high], [0, 1])
          .ticks(isNarrow ? 4 : 6)
          .map((value) => ({ value, label: String(value) }));
  return ticks.map(({ value, label }) => ({ at: place(scaled(value)), label }));
}

/** Above it at least two steps of a logarithmic axis have a label. */
const NARROW = 2;
