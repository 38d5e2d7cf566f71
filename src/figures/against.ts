// Numbers against an axis: lines, with a range at each point where there is one, and lines of reference. Questions
// draw with it whatever has one number for each point.

import { extent, max, min } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";

import { threeDigits } from "../base/numbers.ts";
import { xAxis, yAxis, type Frame, type Tick } from "./axes/axes.ts";
import { categoryAxis, categoryRoom } from "./axes/categories.ts";
import { acrossOf, categoriesOf, numberText } from "./axes/places.ts";
import { drawEnds, roomForEnds, type End } from "./marks/end-labels.ts";
import { drawLegend } from "./marks/legend.ts";
import { drawRangedLines, type RangedPoint } from "./marks/ranged-lines.ts";
import { style, type Key, type Style } from "./series.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { spreadLabels } from "./axes/spread-labels.ts";
import { FAINT_INK, HALO, element, figure, text, textWidth, type Figure } from "./svg.ts";
import { logDomain, logTicks } from "./axes/ticks.ts";

export interface AgainstPoint {
  /** Of categories a word, of other scales a number. */
  readonly x: number | string;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** Lines of one name have one look, and are named once; a dashed plain one with a name of its own is drawn in grey. */
export interface AgainstLine {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly AgainstPoint[];
  readonly dashed?: boolean;
  /** Without marks, as a fit is. */
  readonly plain?: boolean;
}

export interface Against {
  /** Of the file. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly x: { readonly label: string; readonly scale: "linear" | "log" | "categories" };
  readonly y: {
    readonly label: string;
    readonly scale: "linear" | "log";
    /** Whether its numbers are shares, which are written as percentages. */
    readonly shares?: boolean;
    /** Numbers that the axis has room for, beside the points: those of other panels. */
    readonly reaching?: readonly number[];
  };
  /** Ordered ones in their order: the later is the darker. */
  readonly lines: readonly AgainstLine[];
  /** In the color of the line that they are of. Left out where they lie beyond the points. */
  readonly verticals?: readonly {
    readonly x: number;
    readonly label: string;
    readonly of?: string;
  }[];
  readonly levels?: readonly { readonly y: number; readonly label: string }[];
}

/** Points that the description tells, of each line. */
const MOST_DESCRIBED = 40;
/** Of names beside the frame, as a share of the sheet's width. */
const MOST_ROOM = 0.24;
/** Rows of a slide's legend. */
const MOST_LEGEND = 6;
/** A range that goes on farther beyond all points than so many times their extent is cut. */
const MOST_BEYOND = 1.5;

/** What is not finite, or not positive on a logarithmic scale, has no place: the caption has to tell of it. */
export function againstFigure(spec: Against, size: FigureSize = "paper"): Figure {
  const { lines, verticals = [], levels = [] } = spec;
  const points = lines.flatMap((line) => line.points);
  const styles = stylesOf(lines);
  const names = [...styles.keys()].filter((name) => name !== "");
  const heading = verticals.length > 0 ? 16 : 0;
  const sheet = sheetOf(size, 330);
  const base: Frame = {
    ...{ left: size === "phone" ? 58 : 66, right: sheet.width - (size === "phone" ? 12 : 24) },
    ...{ top: 14 + heading, bottom: sheet.height - 50 },
  };
  const isOrdered = spec.x.scale !== "categories";
  const categories = isOrdered ? null : categoriesOf(points, base);
  const empty = names.filter((name) => !hasPlaces(spec, name));
  const isEndingTogether = new Set(lines.map(lastX)).size === 1 && isOrdered;
  const room =
    names.length < 2 || !isEndingTogether || empty.length > 0
      ? Infinity
      : roomForEnds(names, base) + 6;
  const isLabelled = room <= MOST_ROOM * sheet.width;
  const keys: Key[] = [];
  if (names.length > 1 && !isLabelled) {
    const entries = names.map((name) => ({
      label: empty.includes(name) ? `${name}: none` : name,
      style: styleOf(styles, name),
    }));
    keys.push({ axes: "", entries });
  }
  if (categories !== null && categories.told.length > 0)
    keys.push({
      axes: "",
      entries: categories.told.map((label) => ({ label, style: null })),
    });
  const legend =
    keys.length === 0
      ? { svg: "", height: 0 }
      : drawLegend(keys, {
          ...{ left: size === "phone" ? 10 : 60, right: sheet.width - 6, top: 16 },
          ...(size === "slide" && { mostRows: MOST_LEGEND }),
        });
  const below = categories === null ? 0 : categoryRoom(categories);
  // On paper and phones the sheet grows with its legend.
  const grown = size === "slide" ? 0 : legend.height + below;
  const frame: Frame = {
    ...{ left: base.left, right: isLabelled ? sheet.width - room : base.right },
    ...{ top: base.top + legend.height, bottom: base.bottom + grown - below },
  };
  const across = acrossOf(spec.x.scale, points, frame);
  const upwards = upwardsOf(spec.y, points, levels, frame);
  const placed = (point: AgainstPoint, shift: number): RangedPoint | null => {
    const [x, y] = [across.at(point.x), upwards.at(point.y)];
    if (x === null || y === null) return null;
    if (point.low === undefined || point.high === undefined) return { x: x + shift, y };
    return { x: x + shift, y, low: upwards.end(point.low), high: upwards.end(point.high) };
  };
  const drawn = lines.map((line, index) => ({
    points: line.points.map((point) =>
      placed(point, isOrdered ? 0 : across.beside * (index - (lines.length - 1) / 2)),
    ),
    style: { ...styleOf(styles, line.name), ...(line.dashed && { dash: "6 3" }) },
    ...{ plain: line.plain ?? false, joined: isOrdered },
  }));
  const ends = names.flatMap((label): End[] => {
    const end = drawn[lines.findIndex(({ name }) => name === label)].points.findLast(isDrawn);
    return end
      ? [{ ...{ label, color: styleOf(styles, label).color }, x: frame.right, y: end.y }]
      : [];
  });
  const shown = verticals.flatMap(({ x, label, of }) => {
    const at = across.at(x);
    if (at === null || at < frame.left || at > frame.right) return [];
    return [{ at, label, color: of === undefined ? FAINT_INK : styleOf(styles, of).color }];
  });
  const clip = `${spec.name}-clip`;
  return figure(
    {
      name: size === "phone" ? `${spec.name}-phone` : spec.name,
      ...{ title: spec.title, caption: spec.caption, description: describe(spec) },
    },
    { ...sheet, height: sheet.height + grown },
    legend.svg,
    yAxis(frame, upwards.ticks, withScale(spec.y)),
    drawLevels(levels, upwards.at, frame),
    drawVerticals(shown, frame),
    categories === null
      ? xAxis(frame, across.ticks, withScale(spec.x), 1)
      : categoryAxis(
          frame,
          across.ticks.map(({ at }) => at),
          categories,
          spec.x.label,
        ),
    element(
      "clipPath",
      { id: clip },
      element("rect", {
        ...{ x: frame.left, y: frame.top - 4, width: frame.right - frame.left + 5 },
        height: frame.bottom - frame.top + 4,
      }),
    ),
    element("g", { "clip-path": `url(#${clip})` }, drawRangedLines(drawn)),
    isLabelled ? drawEnds(ends, frame, room) : "",
  );
}

function isDrawn(point: RangedPoint | null): point is RangedPoint {
  return point !== null;
}

function withScale({ label, scale }: { readonly label: string; readonly scale: string }): string {
  return scale === "log" ? `${label} (logarithmic scale)` : label;
}

/** By name, in the lines' order. */
function stylesOf(lines: readonly AgainstLine[]): Map<string, Style> {
  const isReference = (name: string) =>
    lines.every((line) => line.name !== name || (line.plain === true && line.dashed === true));
  const names = [...new Set(lines.map(({ name }) => name))];
  const ordered = names.filter((name) => !isReference(name));
  return new Map(
    names.map((name) => {
      const place = ordered.indexOf(name);
      const grey: Style = { color: FAINT_INK, dash: "6 3", marker: () => "" };
      if (place < 0) return [name, grey];
      const own = style(place, ordered.length);
      const isPlain = lines.every((line) => line.name !== name || line.plain === true);
      return [name, isPlain ? { ...own, marker: () => "" } : own];
    }),
  );
}

function styleOf(styles: ReadonlyMap<string, Style>, name: string): Style {
  return styles.get(name) ?? style(0, 1);
}

function lastX({ points }: AgainstLine): number | string | undefined {
  return points.at(-1)?.x;
}

/** Whether any line of this name has a point that has a place. */
function hasPlaces({ lines, x, y }: Against, name: string): boolean {
  return lines.some((line) =>
    line.points.some(
      (point) =>
        line.name === name &&
        Number.isFinite(point.y) &&
        (y.scale === "linear" || point.y > 0) &&
        (x.scale === "categories" || Number.isFinite(Number(point.x))),
    ),
  );
}

interface Upwards {
  /** null where there is no place for it. */
  readonly at: (y: number) => number | null;
  /** The end of a range, which is cut at the frame. */
  readonly end: (y: number) => number;
  readonly ticks: readonly Tick[];
}

function upwardsOf(
  { scale, shares = false, reaching = [] }: Against["y"],
  points: readonly AgainstPoint[],
  levels: NonNullable<Against["levels"]>,
  frame: Frame,
): Upwards {
  const isLog = scale === "log";
  const isPlaced = (value: number) => Number.isFinite(value) && (!isLog || value > 0);
  const to = isLog ? Math.log10 : (value: number) => value;
  const back = isLog ? (value: number) => 10 ** value : (value: number) => value;
  const values = [...points, ...levels]
    .map(({ y }) => y)
    .concat(reaching)
    .filter(isPlaced)
    .map(to);
  const [least = 0, most = 1] = extent(values);
  const beyond = most > least ? MOST_BEYOND * (most - least) : Infinity;
  const ends = points
    .flatMap(({ low, high }) => [low ?? NaN, high ?? NaN])
    .filter(isPlaced)
    .map(to);
  const from = Math.max(min([...ends, least]) ?? least, least - beyond);
  const until = Math.min(max([...ends, most]) ?? most, most + beyond);
  const pad = until > from ? 0.05 * (until - from) : Math.max(0.05 * Math.abs(from), 0.05);
  const domain: [number, number] = isLog
    ? logDomain([back(from), back(until)])
    : [from - pad, until + pad];
  const of = isLog
    ? scaleLog(domain, [frame.bottom, frame.top])
    : scaleLinear(domain, [frame.bottom, frame.top]);
  const ticks = isLog
    ? logTicks(domain)
    : of.ticks(6).map((value) => ({
        value,
        label: shares ? `${numberText(100 * value)}%` : numberText(value),
      }));
  const clamp = (y: number) => Math.min(Math.max(y, frame.top), frame.bottom);
  return {
    at: (y) => (isPlaced(y) ? of(y) : null),
    end: (y) => (isPlaced(y) ? clamp(of(y)) : y > 0 ? frame.top : frame.bottom),
    ticks: ticks.map(({ value, label }) => ({ at: of(value), label })),
  };
}

function drawLevels(
  levels: NonNullable<Against["levels"]>,
  at: Upwards["at"],
  { left, right, top, bottom }: Frame,
): string {
  const placed = levels.flatMap(({ y, label }) => {
    const place = at(y);
    return place === null ? [] : [{ place, label }];
  });
  const labelled = spreadLabels(
    placed.map(({ place }) => place - 4),
    12,
    [top + 6, bottom],
  );
  return element(
    "g",
    {},
    ...placed.map(({ place }) => dashed({ x1: left, x2: right, y1: place, y2: place })),
    ...placed.map(({ place, label }, index) =>
      text(label, {
        ...{ x: left + 8, y: labelled?.[index] ?? place - 4, "font-size": 10.5 },
        ...{ fill: FAINT_INK, ...HALO },
      }),
    ),
  );
}

function drawVerticals(
  verticals: readonly { readonly at: number; readonly label: string; readonly color: string }[],
  { left, right, top, bottom }: Frame,
): string {
  const widest = Math.max(0, ...verticals.map(({ label }) => textWidth(label, 10.5)));
  const places = spreadLabels(
    verticals.map(({ at }) => at),
    widest + 6,
    [left + widest / 2 - 40, Math.max(right - widest / 2, left + widest / 2)],
  );
  return element(
    "g",
    {},
    ...verticals.map(({ at, color }) => dashed({ x1: at, x2: at, y1: top - 4, y2: bottom }, color)),
    ...(places ?? []).map((x, index) =>
      text(verticals[index].label, {
        ...{ x, y: top - 8, "text-anchor": "middle", "font-size": 10.5, "font-weight": 600 },
        fill: verticals[index].color,
      }),
    ),
  );
}

function dashed(
  place: Readonly<Record<"x1" | "x2" | "y1" | "y2", number>>,
  stroke = FAINT_INK,
): string {
  return element("line", { ...place, stroke, "stroke-dasharray": "2 3" });
}

function describe({ lines, x, y }: Against): string {
  const told = (value: number) =>
    y.shares === true ? `${threeDigits(100 * value)}%` : threeDigits(value);
  const sentences = lines.map(({ name, points }) => {
    const numbers = points.slice(0, MOST_DESCRIBED).map(({ x, y, low, high }) => {
      const range =
        low === undefined || high === undefined ? "" : ` (${told(low)} … ${told(high)})`;
      return `${x}: ${told(y)}${range}`;
    });
    const more = points.length > MOST_DESCRIBED ? "; and others" : "";
    return `${name === "" ? "" : `${name}. `}${numbers.join("; ")}${more}.`;
  });
  return `${y.label} against ${x.label}. ${sentences.join(" ")}`;
}
