// The largest stable learning rate in words, in a table, and what is drawn of it.

import type { PowerLaw } from "../../analysis/statistics/power-law.ts";
import { enumerate, passes, plural, threeDigits } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import type { Against, AgainstLine } from "../../figures/against.ts";
import { exp, log } from "../../model/elementary.ts";
import { axisName, valuesText } from "../../records/point.ts";
import { LARGEST_RATE, SMALLEST_RATE } from "../../study/plans/rate-search.ts";
import type { StabilityRule, StableRates } from "../../study/plans/stable-rates.ts";
import type { Study } from "../../study/spec.ts";
import { estimateText, medianIntervalWords, type Estimate } from "../estimate.ts";
import { MOST_NAMED } from "../network.ts";
import { intervalText, powerText, signed } from "./power-words.ts";
import type { Fact } from "../question.ts";

/** A point's rate by one rule. */
export interface FoundRate extends StableRates {
  /** 0 where none is stable, Infinity where none is unstable. */
  readonly estimate: Estimate;
  /** Times the sharpness before training, a number without unit; left out where that is not measured. */
  readonly timesSharpness?: Estimate;
  /** The median over seeds of the smallest rate found unstable. */
  readonly unstable: number;
}

/** Points along the axis, by one rule. */
export interface RateLine {
  /** "" where there is one line. */
  readonly name: string;
  readonly points: readonly FoundRate[];
  readonly law: PowerLaw | null;
  /** Points that the law goes through. */
  readonly fitted: number;
  readonly exponent: Estimate | null;
}

const ENDS = `${threeDigits(SMALLEST_RATE)} to ${LARGEST_RATE}`;

/** The rules that were asked for, each with the name that tells its lines from the other's. */
export function ruleNames(
  found: readonly FoundRate[],
): readonly (readonly [by: StabilityRule, name: string])[] {
  const rules = [...new Set(found.map(({ by }) => by))];
  const names = { rule: "one pass lowers the loss", "not finite": "finite" };
  return rules.map((by) => [by, rules.length === 1 ? "" : names[by]]);
}

export function lineFact(axis: string, { name, points, exponent }: RateLine): Fact {
  const [first] = points;
  const place = name === "" ? "" : `, ${name}`;
  return {
    name: `largest stable learning rate${place}`,
    value:
      exponent === null
        ? rateText(first.estimate.value)
        : `∝ ${axisWord(axis)}^${powerText(exponent)}`,
    note: exponent?.by ?? `${first.estimate.by}; ${rateText(first.unstable)} is not stable`,
  };
}

export function lineSentence(axis: string, line: RateLine): Text {
  const { name, points, exponent } = line;
  const subject = `The largest stable learning rate${name === "" ? "" : ` (${name})`}`;
  const at = (one: FoundRate) =>
    `${rateText(one.estimate.value)} at ${axisWord(axis)} ${one.values[axis]}`;
  const [first, last] = [points[0], points[points.length - 1]];
  if (exponent === null)
    return [
      `${subject} is `,
      { strong: enumerate(points.slice(0, MOST_NAMED).map(at)) },
      ` (${first.estimate.by}).`,
    ];
  const interval =
    exponent.interval === null ? exponent.by : `${intervalText(exponent)}: ${exponent.by}`;
  const left = points.length - line.fitted;
  return [
    `${subject} goes as ${axisWord(axis)} to the power `,
    { strong: signed(exponent.value) },
    ` (${interval}), from ${at(first)} to ${at(last)}; each is ${medianText(first)}.`,
    left === 0
      ? ""
      : ` ${plural(left, "point")} without such a rate ${left === 1 ? "is" : "are"} left out of the line.`,
  ];
}

export function lineText(axis: string, { name, points, exponent }: RateLine): string {
  const place = name === "" ? "" : ` (${name})`;
  const rates = points
    .slice(0, MOST_NAMED)
    .map(({ values, estimate }) => `${rateText(estimate.value)} at ${values[axis]}`)
    .join(", ");
  const law = exponent === null ? "" : ` ∝ ${axisWord(axis)}^${powerText(exponent)}`;
  return `largest stable learning rate${place}${law}: ${rates}${points.length > MOST_NAMED ? ", …" : ""}`;
}

/** Where a rate beyond the bracket contradicts it. */
export function contradictionSentences(found: readonly FoundRate[]): Text[] {
  const all = found.flatMap(({ values, seeds }) =>
    seeds.filter(({ against }) => against.length > 0).map(({ against }) => ({ values, against })),
  );
  if (all.length === 0) return [];
  const searches = found.flatMap(({ seeds }) => seeds).length;
  const [{ values, against }] = all;
  return [
    [
      { strong: "Stability does not fall with the rate everywhere:" },
      ` in ${all.length} of ${searches} ${searches === 1 ? "search" : "searches"} a rate beyond the two told contradicts them, such as ${against[0]} at ${valuesText(values)}. The rate told is then that of one crossing, and there are others.`,
    ],
  ];
}

export function searchText(
  { search, training }: Study,
  found: readonly FoundRate[],
  ratio: number,
  trainings: number,
): Text {
  const rules = {
    rule: `one pass brings the training loss below ${search.factor} times what it was`,
    "not finite": `the training objective is finite after every step of ${passes(training.passes)}`,
  };
  const told = ruleNames(found).map(
    ([by, name]) => `${rules[by]}${name === "" ? "" : ` (“${name}”)`}`,
  );
  return [
    `A learning rate is stable where ${told.join(", or where ")}. Each seed's largest was searched by itself: from 0.125 by halves and doubles within ${ENDS}, then between the two until the smallest unstable rate is at most ${ratio} times the largest stable one; ${plural(trainings, "training")} in all. Under named streams the points of a seed share its examples and their order.`,
  ];
}

export function pointTable(found: readonly FoundRate[]): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const axes = Object.keys(found[0].values);
  const rules = ruleNames(found);
  const isOne = rules.length === 1;
  const isMeasured = found.every(({ timesSharpness }) => timesSharpness !== undefined);
  return {
    kind: "table",
    caption: `The largest rate found stable, ${medianText(found[0])}, and the median of the smallest found unstable`,
    columns: [
      ...axes.map((axis) => number(axisName(axis, axes))),
      ...(isOne ? [] : [{ heading: "stable where", numeric: false }]),
      ...["stable", "from", "to", "not stable"].map(number),
      ...(isMeasured ? [number("stable × initial sharpness")] : []),
    ],
    rows: found
      .slice(0, MOST_ROWS)
      .map(({ values, by, estimate, timesSharpness, unstable }) => [
        ...axes.map((axis): Text => [String(values[axis])]),
        ...(isOne ? [] : [[rules.find(([rule]) => rule === by)?.[1] ?? ""]]),
        [{ strong: rateText(estimate.value) }],
        [estimate.interval === null ? "" : rateText(estimate.interval[0])],
        [estimate.interval === null ? "" : rateText(estimate.interval[1])],
        [rateText(unstable)],
        ...(isMeasured && timesSharpness ? [[estimateText(timesSharpness, threeDigits, "∞")]] : []),
      ]),
  };
}

/** Of the table of points; summary.json has all. */
const MOST_ROWS = 200;

export function againstOf(axis: string, lines: readonly RateLine[]): Against {
  const points = lines.flatMap((line) => line.points);
  const isNumeric = points.every(({ values }) => typeof values[axis] === "number");
  const isPositive = points.every(({ values }) => Number(values[axis]) > 0);
  const left = points.filter(({ estimate }) => !(estimate.value > 0 && estimate.value < Infinity));
  const laws = lines.flatMap(({ name, exponent }) =>
    exponent === null ? [] : [`${name === "" ? "" : `${name}: `}exponent ${powerText(exponent)}`],
  );
  return {
    name: "stable-learning-rate",
    title: `The largest stable learning rate against ${axisWord(axis)}`,
    caption: [
      `Largest stable learning rate: points are ${medianText(points[0])}.`,
      ...(laws.length === 0 || laws.length > MOST_NAMED
        ? []
        : [`Dashed lines are power laws fitted to the medians; ${laws.join("; ")}.`]),
      ...(left.length === 0
        ? []
        : [
            `${plural(left.length, "point")} without such a rate within ${ENDS} ${left.length === 1 ? "has" : "have"} no mark.`,
          ]),
    ].join(" "),
    x: {
      label: axis === "width" ? "hidden width" : axisWord(axis),
      scale: !isNumeric ? "categories" : isPositive ? "log" : "linear",
    },
    y: { label: "largest stable learning rate", scale: "log" },
    lines: lines.flatMap(({ name, points, law }): AgainstLine[] => [
      {
        name,
        points: points.map(({ values, estimate: { value, interval } }) => ({
          ...{ x: values[axis], y: value },
          ...(interval && { low: interval[0], high: interval[1] }),
        })),
      },
      ...(law === null || !isPositive ? [] : [{ name, ...fitted(law, axis, points) }]),
    ]),
  };
}

function fitted({ factor, exponent }: PowerLaw, axis: string, points: readonly FoundRate[]) {
  const numbers = points.map(({ values }) => Number(values[axis]));
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  return {
    points: ends.map((x) => ({ x, y: factor * exp(exponent * log(x)) })),
    dashed: true,
    plain: true,
  };
}

/** What stands behind a point's number. */
function medianText({ seeds: { length } }: FoundRate): string {
  if (length === 1) return "one seed's";
  return `the median of ${length} seeds (with ${medianIntervalWords(length)})`;
}

function rateText(rate: number): string {
  if (rate === 0) return "none";
  return rate === Infinity ? `above ${LARGEST_RATE}` : threeDigits(rate);
}

function axisWord(axis: string): string {
  return axisName(axis, [axis]);
}
