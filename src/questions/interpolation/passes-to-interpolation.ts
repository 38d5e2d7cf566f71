// After how many passes each point predicts every training example right, and whether it misses some again.

import { least } from "d3-array";
import { enumerate, passes, plural, runs } from "../../base/numbers.ts";
import { passesToInterpolation } from "../../analysis/interpolation.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import type { Text } from "../../document/document.ts";
import { varyingAxes } from "../../analysis/points.ts";
import { axisName } from "../../records/point.ts";
import type { StudyResult } from "../../study/result.ts";
import { interpolationFigure } from "../../figures/interpolation.ts";
import { evaluatedSentences } from "../evaluated-words.ts";
import { estimateText, fieldsOf, FEWEST_SEEDS } from "../estimate.ts";
import {
  bracketsSentence,
  countSentence,
  interpolatingShare,
  medianPasses,
  ofSeeds,
  onlyNetwork,
  shareInterval,
} from "./interpolation-words.ts";
import { MOST_NAMED, trainedNetwork } from "../network.ts";
import { perPoint, pointTable } from "../point-table.ts";
import { byPoint, capitalized, question, type Findings } from "../question.ts";

/** Of the table on a terminal. */
const MOST_LINES = 40;

export const passesToInterpolate = question({
  settings: {},
  needs: "sweep",
  figures: () => ["interpolation"],
  answer(findings) {
    const { result, points, several } = findings;
    const asked = result.study.training.passes;
    const only = points.length === 1 ? onlyNetwork(findings) : null;
    const nameOf = (summary: PointSummary) => trainedNetwork(result, summary).name;
    const isNamed = result.study.sweep.paths === undefined || points.length <= MOST_NAMED;
    const when = !isNamed
      ? [[manySentence(findings)]]
      : several
        ? [
            ...points.map((summary) => [
              countSentence(capitalized(nameOf(summary)), summary, asked),
            ]),
            bracketsSentence(points[0]),
          ]
        : [[passesSentence(findings)]];
    return {
      facts: only?.facts ?? [],
      sentences: [...(only?.sentences ?? when), ...misses(findings)],
      conditions: evaluatedSentences(findings),
      lines: table(findings),
      section: {
        ...{ id: "interpolation", heading: "Passes to interpolation" },
        blocks: several ? seedsTable(findings) : [],
      },
      draw: (size) => [interpolationFigure(result.outcomes, asked, size)],
      summary: {
        passes_to_interpolation: byPoint(findings, passesToInterpolation),
        ...(several && {
          median_passes_to_interpolation: perPoint(findings, (one) => fieldsOf(medianPasses(one))),
          interpolating_share: perPoint(findings, (one) => fieldsOf(interpolatingShare(one))),
        }),
      },
    };
  },
});

function seedsTable(findings: Findings) {
  const { by } = medianPasses(findings.points[0]);
  return pointTable(
    findings,
    `The share of seeds that interpolate with Wilson's 95 % interval, and the median of their passes (never counting as latest; in brackets the ${by})`,
    [
      { heading: "interpolate", of: ofSeeds },
      { heading: "share", of: shareInterval },
      { heading: "median passes", of: (one) => estimateText(medianPasses(one), String) },
    ],
  );
}

/** "Passes to interpolation: 53 at width 32, 41 at width 128. Widths 8 and 16 do not interpolate within 100 passes." */
function passesSentence({ result, points }: Findings): string {
  const done = points.filter(({ median }) => median !== null);
  const never = points.filter(({ median }) => median === null);
  const when = done.map((summary) => `${summary.median} ${trainedNetwork(result, summary).at}`);
  const within = `within ${passes(result.study.training.passes)}`;
  return [
    ...(done.length === 0 ? [] : [`Passes to interpolation: ${enumerate(when)}.`]),
    ...(never.length === 0 ? [] : [`${neverWords(result, never)} not interpolate ${within}.`]),
  ].join(" ");
}

function neverWords(result: StudyResult, never: readonly PointSummary[]): string {
  const axes = varyingAxes(never);
  if (
    result.study.sweep.paths !== undefined &&
    axes.length === 1 &&
    axes[0] in result.study.sweep.paths
  ) {
    const values = enumerate(never.map(({ values }) => values[axes[0]]));
    return `${capitalized(axisName(axes[0], axes))} ${values} ${never.length === 1 ? "does" : "do"}`;
  }
  if (result.study.sweep.paths !== undefined)
    return `${capitalized(enumerate(never.map((summary) => trainedNetwork(result, summary).name)))} ${never.length === 1 ? "does" : "do"}`;
  const [noun, verb] = never.length === 1 ? ["Width", "does"] : ["Widths", "do"];
  return `${noun} ${enumerate(never.map(({ width }) => width))} ${verb}`;
}

/** "31 of 65 points interpolate within 100 passes, the soonest at width 512, learning rate 0.1, after 12." */
function manySentence({ result, points, several }: Findings): string {
  const done = points.filter(({ median }) => median !== null);
  const soonest = least(done, ({ median }) => median ?? Infinity);
  const most = several ? " in most seeds" : "";
  const verb = done.length === 1 ? "interpolates" : "interpolate";
  const all = `${done.length} of ${points.length} points ${verb}${most} within ${passes(result.study.training.passes)}`;
  if (soonest === undefined) return `${all}.`;
  const when = `after ${passes(soonest.median ?? NaN)}${several ? " in the median" : ""}`;
  return `${all}, the soonest ${trainedNetwork(result, soonest).at}, ${when}.`;
}

/** A later miss does not undo interpolation, but a reader should know. */
function misses({ result, points }: Findings): Text[] {
  const parts = points.flatMap((summary) => {
    const { trials, interpolated } = summary;
    const missed = trials.filter((trial) => trial.misses.length > 0);
    if (missed.length === 0) return [];
    const { name } = trainedNetwork(result, summary);
    const [first] = missed;
    return trials.length === 1
      ? `${name} (${first.misses.length === 1 ? "pass" : "passes"} ${shortened(first.misses)})`
      : `${name} (in ${missed.length} of ${plural(interpolated, "interpolating seed")})`;
  });
  if (parts.length === 0) return [];
  const isMany = result.study.sweep.paths !== undefined && parts.length > MOST_NAMED;
  const who = isMany ? `${parts.length} of ${points.length} points` : enumerate(parts);
  return [
    [
      `After interpolating, training examples are missed again by ${who}; a later miss does not undo interpolation.`,
    ],
  ];
}

/** Passes as runs; of many, the first ones and how many there are. */
function shortened(missed: readonly number[]): string {
  const written = runs(missed).split(", ");
  return written.length <= 8
    ? written.join(", ")
    : `${written.slice(0, 6).join(", ")}, …: ${missed.length} in all`;
}

function table({ result, points }: Findings): string[] {
  const { heading } = trainedNetwork(result, points[0]);
  const axes = Object.keys(points[0].values).filter((axis) => axis !== "width");
  const columns = [
    { heading, of: (summary: PointSummary) => trainedNetwork(result, summary).entry },
    ...axes.map((axis) => ({
      heading: axisName(axis, axes),
      of: ({ values }: PointSummary) => String(values[axis]),
    })),
  ].map((column) => {
    const longest = axes.length === 0 ? 0 : Math.max(...points.map((one) => column.of(one).length));
    return { ...column, size: Math.max(8, column.heading.length + 3, longest + 3) };
  });
  const line = (of: (column: (typeof columns)[number]) => string, rest: string) =>
    `${columns.map((column) => of(column).padStart(column.size)).join("")}  ${rest}`;
  const { passes: asked } = result.study.training;
  const told = axes.length === 0 ? points : points.slice(0, MOST_LINES);
  const more = points.length - told.length;
  return [
    line((column) => column.heading, "passes to interpolation"),
    ...told.map((summary) => line((column) => column.of(summary), passesText(summary, asked))),
    ...(more > 0 ? [`… and ${plural(more, "point")} more: the report has all of them`] : []),
  ];
}

function passesText(summary: PointSummary, asked: number): string {
  const { trials, interpolated, median, range } = summary;
  const ends = (["diverged", "stopped"] as const).flatMap((end) => {
    const ended = trials.filter((trial) => trial[end] !== null).length;
    return ended === 0 ? [] : [trials.length === 1 ? end : `${ended} ${end}`];
  });
  const aside = ends.length === 0 ? "" : ` (${ends.join(", ")})`;
  if (range === null) return `never in ${asked}${aside}`;
  const [first, last] = range;
  if (trials.length === 1) return `${first}${aside}`;
  const seeds = `${interpolated} of ${trials.length} seeds${aside}`;
  if (first === last) return `${median === null ? "median never, " : ""}${first} in ${seeds}`;
  const middle =
    trials.length < FEWEST_SEEDS
      ? (median ?? "never")
      : estimateText(medianPasses(summary), String);
  return `median ${middle}, from ${first} to ${last}, ${seeds}`;
}
