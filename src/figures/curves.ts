// Deliverable 1: losses and accuracies on training and test set against effective passes, a line per width.
//
// Passes lie on a square-root scale, so that the first ones and the interpolating ones are both wide;
// losses on a logarithmic one; training accuracy on a scale logarithmic in the error, above which a
// lane holds "exactly 100%", one row per width, so that lines there do not hide each other.

import { extent, least } from "d3-array";
import { scaleLinear, scaleLog, scaleSqrt } from "d3-scale";
import { area, line } from "d3-shape";

import { bands, measure, type Band, type Measure, type Spread } from "../analysis/bands.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { summarizeWidths } from "../analysis/summary.ts";
import {
  axisBreak,
  logDomain,
  logTicks,
  panelTitle,
  passTicks,
  xAxis,
  yAxis,
  type Frame,
  type Tick,
} from "./axes.ts";
import { cross, style, type Style } from "./series.ts";
import { spreadLabels } from "./spread-labels.ts";
import { FAINT_INK, INK, element, figure, text, textWidth, type Figure } from "./svg.ts";

const WIDTH = 760;
const PANEL = { width: 282, height: 216 };
const COLUMNS = [58, 432];
const LEGEND_TOP = 20;
const LEGEND_ROW = 18;
/** Between the frames of the two rows of panels: ticks, titles and the numbers above panel c. */
const ROW_GAP = 96;
const LABEL_GAP = 11;
/** Losses beyond this multiple of the largest initial one run out of the frame. */
const LOSS_CEILING = 30;
/** A loss below it is drawn at it. */
const LOSS_FLOOR = 1e-9;

/** One vertical scale: where a value of the width with this index lies, in px. */
interface Vertical {
  readonly y: (value: number, index: number) => number;
  readonly ticks: readonly Tick[];
  /** Where the scale is broken. */
  readonly gap?: number;
}

interface Series {
  readonly band: Band;
  readonly style: Style;
  readonly index: number;
}

/** `outcomes`: any number of widths and seeds; `passes` that were asked for (a diverged trial has fewer). */
export function curvesFigure(outcomes: readonly Outcome[], passes: number): Figure {
  const ofWidths = bands(outcomes);
  const series = ofWidths.map((band, index) => ({
    band,
    style: style(index, ofWidths.length),
    index,
  }));
  const legend = drawLegend(series);
  const rowTop = (row: number): number =>
    LEGEND_TOP + legend.rows * LEGEND_ROW + 28 + row * (PANEL.height + ROW_GAP);
  const frame = (column: number, row: number): Frame => {
    const left = COLUMNS[column] ?? 0;
    const top = rowTop(row);
    return { left, right: left + PANEL.width, top, bottom: top + PANEL.height };
  };
  const x = (at: Frame): ((pass: number) => number) =>
    scaleSqrt([0, Math.max(1, passes)], [at.left, at.right]);

  const panel = (
    at: Frame,
    name: Measure,
    title: readonly [string, string],
    vertical: Vertical,
    above = "",
  ): string => {
    const across = x(at);
    const ticks = passTicks(passes).map((pass) => ({ at: across(pass), label: String(pass) }));
    return element(
      "g",
      {},
      panelTitle(at, at.top - (name === "train_accuracy" ? 24 : 10), ...title),
      yAxis(at, vertical.ticks, ""),
      xAxis(at, ticks, "effective passes (square-root scale)"),
      vertical.gap === undefined ? "" : axisBreak(at, vertical.gap),
      drawLines(series, name, at, across, vertical),
      above,
      drawEndLabels(series, name, at, across, vertical),
    );
  };

  const [a, b, c, d] = [frame(0, 0), frame(1, 0), frame(0, 1), frame(1, 1)];
  const training = trainingAccuracyScale(series, c);
  const test = testAccuracyScale(series, d);
  const several = ofWidths.some(({ trials }) => trials > 1);
  const diverged = ofWidths.reduce((sum, { divergences }) => sum + divergences.length, 0);

  return figure(
    {
      name: "curves",
      title: "Losses and accuracies against effective passes, for each width",
      caption: [
        "Training and test loss (a, b) and training and test accuracy (c, d) against effective passes, one line per width.",
        "Passes are on a square-root scale and losses (mean objective, in nats) on a logarithmic one.",
        "Training accuracy is on a scale logarithmic in the error; in the lane above the break every training example is right (accuracy exactly 1), each width on a row of its own. Rings and the numbers above them mark the pass at which a width first interpolates.",
        test.cut
          ? "The scale of test accuracy is linear and leaves out the accuracy before training, near chance."
          : "The scale of test accuracy is linear.",
        several ? "Lines are medians over the seeds, bands their range." : "",
        diverged > 0
          ? `A cross marks where a trial diverged (${diverged} of ${outcomes.length}); from there on the line speaks of the others.`
          : "",
      ]
        .filter((sentence) => sentence !== "")
        .join(" "),
      description: describe(outcomes, passes),
    },
    { width: WIDTH, height: frame(0, 1).bottom + 46 },
    legend.svg,
    panel(
      a,
      "train_loss",
      ["a  Training loss", "nats, logarithmic scale"],
      lossScale(series, "train_loss", a),
    ),
    panel(
      b,
      "test_loss",
      ["b  Test loss", "nats, logarithmic scale"],
      lossScale(series, "test_loss", b),
    ),
    panel(
      c,
      "train_accuracy",
      ["c  Training accuracy", "logarithmic in the error; 100% apart"],
      training,
      drawInterpolation(series, outcomes, c, x(c), training),
    ),
    panel(
      d,
      "test_accuracy",
      ["d  Test accuracy", test.cut ? "linear scale; before training is below" : "linear scale"],
      test,
    ),
  );
}

function lossScale(
  series: readonly Series[],
  name: "train_loss" | "test_loss",
  at: Frame,
): Vertical {
  const initial = series.map(({ band }) => band.points.at(0)?.[name].maximum ?? NaN);
  const ceiling = LOSS_CEILING * Math.max(...initial.filter(Number.isFinite), LOSS_FLOOR);
  const values = extremes(series, name)
    .filter(Number.isFinite)
    .map((value) => Math.min(Math.max(value, LOSS_FLOOR), ceiling));
  const domain = logDomain(values);
  const scale = scaleLog(domain, [at.bottom, at.top]).clamp(true);
  return {
    y: (value) => (Number.isFinite(value) ? scale(Math.max(value, LOSS_FLOOR)) : at.top),
    ticks: logTicks(domain).map(({ value, label }) => ({ at: scale(value), label })),
  };
}

/** Upwards: the error from all to one example on a logarithmic scale, a gap, and the lane of no error. */
function trainingAccuracyScale(
  series: readonly Series[],
  at: Frame,
): Vertical & { readonly gap: number } {
  const examples = Math.max(10, ...series.map(({ band }) => band.train_examples));
  const row = Math.min(6, 48 / series.length);
  const lane = { top: at.top, bottom: at.top + row * series.length + 2 };
  const gap = lane.bottom + 6;
  const scale = scaleLog([1, 1 / examples], [at.bottom, gap + 6]).clamp(true);
  const shares = [1, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5].filter((share) => share >= 1.5 / examples);
  return {
    y: (accuracy, index) =>
      accuracy === 1
        ? lane.bottom - row * (index + 0.5) - 1
        : scale(Number.isFinite(accuracy) ? Math.max(1 - accuracy, 1 / examples) : 1),
    ticks: [
      ...shares.map((share) => ({ at: scale(share), label: percent(1 - share) })),
      { at: (lane.top + lane.bottom) / 2, label: "100%" },
    ],
    gap,
  };
}

/** Linear over what training reaches; `cut` where that leaves out the accuracies before training. */
function testAccuracyScale(
  series: readonly Series[],
  at: Frame,
): Vertical & { readonly cut: boolean } {
  const later = extremes(series, "test_accuracy", 1);
  const all = extremes(series, "test_accuracy");
  const [low = 0, high = 1] = extent(later.length > 0 ? later : all);
  const [lowest = 0, highest = 1] = extent(all);
  const passes = Math.max(0, ...series.map(({ band }) => band.points.length - 1));
  const cut = passes > 2 && low - lowest > 2 * (high - low);
  const [from, until] = cut ? [low, high] : [lowest, highest];
  const pad = Math.max(0.06 * (until - from), 0.004);
  const scale = scaleLinear(
    [Math.max(0, from - pad), Math.min(1, until + pad)],
    [at.bottom, at.top],
  );
  return {
    // Below the frame, but not so far that a path needs huge numbers: the frame clips it.
    y: (accuracy) => Math.min(scale(Number.isFinite(accuracy) ? accuracy : 0), at.bottom + 2000),
    ticks: scale.ticks(6).map((value) => ({ at: scale(value), label: percent(value) })),
    cut,
  };
}

function drawLines(
  series: readonly Series[],
  name: Measure,
  at: Frame,
  x: (pass: number) => number,
  vertical: Vertical,
): string {
  const clip = `curves-clip-${name}`;
  const drawable = ({ median }: Spread): boolean => Number.isFinite(median);
  // From the widest to the narrowest: the narrow ones are the lighter and must not be covered.
  const drawn = [...series].reverse().map(({ band, style, index }) => {
    const { y } = vertical;
    const range = area<Band["points"][number]>()
      .digits(2)
      .defined((point) => drawable(point[name]))
      .x((point) => x(point.pass))
      .y0((point) => y(point[name].minimum, index))
      .y1((point) => y(point[name].maximum, index));
    const middle = line<Band["points"][number]>()
      .digits(2)
      .defined((point) => drawable(point[name]))
      .x((point) => x(point.pass))
      .y((point) => y(point[name].median, index));
    return [
      band.trials > 1
        ? element("path", { d: range(band.points) ?? "", fill: style.color, opacity: 0.16 })
        : "",
      element("path", {
        d: middle(band.points) ?? "",
        fill: "none",
        stroke: style.color,
        "stroke-width": 1.3,
        "stroke-linejoin": "round",
        "stroke-dasharray": style.dash,
      }),
    ].join("");
  });
  const markers = series.flatMap(({ band, style, index }) =>
    markerPoints(band, index, series.length, at, x)
      .filter((point) => drawable(point[name]))
      .map((point) => style.marker(x(point.pass), vertical.y(point[name].median, index))),
  );
  const crosses = series.flatMap(({ band, style, index }) =>
    band.divergences.map(({ last }) =>
      cross(x(last.pass), Math.min(vertical.y(measure(last, name), index), at.bottom), style.color),
    ),
  );
  return element(
    "g",
    {},
    element(
      "clipPath",
      { id: clip },
      element("rect", {
        x: at.left,
        y: at.top - 5,
        width: at.right - at.left + 6,
        height: at.bottom - at.top + 5,
      }),
    ),
    element("g", { "clip-path": `url(#${clip})` }, ...drawn, ...markers),
    ...crosses,
  );
}

/** A few points of a line for its marker, evenly across the frame, other ones for each width. */
function markerPoints(
  band: Band,
  index: number,
  count: number,
  at: Frame,
  x: (pass: number) => number,
): Band["points"] {
  const step = (at.right - at.left) / 4;
  const wanted = [0, 1, 2, 3].map(
    (turn) => at.left + step * (turn + (index + 0.7) / (count + 0.4)),
  );
  const chosen = wanted.flatMap((target) => {
    const near = least(
      band.points.filter(({ pass }) => pass > 0),
      ({ pass }) => Math.abs(x(pass) - target),
    );
    return near && Math.abs(x(near.pass) - target) < step / 2 ? [near] : [];
  });
  return chosen.length > 0 ? [...new Set(chosen)] : band.points.slice(-1);
}

/** Each width's number at the end of its line, moved apart and joined to it where it had to move. */
function drawEndLabels(
  series: readonly Series[],
  name: Measure,
  at: Frame,
  x: (pass: number) => number,
  vertical: Vertical,
): string {
  const ends = series.flatMap(({ band, style, index }) => {
    const end = band.points.at(-1);
    if (!end) return [];
    const y = Math.min(vertical.y(end[name].median, index), at.bottom);
    return [{ label: String(band.width), color: style.color, x: x(end.pass), y }];
  });
  const early = ends.filter((end) => end.x < at.right - 1);
  const places = place(
    ends.filter((end) => end.x >= at.right - 1),
    at.bottom + 4,
  );
  return element(
    "g",
    {},
    ...place(early, at.bottom - 5).map((end) => label(end, end.x + 8, end.labelY)),
    ...places.map((end) => {
      const leader = element("path", {
        d: `M${(at.right + 1).toFixed(1)} ${end.y.toFixed(1)}L${at.right + 9} ${end.labelY.toFixed(1)}h4`,
        fill: "none",
        stroke: end.color,
        "stroke-width": 0.8,
      });
      return leader + label(end, at.right + 15, end.labelY);
    }),
  );

  function place<E extends { y: number }>(
    these: readonly E[],
    lowest: number,
  ): (E & { labelY: number })[] {
    const labelY = spreadLabels(
      these.map(({ y }) => y),
      LABEL_GAP,
      [at.top - 2, lowest],
    );
    // More lines than rows: the legend alone tells them apart.
    if (labelY === null) return [];
    return these.map((end, index) => ({ ...end, labelY: labelY[index] ?? end.y }));
  }

  function label(end: { label: string; color: string }, left: number, y: number): string {
    return text(end.label, {
      x: left,
      y: y + 3.8,
      "font-size": 10.5,
      "font-weight": 600,
      fill: end.color,
    });
  }
}

/** Rings on the lane of no error where each width first interpolates, and the pass above it. */
function drawInterpolation(
  series: readonly Series[],
  outcomes: readonly Outcome[],
  at: Frame,
  x: (pass: number) => number,
  vertical: Vertical,
): string {
  const medians = new Map(summarizeWidths(outcomes).map(({ width, median }) => [width, median]));
  const marks = series.flatMap(({ band, style, index }) => {
    const pass = medians.get(band.width) ?? null;
    return pass === null ? [] : [{ pass, style, x: x(pass), y: vertical.y(1, index) }];
  });
  const rings = marks.map((mark) =>
    element("circle", {
      cx: mark.x,
      cy: mark.y,
      r: 3.4,
      fill: "#ffffff",
      stroke: mark.style.color,
      "stroke-width": 1.6,
    }),
  );
  const widest = Math.max(0, ...marks.map(({ pass }) => textWidth(String(pass), 10.5)));
  const places = spreadLabels(
    marks.map((mark) => mark.x),
    widest + 3,
    [at.left, at.right],
  );
  // Numbers that would stand far from their rings are left to the figure of interpolation.
  const readable = places?.every((place, index) => Math.abs(place - (marks[index]?.x ?? 0)) < 40);
  if (places === null || !readable) return element("g", {}, ...rings);
  const labels = marks.map((mark, index) => {
    const place = places[index] ?? mark.x;
    return [
      element("path", {
        d: `M${mark.x.toFixed(1)} ${(mark.y - 3.4).toFixed(1)}V${(at.top - 3).toFixed(1)}L${place.toFixed(1)} ${(at.top - 8).toFixed(1)}`,
        fill: "none",
        stroke: mark.style.color,
        "stroke-width": 0.8,
      }),
      text(String(mark.pass), {
        x: place,
        y: at.top - 10.5,
        "text-anchor": "middle",
        "font-size": 10.5,
        "font-weight": 600,
        fill: mark.style.color,
      }),
    ].join("");
  });
  return element("g", {}, ...labels, ...rings);
}

function drawLegend(series: readonly Series[]): { svg: string; rows: number } {
  const left = COLUMNS[0] ?? 0;
  const lead = "hidden width";
  const start = left + textWidth(lead, 11) + 6;
  let x = start;
  let rows = 1;
  const entries = series.map(({ band, style }) => {
    const label = String(band.width);
    const size = 36 + textWidth(label, 11) + 14;
    if (x + size > WIDTH - 10) {
      x = start;
      rows++;
    }
    const y = LEGEND_TOP + (rows - 1) * LEGEND_ROW;
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
    svg: element("g", {}, text(lead, { x: left, y: LEGEND_TOP + 4, fill: FAINT_INK }), ...entries),
    rows,
  };
}

/** Everything that a scale has to hold, from pass `from` on. */
function extremes(series: readonly Series[], name: Measure, from = 0): number[] {
  return series.flatMap(({ band }) => [
    ...band.points
      .filter(({ pass }) => pass >= from)
      .flatMap((point) => [point[name].minimum, point[name].maximum])
      .filter((value) => !Number.isNaN(value)),
  ]);
}

/** 0.9 → 90%, 0.999 → 99.9%. */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(4))}%`;
}

function describe(outcomes: readonly Outcome[], passes: number): string {
  const widths = summarizeWidths(outcomes).map(({ width, trials, interpolated, median }) => {
    const when = median === null ? "" : `, ${trials.length > 1 ? "median " : ""}at pass ${median}`;
    return trials.length > 1
      ? `width ${width} interpolates in ${interpolated} of ${trials.length} trials${when}`
      : `width ${width} ${interpolated ? `interpolates${when}` : "does not interpolate"}`;
  });
  return `Four panels over ${passes} passes, one line per width: training loss, test loss, training accuracy, test accuracy. ${widths.join("; ")}.`;
}
