// Losses and accuracies on training and test set against effective passes, a line per
// point; as four panels of one figure, or each of them as a slide of its own.

import { evaluatedCaption } from "../analysis/evaluated.ts";
import type { Measure } from "../analysis/bands.ts";
import { lossUnits, type Outcome } from "../analysis/outcome.ts";
import { axesText, varyingAxes } from "../analysis/points.ts";
import { summarizePoints, type PointSummary } from "../analysis/summary.ts";
import { enumerate } from "../base/numbers.ts";
import { axisName } from "../records/point.ts";
import { axisBreak, panelTitle, xAxis, yAxis } from "./axes/axes.ts";
import { LAYOUTS, type CurvesLayout, type Place } from "./curves-layout.ts";
import { drawnOutcomes } from "./drawn.ts";
import { drawEndLabels } from "./marks/end-labels.ts";
import { drawLegend } from "./marks/legend.ts";
import { drawLines } from "./marks/lines.ts";
import type { Panel } from "./marks/panel.ts";
import { MOST_MARKED } from "./marks/marker-points.ts";
import { MOST_BANDS } from "./marks/ranges.ts";
import { drawRings } from "./marks/rings.ts";
import { passScale, verticalScale } from "./axes/scales.ts";
import { seriesOf, type Key, type Series } from "./series.ts";
import type { FigureSize } from "./size.ts";
import { element, figure, type Figure, type Sheet } from "./svg.ts";
import { passTicks } from "./axes/ticks.ts";

/** The panels of the figure, in their order. */
const MEASURES = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"] as const;
const LETTERS: Readonly<Record<Measure, string>> = {
  train_loss: "a",
  test_loss: "b",
  train_accuracy: "c",
  test_accuracy: "d",
};
const TITLES: Readonly<Record<Measure, string>> = {
  train_loss: "Training loss",
  test_loss: "Test loss",
  train_accuracy: "Training accuracy",
  test_accuracy: "Test accuracy",
};

/** Lines of a panel, and points of all of them, as far as these leave a dozen lines. */
const MOST_LINES = 100;
const MOST_VERTICES = 12_000;

interface Curves {
  readonly outcomes: readonly Outcome[];
  readonly passes: number;
  /** Of the losses. */
  readonly unit: string;
  readonly series: readonly Series[];
  readonly keys: readonly Key[];
  readonly summaries: readonly PointSummary[];
  /** What tells lines apart: "width", "width and label noise". */
  readonly axes: string;
  /** Of points that are left out. */
  readonly drawn: readonly string[];
}

/** `outcomes`: any number of points and seeds; `passes` that were asked for (a diverged trial has fewer). */
export function curvesFigure(
  outcomes: readonly Outcome[],
  passes: number,
  size: FigureSize = "paper",
): Figure {
  const curves = curvesOf(outcomes, passes);
  const name = size === "phone" ? "curves-phone" : "curves";
  const { sheet, legend, panels } = arrange(curves, MEASURES, LAYOUTS[size]);
  return figure(
    {
      name,
      title: `Losses and accuracies against effective passes, for each ${curves.axes}`,
      caption: captionOf(curves, panels),
      description: `Four panels over ${passes} passes, one line per ${curves.axes}: training loss, test loss, training accuracy, test accuracy. ${describePoints(curves)}`,
    },
    sheet,
    legend,
    ...panels.map((panel) =>
      drawPanel(panel, curves, `${LETTERS[panel.measure]}  ${TITLES[panel.measure]}`, name),
    ),
  );
}

/** Each panel of the curves as a slide: curves-train-loss, curves-test-loss, and so on. */
export function curvesSlides(outcomes: readonly Outcome[], passes: number): Figure[] {
  const curves = curvesOf(outcomes, passes);
  return MEASURES.map((measure) => {
    const name = `curves-${measure.replace("_", "-")}`;
    const { sheet, legend, panels } = arrange(curves, [measure], LAYOUTS.single);
    return figure(
      {
        name,
        title: `${TITLES[measure]} against effective passes, for each ${curves.axes}`,
        caption: captionOf(curves, panels),
        description: `${TITLES[measure]} over ${passes} passes, one line per ${curves.axes}. ${describePoints(curves)}`,
      },
      sheet,
      legend,
      ...panels.map((panel) => drawPanel(panel, curves, TITLES[measure], name)),
    );
  });
}

function curvesOf(all: readonly Outcome[], passes: number): Curves {
  const rows = all.at(0)?.record.trajectory.length ?? 1;
  const most = Math.max(12, Math.min(MOST_LINES, Math.floor(MOST_VERTICES / rows)));
  const { outcomes, caption: drawn } = drawnOutcomes(all, most);
  const summaries = summarizePoints(outcomes);
  const axes = varyingAxes(summaries);
  return {
    ...{ outcomes, passes, summaries, drawn, unit: lossUnits(outcomes) },
    ...seriesOf(outcomes),
    axes: enumerate(axes.map((axis) => axisName(axis, axes))),
  };
}

/** A panel, and what its place has room for. */
type PlacedPanel = Panel &
  Omit<Place, "frame"> & {
    /** To the right of every frame, in px. */
    readonly room: number;
  };

function arrange(
  { series, keys, passes }: Curves,
  measures: readonly Measure[],
  layout: CurvesLayout,
): { sheet: Sheet; legend: string; panels: PlacedPanel[] } {
  const legend = drawLegend(keys, layout.legend);
  const { sheet, places } = layout.layOut(legend.height);
  const room = sheet.width - Math.max(...places.map(({ frame }) => frame.right));
  const panels = places.flatMap(({ frame, ...place }, index) => {
    const measure = measures.at(index);
    if (measure === undefined) return [];
    const x = passScale(passes, frame);
    return [
      {
        measure,
        series,
        frame,
        x,
        vertical: verticalScale(series, measure, frame),
        ...place,
        room,
      },
    ];
  });
  return { sheet, legend: legend.svg, panels };
}

/** `name`: of the figure, whose ids begin with it. */
function drawPanel(panel: PlacedPanel, curves: Curves, title: string, name: string): string {
  const { measure, frame, x, vertical, roomy, titledAxis } = panel;
  const ticks = passTicks(curves.passes).map((pass) => ({ at: x(pass), label: String(pass) }));
  // Between title and frame of training accuracy stand the passes of interpolation.
  const rise = measure === "train_accuracy" ? 24 : 10;
  return element(
    "g",
    {},
    panelTitle(frame, frame.top - rise, title, scaleRemark(panel, roomy, curves.unit)),
    yAxis(frame, vertical.ticks, ""),
    xAxis(frame, ticks, titledAxis ? "effective passes (square-root scale)" : ""),
    vertical.gap === undefined ? "" : axisBreak(frame, vertical.gap),
    drawLines(panel, `${name}-clip-${measure}`),
    measure === "train_accuracy" ? drawRings(panel, curves.summaries) : "",
    drawEndLabels(panel, panel.room),
  );
}

function scaleRemark({ measure, vertical }: Panel, roomy: boolean, unit: string): string {
  switch (measure) {
    case "train_loss":
    case "test_loss":
      return `${unit}, logarithmic scale`;
    case "train_accuracy":
      return roomy ? "logarithmic in the error; 100% apart" : "log of the error; 100% apart";
    case "test_accuracy":
      if (!vertical.cut) return "linear scale";
      return roomy ? "linear scale; before training is below" : "linear scale; start is below";
  }
}

function captionOf(
  { outcomes, series, unit, axes, drawn }: Curves,
  panels: readonly Panel[],
): string {
  const cut = panels.some(({ vertical }) => vertical.cut);
  const several = series.some(({ band }) => band.trials > 1);
  const line = axes === "width" ? axes : "line";
  const ranges =
    series.length > MOST_BANDS ? ", bars at the markers their range" : ", bands their range";
  const stopped = outcomes.filter((outcome) => outcome.stopped).length;
  const diverged = series.reduce((sum, { band }) => sum + band.divergences.length, 0);
  return [
    `Training and test loss (a, b) and training and test accuracy (c, d) against effective passes, one line per ${axes}.`,
    `Passes are on a square-root scale and losses (mean objective, in ${unit}) on a logarithmic one.`,
    `Training accuracy is on a scale logarithmic in the error; in the lane above the break every training example is right (accuracy exactly 1), each ${line} on a row of its own. Rings and the numbers above them mark the pass at which a ${line} first interpolates.`,
    cut
      ? "The scale of test accuracy is linear and leaves out the accuracy before training, near chance."
      : "The scale of test accuracy is linear.",
    several ? `Lines are medians over the seeds${series.length > MOST_MARKED ? "" : ranges}.` : "",
    ...drawn,
    ...evaluatedCaption(outcomes),
    stopped > 0
      ? `The study's rules stopped ${stopped} of ${outcomes.length} trials; from there on a line speaks of the others.`
      : "",
    diverged > 0
      ? `A cross marks where a trial diverged (${diverged} of ${outcomes.length}); from there on the line speaks of the others.`
      : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function describePoints({ summaries }: Curves): string {
  const axes = varyingAxes(summaries);
  const points = summaries.slice(0, MOST_DESCRIBED).map((summary) => {
    const { trials, interpolated, median } = summary;
    const name = axesText(summary, axes);
    const when = median === null ? "" : `, ${trials.length > 1 ? "median " : ""}at pass ${median}`;
    return trials.length > 1
      ? `${name} interpolates in ${interpolated} of ${trials.length} trials${when}`
      : `${name} ${interpolated ? `interpolates${when}` : "does not interpolate"}`;
  });
  return `${points.join("; ")}${summaries.length > MOST_DESCRIBED ? "; and others" : ""}.`;
}

/** Points that a description tells one by one. */
const MOST_DESCRIBED = 100;
