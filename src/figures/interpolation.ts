// Passes to interpolation against width. A trial that did not interpolate lies in a
// lane of its own above the scale instead of being dropped.

import { max } from "d3-array";
import { scaleLinear, scaleLog, scaleSymlog } from "d3-scale";

import { evaluatedCaption } from "../analysis/evaluated.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { summarizeWidths, type WidthSummary } from "../analysis/summary.ts";
import { axisBreak, labelRows, lane, xAxis, yAxis, type Frame } from "./axes.ts";
import { cross, style, type Style } from "./series.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { FAINT_INK, HALO, INK, element, figure, text, type Figure, type Sheet } from "./svg.ts";

const LANE_HEIGHT = 30;
/** Below the frame: ticks, two rows of labels, the title. */
const FOOTROOM = 58;

/** Seeds of a width beyond which no point is told from its neighbours. */
const MOST_POINTS = 200;

/** Where everything lies, in px. */
interface Layout {
  readonly sheet: Sheet;
  readonly frame: Frame;
  readonly lane: { readonly top: number; readonly bottom: number };
  readonly x: (width: number) => number;
  readonly y: (passes: number | null) => number;
  readonly passTicks: readonly number[];
  /** How far points of several seeds may lie beside their width. */
  readonly jitter: number;
}

/** `outcomes`: any number of widths and seeds; `passes` that were asked for. */
export function interpolationFigure(
  outcomes: readonly Outcome[],
  passes: number,
  size: FigureSize = "paper",
): Figure {
  const summaries = summarizeWidths(outcomes);
  const several = summaries.some(({ trials }) => trials.length > 1);
  const many = summaries.some(({ trials }) => trials.length > MOST_POINTS);
  const layout = layOut(summaries, passes, several ? 52 : 14, size);
  const { frame, lane: never } = layout;

  return figure(
    {
      name: size === "phone" ? "interpolation-phone" : "interpolation",
      title: "Passes to interpolation against width",
      caption: [
        "Effective passes until every training example is predicted right (linear scale), against the hidden width (logarithmic scale).",
        several
          ? `${many ? "Boxes hold the middle half of the seeds" : "Points are seeds, moved sideways to be seen"}; thin lines are the range over the seeds that interpolated, bars the median over all, where never counts as latest. The fractions say how many of a width's seeds interpolated.`
          : "The number at each point is its passes.",
        many
          ? `Boxes that reach the upper lane hold seeds that did not interpolate within ${passes} ${passes === 1 ? "pass" : "passes"}.`
          : `Open points in the upper lane did not interpolate within ${passes} ${passes === 1 ? "pass" : "passes"}; a cross there marks a trial that diverged.`,
        ...evaluatedCaption(outcomes),
      ].join(" "),
      description: describe(summaries, passes),
    },
    layout.sheet,
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
      summaries.map(({ width }) => ({ at: layout.x(width), label: String(width) })),
      "hidden width (logarithmic scale)",
      2,
    ),
    several ? drawCounts(summaries, layout) : drawConnection(summaries, layout),
    ...summaries.map((summary, index) => {
      const look = style(index, summaries.length);
      if (!several) return drawTrial(summary, look, layout);
      const marks = many ? [box(summary, look, layout)] : points(summary, look, layout);
      return drawSeeds(summary, look, layout, marks);
    }),
  );
}

/** `top`: where the lane of those that never interpolate begins. */
function layOut(
  summaries: readonly WidthSummary[],
  passes: number,
  top: number,
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

  const widths = summaries.map(({ width }) => width);
  const edge = size === "phone" ? 20 : 34;
  const x = acrossWidths(widths, [frame.left + edge, frame.right - edge]);
  const gaps = widths.slice(1).map((width, index) => x(width) - x(widths[index] ?? 0));
  return {
    sheet,
    frame,
    lane: never,
    x,
    y: (value) => (value === null ? (never.top + never.bottom) / 2 : y(value)),
    passTicks: y.ticks(6).filter(Number.isInteger),
    jitter: Math.min(14, 0.36 * Math.min(...gaps, 100)),
  };
}

function acrossWidths(
  widths: readonly number[],
  range: readonly [number, number],
): (width: number) => number {
  const narrowest = Math.min(...widths);
  const widest = Math.max(...widths);
  if (widths.length < 2) return () => (range[0] + range[1]) / 2;
  // A logarithm has no place for softmax regression's width 0; log(1 + width) has.
  return narrowest === 0
    ? scaleSymlog([narrowest, widest], range)
    : scaleLog([narrowest, widest], range).base(2);
}

/** A thin line through the widths that interpolated. */
function drawConnection(summaries: readonly WidthSummary[], layout: Layout): string {
  const points = summaries.flatMap(({ width, median }) =>
    median === null ? [] : [`${layout.x(width).toFixed(1)},${layout.y(median).toFixed(1)}`],
  );
  return element("polyline", { points: points.join(" "), fill: "none", stroke: "#b5b5b5" });
}

function drawTrial(summary: WidthSummary, look: Style, layout: Layout): string {
  const x = layout.x(summary.width);
  const trial = summary.trials.at(0);
  if (!trial) return "";
  const y = layout.y(trial.passes);
  if (trial.diverged && trial.passes === null) return cross(x, y, look.color, 4.5);
  if (trial.passes === null) return look.marker(x, y, { size: 64, open: true });
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

/** A point for each seed. */
function points(summary: WidthSummary, look: Style, layout: Layout): string[] {
  const x = layout.x(summary.width);
  return summary.trials.map(({ passes, diverged }, index) => {
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
function box({ width, trials }: WidthSummary, look: Style, layout: Layout): string {
  const sorted = trials.map(({ passes }) => passes ?? Infinity).sort((a, b) => a - b);
  const at = (share: number) => {
    const passes = sorted[Math.round(share * (sorted.length - 1))];
    return layout.y(Number.isFinite(passes) ? passes : null);
  };
  return element("rect", {
    x: layout.x(width) - layout.jitter,
    y: at(0.75),
    width: 2 * layout.jitter,
    height: at(0.25) - at(0.75),
    fill: look.color,
    "fill-opacity": 0.35,
  });
}

function drawSeeds(
  summary: WidthSummary,
  look: Style,
  layout: Layout,
  marks: readonly string[],
): string {
  const x = layout.x(summary.width);
  const middle = layout.y(summary.median);
  const half = layout.jitter + 4;
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
    element("line", {
      x1: x - half,
      x2: x + half,
      y1: middle,
      y2: middle,
      stroke: INK,
      "stroke-width": 2,
    }),
  );
}

/** "9/10" above each width, or the 9 alone where there is no room. */
function drawCounts(summaries: readonly WidthSummary[], { frame, x }: Layout): string {
  const seeds = max(summaries, ({ trials }) => trials.length) ?? 0;
  const fractions = summaries.map(({ width, trials, interpolated }) => ({
    at: x(width),
    label: `${interpolated}/${trials.length}`,
  }));
  const roomy = labelRows(fractions)[0].length === fractions.length;
  const rows = roomy
    ? [fractions]
    : labelRows(
        summaries.map(({ width, interpolated }) => ({
          at: x(width),
          label: String(interpolated),
        })),
      );
  const heading = roomy ? "seeds that interpolated" : `seeds of ${seeds} that interpolated`;
  return element(
    "g",
    {},
    text(heading, { x: frame.left, y: 16, "font-size": 10.5, fill: FAINT_INK }),
    ...rows.flatMap((row, index) =>
      row.map(({ at, label }) =>
        text(label, {
          x: at,
          y: (roomy ? 40 : 34) + 12 * index,
          "text-anchor": "middle",
          "font-weight": 600,
        }),
      ),
    ),
  );
}

function describe(summaries: readonly WidthSummary[], passes: number): string {
  const sentences = summaries.map(({ width, trials, interpolated, median, range }) => {
    if (trials.length === 1) {
      return `Width ${width}: ${median === null ? `not within ${passes} passes` : `pass ${median}`}.`;
    }
    const spread = range === null ? "" : `, between passes ${range[0]} and ${range[1]}`;
    return `Width ${width}: ${interpolated} of ${trials.length} seeds${spread}.`;
  });
  return `Passes to interpolation by hidden width. ${sentences.join(" ")}`;
}
