// Two kept studies laid over each other, in every form in which that is told.

import {
  COMPARED,
  comparedPoints,
  type Compared,
  type ComparedPoint,
} from "../analysis/compare.ts";
import { varyingAxes } from "../analysis/points.ts";
import { InputError } from "../base/errors.ts";
import { isMapping } from "../base/fields.ts";
import { enumerate, plural, threeDigits } from "../base/numbers.ts";
import type { Report, TableColumn, Text } from "../document/document.ts";
import { renderHtml } from "../document/html.ts";
import { renderMarkdown } from "../document/markdown.ts";
import { againstFigure } from "../figures/against.ts";
import { png } from "../figures/png.node.ts";
import type { FigureSize } from "../figures/size.ts";
import { estimateText, type Estimate } from "../questions/estimate.ts";
import { axisName } from "../records/point.ts";
import type { StudyResult } from "../study/result.ts";
import type { FileContent } from "./files.node.ts";

export interface Comparison {
  readonly a: StudyResult;
  readonly b: StudyResult;
  readonly sameData: boolean;
  /** Whether a seed draws the same examples in both, so that differences are of pairs. */
  readonly paired: boolean;
  readonly points: readonly ComparedPoint[];
}

/** Of the files that a comparison writes. */
export const COMPARISON_FILES = ["html", "md", "json", "svg", "png"].map((end) => `compare.${end}`);

const METRICS = Object.keys(COMPARED) as Compared[];

/** `sameData`: whether both are of one data set. Throws InputError where they have no point in common. */
export function comparisonOf(a: StudyResult, b: StudyResult, sameData: boolean): Comparison {
  const [first, second] = [a.study.streams, b.study.streams];
  const paired =
    sameData &&
    first.kind === "named" &&
    second.kind === "named" &&
    first.study_seed === second.study_seed;
  const points = comparedPoints(a.outcomes, b.outcomes, paired);
  if (points.length === 0)
    throw new InputError(
      `${a.study.name} and ${b.study.name} have no point in common; compare studies that sweep the same axes over some of the same values`,
    );
  return { a, b, sameData, paired, points };
}

/** For programs. */
export function comparisonJson(comparison: Comparison): string {
  const { a, b, paired, points } = comparison;
  const told = ({ id, study: { name }, fingerprint }: StudyResult) => ({ id, name, fingerprint });
  const document = {
    ...{ a: told(a), b: told(b), paired },
    points: points.map(({ metrics, ...point }) => ({
      ...point,
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, metric]) => [
          name,
          {
            a: estimateOf(metric.a),
            b: estimateOf(metric.b),
            difference: metric.difference && fieldsOf(metric.difference),
          },
        ]),
      ),
    })),
  };
  return `${JSON.stringify(document, namedInfinities, 2)}\n`;
}

/** A difference may be either, so that null would not say which. */
function namedInfinities(_: string, value: unknown): unknown {
  return value === Infinity || value === -Infinity ? String(value) : value;
}

function fieldsOf({ value, interval, by }: Estimate): Estimate {
  return { value, interval, by };
}

function estimateOf({ median, low, high, kind }: ComparedMetric["a"]) {
  const by = kind === "range" ? "median, range of the seeds" : "median, 95 % order statistics";
  // Of one seed there is no range, and of seeds that all have the same none is worth telling.
  return { value: median, interval: low === high ? null : ([low, high] as const), by };
}

type ComparedMetric = ComparedPoint["metrics"][Compared];

/** As the metric's values are written: passes are whole numbers, or halves of them. */
function told(name: Compared, estimate: Estimate): string {
  return name === "passes_to_interpolation"
    ? estimateText(estimate, (passes) =>
        Number.isFinite(passes) ? String(passes).replace("-", "−") : threeDigits(passes),
      )
    : estimateText(estimate, threeDigits, "∞");
}

/** What both are called: by their ids too, where one name is that of both. */
function namesOf({ a, b }: Comparison): readonly [string, string] {
  const [one, other] = [a, b].map(({ study: { name }, id }) =>
    a.study.name === b.study.name ? `${name} ${id.slice(0, 6)}` : name,
  );
  return [one, other];
}

/** What the differences are, each once. */
function methodsOf({ points }: Comparison): string[] {
  const all = points.flatMap(({ metrics }) =>
    METRICS.flatMap((name) => metrics[name].difference?.by ?? []),
  );
  return [...new Set(all)];
}

/** A row for each point and metric: the point, what is compared, both medians, how much more the second has; by what, where that varies. */
export function comparisonRows(comparison: Comparison): string[][] {
  const axes = axesOf(comparison);
  const [one, other] = namesOf(comparison);
  const isByVarying = methodsOf(comparison).length > 1;
  const columns = hasOneSeed(comparison)
    ? [one, other, `${other} − ${one}`]
    : [`median of ${one}`, `median of ${other}`, differenceHeading(comparison)];
  const header = [
    ...axes.map((axis) => axisName(axis, axes)),
    ...["compared", ...columns],
    ...(isByVarying ? ["by"] : []),
  ];
  return [
    header,
    ...comparison.points.flatMap(({ values, metrics }) =>
      METRICS.map((name) => {
        const { a, b, difference } = metrics[name];
        return [
          ...axes.map((axis) => String(values[axis])),
          name.replaceAll("_", " "),
          told(name, estimateOf(a)),
          told(name, estimateOf(b)),
          difference === null ? "not known" : told(name, difference),
          ...(isByVarying ? [difference?.by ?? ""] : []),
        ];
      }),
    ),
  ];
}

/** Everywhere, and of both. */
function hasOneSeed({ points }: Comparison): boolean {
  return points.every(({ seeds }) => seeds.a === 1 && seeds.b === 1);
}

/** What all differences are; "difference" where they are not of one kind. */
function differenceHeading(comparison: Comparison): string {
  const [one, other] = namesOf(comparison);
  const kinds = new Set(
    comparison.points.flatMap(({ metrics }) =>
      METRICS.flatMap((name) => metrics[name].difference?.paired ?? []),
    ),
  );
  if (kinds.size !== 1) return "difference";
  return kinds.has(true)
    ? `median of ${other} − ${one}, seed by seed`
    : "difference of the medians";
}

function axesOf({ points }: Comparison): string[] {
  return varyingAxes(points);
}

/** What is to be known of the rows. */
export function comparisonSentences(comparison: Comparison): string[] {
  const { a, b, paired, points } = comparison;
  const [one, other] = namesOf(comparison);
  const same = points.reduce((sum, point) => sum + point.same, 0);
  const shared = Math.max(...points.map(({ seeds }) => seeds.shared));
  const hasOthers = points.some(({ seeds }) => Math.max(seeds.a, seeds.b) > seeds.shared);
  const drawn = differing(comparison).filter(([path]) => DRAWN.test(path));
  const methods = methodsOf(comparison);
  const all = [a, b].map(
    ({ outcomes }) => new Set(outcomes.map(({ point }) => JSON.stringify(point.values))).size,
  );
  return [
    `${one} and ${other} share ${plural(points.length, "point")}, of ${all[0]} and ${all[1]}.`,
    differingSentence(comparison),
    !paired
      ? unpairedSentence(comparison)
      : shared > 1
        ? `Differences are of seeds that both have${drawn.length > 0 ? "" : ", which draw the same examples and order in both"}; their median need not be the difference of the medians${hasOthers ? ", which are of all seeds of each" : ""}.`
        : shared === 1 && hasOneSeed(comparison)
          ? "Differences are of the one seed that both have."
          : `They share ${shared === 1 ? "one seed alone" : "no seeds"}, so differences are unpaired.`,
    ...(methods.length === 1 ? [`The last column is the ${methods[0]}.`] : []),
    ...(same === 0 ? [] : [`${same} trials are the same in both, to the bit.`]),
  ];
}

function unpairedSentence({ a, b, sameData }: Comparison): string {
  if (sameData && [a, b].some(({ study }) => study.streams.kind === "notebook"))
    return "Under the notebook's random streams trials have no seeds of their own, so differences are unpaired.";
  const what = sameData ? "study seeds" : "data";
  return `Their ${what} are not the same, so that a seed draws other examples in each, and differences are unpaired.`;
}

/** Settings that are told one by one. */
const MOST_SETTINGS = 8;

/** Settings that decide which examples a seed draws, and in which order. */
const DRAWN = /^(dataset|streams|training\.(batch|order))\b/;

/** In what the studies differ beside their names and the values of their axes: paths with both values. */
function differing({ a, b }: Comparison): [path: string, one: string, other: string][] {
  const [one, other] = [a, b].map(({ study, learning_rate }) => {
    const { dataset, model, training, evaluate, stop, streams } = study;
    const study_seed = streams.kind === "named" ? streams.study_seed : streams.kind;
    const settings = { dataset, model, training: { ...training, learning_rate }, evaluate, stop };
    return new Map(leaves({ ...settings, streams: { study_seed } }, ""));
  });
  const paths = new Set([...one.keys(), ...other.keys()]);
  const valueOf = (settings: ReadonlyMap<string, string>, path: string) =>
    settings.get(path) ?? "not given";
  return [...paths].flatMap((path): [string, string, string][] =>
    one.get(path) === other.get(path) ? [] : [[path, valueOf(one, path), valueOf(other, path)]],
  );
}

function differingSentence(comparison: Comparison): string {
  const all = differing(comparison);
  if (all.length === 0) return "Their settings are the same.";
  const told = all
    .slice(0, MOST_SETTINGS)
    .map(([path, one, other]) => `${path} (${one}, ${other})`);
  const rest = all.length > MOST_SETTINGS ? [`${all.length - MOST_SETTINGS} more`] : [];
  return `They differ in ${enumerate([...told, ...rest])}.`;
}

function leaves(value: unknown, path: string): [path: string, value: string][] {
  if (!isMapping(value))
    return value === undefined ? [] : [[path.slice(0, -1), JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}${key}.`));
}

export function renderComparison(comparison: Comparison): ReadonlyMap<string, FileContent> {
  const [header, ...rows] = comparisonRows(comparison);
  const drawn = figureOf(comparison, "paper");
  const number = (heading: string, place: number): TableColumn => ({
    heading,
    numeric: place !== axesOf(comparison).length && heading !== "by",
  });
  const [one, other] = namesOf(comparison);
  const json = comparisonJson(comparison);
  const medians = hasOneSeed(comparison)
    ? ""
    : ": medians over seeds with their 95 % intervals between order statistics, or ranges of fewer than six seeds";
  const ends = ({ fingerprint, study, id }: StudyResult): Text[] => [
    [study.name],
    [{ code: id }],
    [{ code: fingerprint }],
  ];
  const report: Report = {
    title: "compare",
    question: `${one} beside ${other}`,
    sections: [
      {
        id: "comparison",
        heading: "The points that both have",
        blocks: [
          { kind: "list", items: comparisonSentences(comparison).map((told) => [told]) },
          { kind: "figure", number: 1, figure: drawn, narrow: figureOf(comparison, "phone") },
          {
            kind: "table",
            caption: `The last evaluation and passes to interpolation${medians}, a trial that diverged ending worse than any; differences are ${other} less ${one}`,
            columns: header.map(number),
            rows: rows.map((row) => row.map((cell): Text => [cell])),
          },
          {
            kind: "table",
            caption: "The two studies",
            columns: ["study", "id", "fingerprint"].map((heading) => ({ heading, numeric: false })),
            rows: [ends(comparison.a), ends(comparison.b)],
          },
        ],
      },
    ],
  };
  const contents = [renderHtml(report, json), renderMarkdown(report), json, drawn.svg, png(drawn)];
  return new Map(COMPARISON_FILES.map((name, place) => [name, contents[place]]));
}

/** Test accuracy against the axis, or against points in words where there are several. */
function figureOf(comparison: Comparison, size: FigureSize) {
  const { points } = comparison;
  const axes = axesOf(comparison);
  const [axis] = axes;
  const isNumber = points.every(({ values }) => Number(values[axis]) > 0) && axes.length === 1;
  const label = axes.map((one) => axisName(one, axes)).join(", ");
  const xOf = ({ values }: ComparedPoint) =>
    isNumber ? Number(values[axis]) : axes.map((one) => String(values[one])).join(", ");
  const line = (name: string, side: "a" | "b") => ({
    name,
    points: points.map((point) => {
      const { median, low, high } = point.metrics.test_accuracy[side];
      return { x: xOf(point), y: median, low, high };
    }),
  });
  const [one, other] = namesOf(comparison);
  const lines = [line(one, "a"), line(other, "b")];
  const placed = lines.map(({ name, points }) => ({
    name,
    points: points.filter(({ y }) => Number.isFinite(y)),
  }));
  const lost = lines.reduce(
    (sum, { points }, i) => sum + points.length - placed[i].points.length,
    0,
  );
  const leftOut =
    lost === 0
      ? ""
      : ` ${plural(lost, "point")} without a finite ${hasOneSeed(comparison) ? "value" : "median"} ${lost === 1 ? "is" : "are"} left out.`;
  return againstFigure(
    {
      name: "compare",
      title: `Test accuracy of ${one} and ${other}`,
      caption: `Test accuracy at the last evaluation against ${label}${hasOneSeed(comparison) ? "" : ": medians over seeds (points) and their intervals at 95 %, or ranges of fewer than six seeds"}.${leftOut}`,
      x: { label, scale: isNumber ? "log" : "categories" },
      y: { label: "test accuracy", scale: "linear" },
      lines: placed,
    },
    size,
  );
}
