// Losses and accuracies on training and test set against effective passes, a line per
// point; as four panels of one figure, or each of them as a slide of its own.

import type { Measure } from "../../analysis/bands.ts";
import { lossUnits, type Outcome } from "../../analysis/outcome.ts";
import { varyingAxes } from "../../analysis/points.ts";
import { summarizePoints } from "../../analysis/summary.ts";
import { enumerate } from "../../base/numbers.ts";
import { axisName } from "../../records/point.ts";
import { lastPass } from "../../records/record.ts";
import { axisBreak, panelTitle, xAxis, yAxis } from "../axes/axes.ts";
import { passScale, verticalScale } from "../axes/scales.ts";
import { passTicks } from "../axes/ticks.ts";
import { drawnOutcomes } from "../drawn.ts";
import { drawEndLabels } from "../marks/end-labels.ts";
import { drawLegend } from "../marks/legend.ts";
import { drawLines } from "../marks/lines.ts";
import type { Panel } from "../marks/panel.ts";
import { drawRings } from "../marks/rings.ts";
import { seriesOf, type Key, type Series } from "../series.ts";
import type { FigureSize } from "../size.ts";
import { element, figure, type Figure, type Sheet } from "../svg.ts";
import { LAYOUTS, type CurvesLayout, type Place } from "./layout.ts";
import { MULTIPLES } from "./multiples-layout.ts";
import { drawMultiples, multiplesOf, type Drawn, type Multiples } from "./multiples.ts";
import { captionOf, describePoints, linesText, scaleRemark, titleOf, type Told } from "./words.ts";

/** The panels of the figure, in their order. */
const MEASURES = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"] as const;

/** Lines of a figure, and points of all of them, as far as these leave a dozen lines. */
const MOST_LINES = 100;
const MOST_VERTICES = 12_000;

interface Curves extends Told {
  readonly passes: number;
  readonly series: readonly Series[];
  readonly keys: readonly Key[];
  readonly multiples: Multiples | null;
}

/** `outcomes`: any number of points and seeds; `passes` that were asked for (a diverged trial has fewer). */
export function curvesFigure(
  outcomes: readonly Outcome[],
  passes: number,
  size: FigureSize = "paper",
): Figure {
  const curves = curvesOf(outcomes, passes);
  const name = size === "phone" ? "curves-phone" : "curves";
  const { sheet, parts, panels } = draw(curves, MEASURES, size, name);
  return figure(
    {
      name,
      title: `Losses and accuracies against effective passes, for each ${curves.axes}`,
      caption: captionOf(curves, panels),
      description: `Four ${curves.multiples === null ? "panels" : "measures"} over ${passes} passes, ${linesText(curves)}: training loss, test loss, training accuracy, test accuracy. ${describePoints(curves)}`,
    },
    sheet,
    ...parts,
  );
}

/** Each panel of the curves as a slide: curves-train-loss, curves-test-loss, and so on. */
export function curvesSlides(outcomes: readonly Outcome[], passes: number): Figure[] {
  const curves = curvesOf(outcomes, passes);
  return MEASURES.map((measure) => {
    const name = `curves-${measure.replace("_", "-")}`;
    const { sheet, parts, panels } = draw(curves, [measure], "single", name);
    const title = titleOf(measure, true);
    return figure(
      {
        name,
        title: `${title} against effective passes, for each ${curves.axes}`,
        caption: captionOf(curves, panels),
        description: `${title} over ${passes} passes, ${linesText(curves)}. ${describePoints(curves)}`,
      },
      sheet,
      ...parts,
    );
  });
}

function curvesOf(all: readonly Outcome[], passes: number): Curves {
  const rows = all.at(0)?.record.trajectory.length ?? 1;
  const most = Math.max(12, Math.min(MOST_LINES, Math.floor(MOST_VERTICES / rows)));
  const { outcomes, caption: drawn } = drawnOutcomes(all, most);
  // Where all end early there is nothing beyond.
  const longest = Math.max(1, ...outcomes.map(({ record }) => lastPass(record)));
  const summaries = summarizePoints(outcomes);
  const axes = varyingAxes(summaries);
  return {
    ...{ outcomes, passes: Math.min(passes, longest), summaries, drawn, unit: lossUnits(outcomes) },
    ...seriesOf(outcomes),
    multiples: multiplesOf(outcomes, summaries),
    axes: enumerate(axes.map((axis) => axisName(axis, axes))),
  };
}

/** `name`: of the figure, whose ids begin with it. */
function draw(
  curves: Curves,
  measures: readonly Measure[],
  size: FigureSize | "single",
  name: string,
): Drawn {
  const { multiples } = curves;
  if (multiples !== null)
    return drawMultiples(multiples, measures, MULTIPLES[size], { ...curves, name });
  const { sheet, legend, panels } = arrange(curves, measures, LAYOUTS[size]);
  const isAlone = measures.length === 1;
  const parts = panels.map((panel) =>
    drawPanel(panel, curves, titleOf(panel.measure, isAlone), name),
  );
  return { sheet, parts: [legend, ...parts], panels };
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
