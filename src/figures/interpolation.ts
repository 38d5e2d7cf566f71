// Passes to interpolation against width, or against the swept numbers where no width is swept; a line for each
// combination of what else is swept. A trial that did not interpolate lies in a lane of its own above the scale instead of
// being dropped.

import { max, sort } from "d3-array";
import { scaleLinear } from "d3-scale";

import { evaluatedCaption } from "../analysis/evaluated.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { varyingAxes } from "../analysis/points.ts";
import { summarizePoints, type PointSummary } from "../analysis/summary.ts";
import { acrossOf, type Across } from "./axes/across.ts";
import { closedStyle, keyOf, linesAlong, namesOf, type Line } from "./interpolation-lines.ts";
import { captionOf, describe } from "./interpolation-words.ts";
import { axisBreak, labelRows, lane, xAxis, yAxis, type Frame } from "./axes/axes.ts";
import { drawnOutcomes } from "./drawn.ts";
import { drawLegend } from "./marks/legend.ts";
import { cross, style, type Style } from "./series.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { FAINT_INK, HALO, INK, element, figure, text, type Figure, type Sheet } from "./svg.ts";

const LANE_HEIGHT = 30;
/** Below the frame: ticks, two rows of labels, the title. */
const FOOTROOM = 58;

/** Seeds of a width, and of all together, beyond which no point is told from its neighbours. */
const MOST_POINTS = 200;
const MOST_TRIALS = 2000;
/** Points that are drawn. */
const MOST_DRAWN = 400;

/** Lines whose seeds have room beside each other, and their counts above the figure; of more there are the medians. */
const MOST_DODGED = 4;
/** Rows of a slide's legend, and its height in px above which the seeds have no room. */
const MOST_LEGEND = 5;
const HIGHEST_LEGEND = 36;

/** Where everything lies, in px. */
interface Layout {
  readonly sheet: Sheet;
  readonly frame: Frame;
  readonly lane: { readonly top: number; readonly bottom: number };
  /** Where a point lies that is the `line`-th of those at its place. */
  readonly x: (summary: PointSummary, line?: number) => number;
  readonly y: (passes: number | null) => number;
  readonly passTicks: readonly number[];
  /** How far points of several seeds may lie beside their place. */
  readonly jitter: number;
}

/** `outcomes`: any number of points and seeds; `passes` that were asked for. */
export function interpolationFigure(
  all: readonly Outcome[],
  passes: number,
  size: FigureSize = "paper",
): Figure {
  const { outcomes, caption } = drawnOutcomes(all, MOST_DRAWN);
  const summaries = summarizePoints(outcomes);
  const axes = varyingAxes(summaries);
  const across = acrossOf(axes, summaries);
  const others = axes.filter((axis) => axis !== across.axis);
  const lines = linesAlong(across, others, summaries);
  const isAlone = lines.length === 1;
  const several = summaries.some(({ trials }) => trials.length > 1);
  const key = keyOf(lines, others, axes);
  const place = {
    ...{ left: size === "phone" ? 10 : 66, right: sheetOf(size, 0).width - 8, top: 16 },
    ...(size === "slide" && { mostRows: MOST_LEGEND }),
  };
  const legend = isAlone ? { svg: "", height: 0 } : drawLegend([key], place);
  // Of a slide long names leave no room for the seeds.
  const isRoomy = size !== "slide" || legend.height <= HIGHEST_LEGEND;
  const isDodged = lines.length <= MOST_DODGED && isRoomy;
  const isCounted = several && isDodged;
  const isMany = ({ trials }: PointSummary) =>
    trials.length > MOST_POINTS || (trials.length > 1 && outcomes.length > MOST_TRIALS);
  const many = isCounted && summaries.some(isMany);
  const titled = across.scale === "" ? across.title : `${across.title} (${across.scale} scale)`;
  const each = isAlone ? "" : namesOf(others, axes);
  const shown = { passes, several, many, isCounted, across, titled, each };
  const counts = isCounted ? 38 + 12 * (lines.length - 1) + (isAlone ? 0 : 4) : 0;
  const top = 14 + legend.height + counts;
  const layout = layOut(across, summaries, { lines: lines.length, isDodged, passes, top }, size);
  const { frame, lane: never } = layout;
  const look = (line: number, place: number) =>
    isAlone ? style(place, across.values.length) : closedStyle(line, lines);

  return figure(
    {
      name: size === "phone" ? "interpolation-phone" : "interpolation",
      title: `Passes to interpolation against ${across.name}`,
      caption: [captionOf(shown), ...caption, ...evaluatedCaption(outcomes)].join(" "),
      description: describe(across, summaries, axes, passes),
    },
    layout.sheet,
    legend.svg,
    yAxis(
      { ...frame, top: never.top },
      [
        ...layout.passTicks.map((value) => ({ at: layout.y(value), label: String(value) })),
        { at: layout.y(null), label: "never" },
      ],
      "passes to interpolation",
    ),
    lane(frame, never.top, never.bottom),
    axisBreak(frame, (never.bottom + frame.top) / 2),
    text(`never: not within ${passes} ${passes === 1 ? "pass" : "passes"}`, {
      x: frame.left + 12,
      y: never.bottom + 13,
      fill: FAINT_INK,
      "font-size": 10.5,
    }),
    xAxis(
      frame,
      [...new Map(summaries.map((one) => [across.of(one), one])).values()].map((one) => ({
        at: layout.x(one),
        label: across.of(one),
      })),
      titled,
      2,
    ),
    isCounted ? drawCounts(lines, legend.height, layout) : "",
    ...lines.map(({ points }, line) =>
      several && isAlone
        ? ""
        : drawConnection(
            points,
            line,
            isAlone ? { color: "#b5b5b5", dash: undefined } : look(line, 0),
            layout,
          ),
    ),
    ...lines.flatMap(({ points }, line) =>
      points.map((summary, place) => {
        const mark = look(line, isAlone ? place : 0);
        const x = layout.x(summary, line);
        if (!several) return drawTrial(summary, x, mark, isAlone, layout);
        if (!isDodged) return drawMedian(summary, x, mark, layout);
        const marks = many
          ? [box(summary, x, mark, layout)]
          : seedPoints(summary, x, mark, !isAlone, layout);
        const middle = isAlone ? bar(summary, x, layout) : drawMedian(summary, x, mark, layout);
        return drawSeeds(summary, x, mark, layout, [...marks, middle]);
      }),
    ),
  );
}

/** `lines`: how many there are, and whether all they have stands beside each other; `top`: where the lane of those that never interpolate begins. */
function layOut(
  across: Across,
  summaries: readonly PointSummary[],
  {
    lines,
    isDodged,
    passes,
    top,
  }: {
    readonly lines: number;
    readonly isDodged: boolean;
    readonly passes: number;
    readonly top: number;
  },
  size: FigureSize,
): Layout {
  const never = { top, bottom: top + LANE_HEIGHT };
  const sheet = sheetOf(size, never.bottom + 264 + FOOTROOM);
  const frame: Frame = {
    left: size === "phone" ? 60 : 66,
    right: sheet.width - (size === "phone" ? 8 : 24),
    top: never.bottom + 20,
    bottom: sheet.height - FOOTROOM,
  };
  const latest = max(summaries, ({ range }) => range?.[1]) ?? passes;
  const y = scaleLinear([0, Math.max(1, latest * 1.12)], [frame.bottom, frame.top]);

  const edge = size === "phone" ? 20 : 34;
  const x = across.at([frame.left + edge, frame.right - edge]);
  const places = sort(new Set(summaries.map(x)));
  const gaps = places.slice(1).map((place, index) => place - places[index]);
  const room = Math.min(14, 0.36 * Math.min(...gaps, 100));
  const several = summaries.some(({ trials }) => trials.length > 1);
  const beside = lines > 1 ? (2 * room) / lines : 0;
  // What never interpolates lies at one height, and many marks there need the room between places.
  const apart = isDodged ? beside : Math.min(10, (0.9 * Math.min(...gaps, 100)) / lines);
  const besideOf = ({ median }: PointSummary) =>
    median === null ? apart : several && isDodged ? beside : 0;
  return {
    sheet,
    frame,
    lane: never,
    x: (summary, line = (lines - 1) / 2) =>
      x(summary) + besideOf(summary) * (line - (lines - 1) / 2),
    y: (value) => (value === null ? (never.top + never.bottom) / 2 : y(value)),
    passTicks: y.ticks(6).filter(Number.isInteger),
    jitter: lines > 1 ? Math.max(1, 0.4 * beside) : room,
  };
}

/** A thin line through the points of a line that interpolated. */
function drawConnection(
  points: readonly PointSummary[],
  line: number,
  { color, dash }: Pick<Style, "color" | "dash">,
  layout: Layout,
): string {
  const places = points.flatMap((summary) =>
    summary.median === null
      ? []
      : [`${layout.x(summary, line).toFixed(1)},${layout.y(summary.median).toFixed(1)}`],
  );
  return element("polyline", {
    points: places.join(" "),
    fill: "none",
    stroke: color,
    "stroke-dasharray": dash,
  });
}

function drawTrial(
  summary: PointSummary,
  x: number,
  look: Style,
  isNumbered: boolean,
  layout: Layout,
): string {
  const trial = summary.trials.at(0);
  if (!trial) return "";
  const y = layout.y(trial.passes);
  if (trial.diverged && trial.passes === null) return cross(x, y, look.color, 4.5);
  if (trial.passes === null) return look.marker(x, y, { size: 64, open: true });
  if (!isNumbered) return look.marker(x, y, { size: 48, open: false });
  return (
    look.marker(x, y, { size: 80, open: false }) +
    text(String(trial.passes), {
      x,
      y: y - 11,
      "text-anchor": "middle",
      "font-weight": 600,
      "font-size": 12,
      fill: look.color,
      ...HALO,
    })
  );
}

/** A point for each seed; `isMarked`: where the median's marker stands for those that never interpolate. */
function seedPoints(
  summary: PointSummary,
  x: number,
  look: Style,
  isMarked: boolean,
  layout: Layout,
): string[] {
  return summary.trials.map(({ passes, diverged }, index) => {
    if (isMarked && passes === null && summary.median === null) return "";
    // Multiples of an irrational number spread evenly, and the same at every drawing.
    const beside = x + layout.jitter * (2 * ((index * 0.618034 + 0.5) % 1) - 1);
    const y = layout.y(passes) + (passes === null ? 16 * (((index * 0.754878) % 1) - 0.5) : 0);
    if (diverged && passes === null) return cross(beside, y, look.color, 2.6);
    return element("circle", {
      cx: beside,
      cy: y,
      r: 2.6,
      fill: passes === null ? "#ffffff" : look.color,
      "fill-opacity": passes === null ? 1 : 0.6,
      stroke: look.color,
      "stroke-width": passes === null ? 1.1 : 0,
    });
  });
}

/** From the first quartile of the seeds to the third. */
function box({ trials }: PointSummary, x: number, look: Style, layout: Layout): string {
  const sorted = trials.map(({ passes }) => passes ?? Infinity).sort((a, b) => a - b);
  const at = (share: number) => {
    const passes = sorted[Math.round(share * (sorted.length - 1))];
    return layout.y(Number.isFinite(passes) ? passes : null);
  };
  return element("rect", {
    x: x - layout.jitter,
    y: at(0.75),
    width: 2 * layout.jitter,
    height: at(0.25) - at(0.75),
    fill: look.color,
    "fill-opacity": 0.35,
  });
}

/** The median of a line's point, as its marker; open where it is never. */
function drawMedian(summary: PointSummary, x: number, look: Style, layout: Layout): string {
  const open = summary.median === null ? { open: true } : {};
  return look.marker(x, layout.y(summary.median), { size: 48, ...open });
}

/** `marks` on a line over the range. */
function drawSeeds(
  summary: PointSummary,
  x: number,
  look: Style,
  layout: Layout,
  marks: readonly string[],
): string {
  return element(
    "g",
    {},
    summary.range
      ? element("line", {
          x1: x,
          x2: x,
          y1: layout.y(summary.range[0]),
          y2: layout.y(summary.range[1]),
          stroke: look.color,
        })
      : "",
    ...marks,
  );
}

/** The median over all seeds, as wide as these lie. */
function bar(summary: PointSummary, x: number, layout: Layout): string {
  const middle = layout.y(summary.median);
  const half = layout.jitter + 4;
  return element("line", {
    x1: x - half,
    x2: x + half,
    y1: middle,
    y2: middle,
    stroke: INK,
    "stroke-width": 2,
  });
}

/** "9/10" above each point, or the 9 alone where there is no room; a row for each line, in its color. */
function drawCounts(lines: readonly Line[], top: number, layout: Layout): string {
  const { frame, x } = layout;
  const summaries = lines.flatMap(({ points }) => points);
  const seeds = max(summaries, ({ trials }) => trials.length) ?? 0;
  const fractions = lines.map(({ points }) =>
    points.map((summary) => ({
      at: x(summary),
      label: `${summary.interpolated}/${summary.trials.length}`,
    })),
  );
  const roomy = fractions.every((row) => labelRows(row)[0].length === row.length);
  const rows = roomy
    ? fractions
    : lines.flatMap(({ points }) => {
        const counts = points.map((summary) => ({
          at: x(summary),
          label: String(summary.interpolated),
        }));
        return lines.length === 1 ? labelRows(counts) : labelRows(counts).slice(0, 1);
      });
  const heading = roomy ? "seeds that interpolated" : `seeds of ${seeds} that interpolated`;
  return element(
    "g",
    {},
    text(heading, {
      x: frame.left,
      y: top + (lines.length > 1 ? 4 : 0) + 16,
      "font-size": 10.5,
      fill: FAINT_INK,
    }),
    ...rows.flatMap((row, index) =>
      row.map(({ at, label }) =>
        text(label, {
          x: at,
          y: top + (lines.length > 1 ? 4 : 0) + (roomy ? 40 : 34) + 12 * index,
          "text-anchor": "middle",
          "font-weight": 600,
          ...(lines.length > 1 && { fill: style(index, lines.length).color }),
        }),
      ),
    ),
  );
}
