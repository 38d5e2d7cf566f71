// The curves as small multiples, where two or more axes make too many lines for one panel: of each measure a panel for
// each combination of all axes but the one with the most values, which lines are told apart by.

import { sort } from "d3-array";

import { bands, type Measure } from "../../analysis/bands.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { linesOf, varyingAxes } from "../../analysis/points.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { enumerate } from "../../base/numbers.ts";
import { axisName } from "../../records/point.ts";
import { axisBreak, gridLines, panelTitle, xAxis, yAxis, type Frame } from "../axes/axes.ts";
import { passScale, verticalScale } from "../axes/scales.ts";
import { passTicks } from "../axes/ticks.ts";
import { drawLegend } from "../marks/legend.ts";
import { drawLines } from "../marks/lines.ts";
import type { Panel } from "../marks/panel.ts";
import { markRings } from "../marks/rings.ts";
import { headingOf, mainAxis, ringlessStyles, type Key, type Series } from "../series.ts";
import { element, text, textWidth, type Sheet } from "../svg.ts";
import type { Block, MultiplesLayout } from "./multiples-layout.ts";
import { scaleRemark, titleOf } from "./words.ts";

/** Lines that one panel holds, and panels of a measure. */
const MOST_LINES = 12;
const MOST_PANELS = 6;

/** From one marker of a panel to the next, in px. */
const MARKER_ROOM = 13;
const HEADING_SIZE = 10.5;

/** What the panels of every measure have. */
export interface Multiples {
  /** As sentences call what tells lines apart, and what tells panels apart. */
  readonly along: string;
  readonly others: string;
  /** Of the lines. */
  readonly key: Key;
  readonly panels: readonly Multiple[];
}

/** One combination. */
interface Multiple {
  /** "label noise 0.1", and "0.1" where that has no room. */
  readonly name: string;
  readonly short: string;
  readonly series: readonly Series[];
  /** Of the series, in their order. */
  readonly summaries: readonly PointSummary[];
}

/** null where a panel can hold all lines, or nothing would be gained. */
export function multiplesOf(
  outcomes: readonly Outcome[],
  summaries: readonly PointSummary[],
): Multiples | null {
  const ofPoints = bands(outcomes);
  const axes = varyingAxes(ofPoints);
  const main = mainAxis(ofPoints, axes);
  const others = axes.filter((axis) => axis !== main);
  const combinations = linesOf(ofPoints, [main]);
  if (ofPoints.length <= MOST_LINES) return null;
  if (combinations.length === 1 || combinations.length > MOST_PANELS) return null;
  const known = [...new Set(ofPoints.map(({ values }) => values[main]))];
  const isNumeric = known.every((value) => typeof value === "number");
  const labels = (isNumeric ? sort(known, Number) : known).map(String);
  const styles = ringlessStyles(labels.length);
  return {
    along: axisName(main, axes),
    others: enumerate(others.map((axis) => axisName(axis, axes))),
    key: {
      axes: headingOf(main, axes),
      entries: labels.map((label, at) => ({ label, style: styles[at] })),
    },
    panels: combinations.map(({ name, points }) => ({
      name,
      short: others.map((axis) => String(points[0].values[axis])).join(" · "),
      series: points.map((band) => {
        const label = String(band.values[main]);
        const index = labels.indexOf(label);
        return { band, name: label, style: styles[index], index };
      }),
      summaries: points.map((band) => summaries[ofPoints.indexOf(band)]),
    })),
  };
}

/** What is drawn, for each measure, and its panels. */
export interface Drawn {
  readonly sheet: Sheet;
  readonly parts: readonly string[];
  readonly panels: readonly Panel[];
}

/** `name`: of the figure, whose ids begin with it; `unit`: of the losses. */
export function drawMultiples(
  multiples: Multiples,
  measures: readonly Measure[],
  layout: MultiplesLayout,
  { name, passes, unit }: { readonly name: string; readonly passes: number; readonly unit: string },
): Drawn {
  const { key, panels } = multiples;
  const [{ frame }] = layout.layOut(0, panels.length).blocks[0].places;
  const { headings, names } = headingsOf(multiples, frame.right - frame.left);
  const lines = drawLegend([key], layout.legend);
  const named = drawLegend(names, {
    ...{ left: layout.legend.left, right: layout.legend.right },
    top: layout.legend.top + lines.height,
  });
  const { sheet, blocks } = layout.layOut(lines.height + named.height, panels.length);
  const drawn = measures.map((measure, at) => {
    const block = blocks[at];
    const placed = placedPanels(multiples, measure, block, passes);
    const clip = `${name}-clip-${measure}`;
    const title = titleOf(measure, measures.length === 1);
    return {
      panels: placed,
      part: element(
        "g",
        {},
        panelTitle(block, block.top, title, scaleRemark(placed[0], block.roomy, unit)),
        ...placed.map((panel, place) =>
          element(
            "g",
            {},
            drawHeading(headings[place], panel.frame),
            drawAxes(panel, passes, block.places[place].first),
            drawLines(panel, `${clip}-${place}`),
            ...(measure === "train_accuracy" ? markRings(panel, panels[place].summaries) : []),
          ),
        ),
        block.titledAxis ? drawAxisTitle(placed) : "",
      ),
    };
  });
  return {
    sheet,
    parts: [lines.svg, named.svg, ...drawn.map(({ part }) => part)],
    panels: drawn.flatMap(({ panels: placed }) => placed),
  };
}

/** On scales that all panels of the measure share. */
function placedPanels(
  { panels, key }: Multiples,
  measure: Measure,
  { places }: Block,
  passes: number,
): Panel[] {
  const all = panels.flatMap(({ series }) => series);
  const rows = key.entries.length;
  return panels.map(({ series }, place) => {
    const { frame } = places[place];
    const room = (frame.right - frame.left) / rows;
    const most = Math.max(1, Math.floor(room / MARKER_ROOM));
    return {
      ...{ measure, series, frame, markers: { most, size: Math.min(26, Math.max(12, 2 * room)) } },
      x: passScale(passes, frame),
      vertical: verticalScale(all, measure, frame, rows),
    };
  });
}

/** Above the panels, and in the legend what they leave out: "label noise 0.1", or "0.1", or of long names a number. */
function headingsOf(
  { others, panels }: Multiples,
  width: number,
): { readonly headings: readonly string[]; readonly names: readonly Key[] } {
  const fit = (headings: readonly string[]) =>
    headings.every((heading) => textWidth(heading, HEADING_SIZE) <= width + 6);
  const [named, short] = [panels.map(({ name }) => name), panels.map((one) => one.short)];
  const axes = `a panel for each ${others}`;
  if (fit(named)) return { headings: named, names: [] };
  if (fit(short)) return { headings: short, names: [{ axes, entries: [] }] };
  const entries = short.map((name, at) => ({ label: `${at + 1}: ${name}`, style: null }));
  return { headings: short.map((_, at) => String(at + 1)), names: [{ axes: "panels", entries }] };
}

function drawHeading(heading: string, frame: Frame): string {
  return text(heading, {
    x: (frame.left + frame.right) / 2,
    y: frame.top - 6,
    "font-size": HEADING_SIZE,
    "text-anchor": "middle",
  });
}

/** `isFirst`: the numbers of the scale stand beside it. */
function drawAxes({ frame, x, vertical }: Panel, passes: number, isFirst: boolean): string {
  const ticks = passTicks(passes).map((pass) => {
    const label = String(pass);
    // Beside a panel's last number the next one's first has no room.
    const reach = pass === passes && pass > 0 ? textWidth(label, 11) / 2 - 4 : 0;
    return { at: x(pass), label, labelAt: x(pass) - reach };
  });
  const { gap } = vertical;
  return [
    isFirst ? yAxis(frame, vertical.ticks, "") : gridLines(frame, vertical.ticks),
    xAxis(frame, ticks, ""),
    isFirst && gap !== undefined ? axisBreak(frame, gap) : "",
  ].join("");
}

function drawAxisTitle(panels: readonly Panel[]): string {
  const frames = panels.map(({ frame }) => frame);
  const [left, right] = [
    Math.min(...frames.map((frame) => frame.left)),
    Math.max(...frames.map((frame) => frame.right)),
  ];
  return text("effective passes (square-root scale)", {
    x: (left + right) / 2,
    y: Math.max(...frames.map(({ bottom }) => bottom)) + 35,
    "text-anchor": "middle",
  });
}
