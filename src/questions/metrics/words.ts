// The answer of `final-metric` in words, a table and figures.

import { passesToInterpolation } from "../../analysis/interpolation.ts";
import type { MetricPlace } from "../../analysis/metric.ts";
import { lossUnits } from "../../analysis/outcome.ts";
import { varyingAxes } from "../../analysis/points.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { DRAWS } from "../../analysis/statistics/bootstrap.ts";
import { count, passes, plural } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { acrossOf } from "../../figures/axes/across.ts";
import { againstFigure } from "../../figures/against.ts";
import type { FigureSize } from "../../figures/size.ts";
import type { Figure } from "../../figures/svg.ts";
import { axisName } from "../../records/point.ts";
import { estimateText, FEWEST_DRAWN, type Estimate } from "../estimate.ts";
import { scheduleSentences } from "../evaluated-words.ts";
import type { MetricAnswer, MetricLine, ShapePlace } from "./lines.ts";
import { isShare, metricEstimateText, metricName, metricText, worstName } from "./names.ts";
import { MOST_NAMED } from "../network.ts";
import { pointTable } from "../point-table.ts";
import { capitalized, type Fact, type Findings } from "../question.ts";

const AT: Readonly<Record<MetricPlace, string>> = {
  end: "at the end",
  best: "at its best",
  worst: "at its worst",
  interpolation: "at interpolation",
};

/** More lines than these have no threshold marked. */
const MOST_MARKED = 4;
/** Values that are no shares and differ by more than this ratio stand on a logarithmic scale. */
const WIDE = 20;

/** "test error at the end" */
export function metricTitle({ metric, at }: MetricAnswer): string {
  return `${metricName(metric)} ${AT[at]}`;
}

/** Of one line: its peak, else its least. */
export function metricFacts(answer: MetricAnswer): Fact[] {
  const [{ shape }, ...others] = answer.lines;
  if (shape === null || others.length > 0) return [];
  const { peak, smallest } = shape;
  const told = isPeak(peak) ? peak : smallest;
  return [
    {
      name: `${isPeak(peak) ? "peak" : "smallest"} of ${metricTitle(answer)}`,
      value: metricText(answer.metric)(told.value.value),
      note: `at ${axisOf(answer)} ${told.name}${intervalNote(answer, told.value)}`,
    },
  ];
}

/** Nothing where there is no interval. */
function intervalNote(answer: MetricAnswer, { interval, by }: Estimate): string {
  if (interval === null) return "";
  const points = answer.lines.flatMap(({ line }) => line.points);
  const [low, high] = interval.map(metricText(answer.metric, unending(answer, points)));
  return `; ${low} … ${high}: ${by}`;
}

export function metricSentences(answer: MetricAnswer): Text[] {
  const { lines } = answer;
  const title = capitalized(metricTitle(answer));
  if (lines.length === 1) return [[`${title}: `, ...lineText(answer, lines[0])]];
  if (lines.length <= MOST_NAMED)
    return lines.map((one) => [`${title}, ${one.line.name}: `, ...lineText(answer, one)]);
  const peaked = lines.filter(({ shape }) => isPeak(shape?.peak ?? null)).length;
  return [[`${title}: ${peaked} of ${lines.length} lines have a peak between their ends.`]];
}

export function metricLines(answer: MetricAnswer): string[] {
  return metricSentences(answer).map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );
}

function lineText(answer: MetricAnswer, { shape, change, line }: MetricLine): Text {
  if (shape === null)
    return [{ strong: "no point has a value" }, `${whyNone(answer, line.points)}.`];
  const axis = axisOf(answer);
  const { peak, largest, smallest } = shape;
  const at = (place: ShapePlace) =>
    `${valueText(answer, place.value)} at ${axis} ${placeText(place)}`;
  const peaks: Text =
    peak === null
      ? []
      : isPeak(peak)
        ? [
            { strong: `a peak of ${at(peak)}` },
            `, ${differenceText(answer, peak.rise)} above the lowest value on either side; `,
          ]
        : [{ strong: "no peak between the ends" }, "; "];
  const ends = [line.points.at(0), line.points.at(-1)].map(
    (point) => point?.values[answer.against],
  );
  const changes = change
    ? `; from ${axis} ${ends[0]} to ${ends[1]} it changes by ${differenceText(answer, change)} on average`
    : "";
  return [...peaks, `the largest is ${at(largest)}, the smallest ${at(smallest)}${changes}.`];
}

/** Where every trial diverged; at interpolation that none has a value is told of all trials. */
function whyNone({ at }: MetricAnswer, points: readonly PointSummary[]): string {
  const diverged = points.every(({ trials }) => trials.every((trial) => trial.diverged !== null));
  return diverged && at !== "interpolation" ? ", as every trial diverged" : "";
}

function isPeak(peak: NonNullable<MetricLine["shape"]>["peak"]): peak is NonNullable<typeof peak> {
  return peak !== null && peak.rise.value > 0;
}

/** What stands in brackets, and which trials have no value. */
export function noteSentences({ result }: Findings, answers: readonly MetricAnswer[]): Text[] {
  const [{ seeds, at }] = answers;
  const lines = answers.flatMap((answer) => answer.lines);
  const known = lines.some(({ shape }) => shape !== null);
  const peaks = lines.some(({ shape }) => isPeak(shape?.peak ?? null));
  const changes = lines.some(({ change }) => change !== null);
  const { outcomes, study } = result;
  const of = (count: number) => `${count} of ${plural(outcomes.length, "trial")}`;
  const never = outcomes.filter(({ record }) => passesToInterpolation(record) === null).length;
  const diverged = outcomes.filter(({ record }) => record.ending.kind === "diverged").length;
  return [
    ...(known && seeds >= FEWEST_DRAWN
      ? [
          [
            `In brackets stand 95 % percentile intervals over ${count(DRAWS)} draws of the ${seeds} seeds, paired between points, which share them${changes ? "; after a change from end to end, Student's 95 % interval of its mean" : ""}.`,
          ],
          ...(peaks
            ? [
                [
                  "How far a peak rises is measured in some seeds at the place where the other seeds peak, because the highest of several points stands out by chance alone.",
                ],
              ]
            : []),
        ]
      : known && seeds > 1
        ? [
            [
              `${FEWEST_DRAWN} seeds or more would give intervals of places and heights${changes ? "; in brackets after a change from end to end stands Student's 95 % interval of its mean" : ""}.`,
            ],
          ]
        : []),
    ...(at === "interpolation" && never > 0
      ? [
          [
            `${capitalized(of(never))} never interpolate within ${passes(study.training.passes)}: they count as larger than any, so that a point of which half never do has no value.`,
          ],
        ]
      : []),
    ...((at === "end" || at === "worst") && diverged > 0 && diverged < outcomes.length
      ? [[`${of(diverged)} diverged: they count as worse than any that did not.`]]
      : []),
  ];
}

/** At which passes interpolation was looked for, where that matters. */
export function metricConditions(
  { result }: Findings,
  [{ at, lines }]: readonly MetricAnswer[],
): Text[] {
  const isOfPasses = at === "interpolation" || lines.some(({ threshold }) => threshold !== null);
  return isOfPasses ? scheduleSentences(result.study) : [];
}

export function metricsTable(findings: Findings, answers: readonly MetricAnswer[]): Block[] {
  const [first] = answers;
  const { by } = first.valueAt(findings.points[0]);
  const brackets = first.seeds > 1 ? `, with the ${by} in brackets` : "";
  const hasLosses = answers.some(({ metric }) => metric.endsWith("_loss"));
  const unit = hasLosses ? `; losses in ${lossUnits(findings.result.outcomes)}` : "";
  return pointTable(
    findings,
    `Medians over the seeds ${AT[first.at]}${brackets}${unit}`,
    answers.map(({ metric, at, valueAt }) => ({
      heading: metricName(metric),
      of: (summary) =>
        metricEstimateText(metric, valueAt(summary), unending({ metric, at }, [summary])),
    })),
  );
}

/** `name`: of its file. */
export function metricFigure(
  findings: Findings,
  answer: MetricAnswer,
  name: string,
  size: FigureSize,
): Figure {
  const { metric, against, lines, seeds, valueAt } = answer;
  const { title, scale } = acrossOf([against], findings.points);
  const drawn = lines.map(({ line }) => ({
    name: line.name,
    points: line.points.map((summary) => {
      const { value, interval } = valueAt(summary);
      const x = summary.values[against];
      return { x, y: value, ...(interval && { low: interval[0], high: interval[1] }) };
    }),
  }));
  const values = drawn.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = !isShare(metric) && low > 0 && high > WIDE * low;
  const unit = metric.endsWith("_loss") ? `, ${lossUnits(findings.result.outcomes)}` : "";
  const thresholds =
    lines.length > MOST_MARKED ? [] : lines.filter((one) => one.threshold !== null);
  const lost = drawn.flatMap(({ points }) => points).length - values.length;
  const { by } = valueAt(findings.points[0]);
  return againstFigure(
    {
      name,
      title: `${capitalized(metricTitle(answer))} against ${axisOf(answer)}`,
      caption: [
        `${capitalized(metricTitle(answer))} against ${axisOf(answer)}${seeds === 1 ? "" : `: medians over the seeds, and as bands or bars the ${by}`}.`,
        ...(thresholds.length > 0
          ? ["Dotted upright lines mark the smallest width that interpolates in most seeds."]
          : []),
        ...(lost > 0
          ? [
              `${plural(lost, "point")} without a finite median ${lost === 1 ? "is" : "are"} left out.`,
            ]
          : []),
      ].join(" "),
      x: {
        label: title,
        scale: scale === "" ? "categories" : scale === "logarithmic" ? "log" : "linear",
      },
      y: {
        label: `${metricTitle(answer)}${unit}`,
        ...{ scale: isLog ? "log" : "linear", shares: isShare(metric) },
      },
      lines: drawn,
      verticals: thresholds.map(({ threshold, line }) => ({
        x: threshold ?? NaN,
        ...(lines.length === 1
          ? { label: `threshold ${threshold}` }
          : { label: String(threshold), of: line.name }),
      })),
    },
    size,
  );
}

/** As sentences call it. */
function axisOf({ against, lines }: MetricAnswer): string {
  return axisName(against, varyingAxes(lines.flatMap(({ line }) => line.points)));
}

function valueText(answer: MetricAnswer, value: Estimate): string {
  const points = answer.lines.flatMap(({ line }) => line.points);
  return metricEstimateText(answer.metric, value, unending(answer, points));
}

/** What a value is called that is not finite. */
function unending(
  { metric, at }: Pick<MetricAnswer, "metric" | "at">,
  points: readonly PointSummary[],
): string {
  return at === "interpolation" ? "never" : worstName(metric, points);
}

/** "47 (41 … 53)" */
function placeText({ name, at }: ShapePlace): string {
  return at.interval === null ? name : estimateText(at, String, "nowhere");
}

/** Of a difference: of shares in percentage points. */
function differenceText({ metric }: MetricAnswer, value: Estimate): string {
  return isShare(metric)
    ? `${estimateText(value, (one) => (100 * one).toFixed(2).replace("-", "−"))} percentage points`
    : estimateText(value);
}
