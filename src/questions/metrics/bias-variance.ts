// Bias² and variance of predicted probabilities against an axis, from models of disjoint parts of the training set.

import { group, mean, sort } from "d3-array";
import * as z from "zod";

import { PART_AXIS, type Spread } from "../../analysis/bias-variance.ts";
import { axesText, varyingAxes } from "../../analysis/points.ts";
import { bootstrapInterval } from "../../analysis/statistics/bootstrap.ts";
import { expected, isMapping } from "../../base/fields.ts";
import { plural } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { acrossOf } from "../../figures/axes/across.ts";
import { againstFigure } from "../../figures/against.ts";
import type { FigureSize } from "../../figures/size.ts";
import { axisName, pointKey } from "../../records/point.ts";
import type { AskedStudy } from "../../study/catalogue.ts";
import type { StudyResult } from "../../study/result.ts";
import { bootstrapEstimate, estimateText, fieldsOf, type Estimate } from "../estimate.ts";
import { lackingAxis } from "./axis.ts";
import { capitalized, question } from "../question.ts";

const NUMBERS = ["bias²", "variance", "risk"] as const;

/** What intervals are over. */
const GROUP = "group";

interface Decomposed {
  readonly values: Spread["values"];
  readonly numbers: Readonly<Record<(typeof NUMBERS)[number], Estimate>>;
}

export const biasVariance = question({
  settings: { against: z.string({ error: expected("the path of a swept axis") }).optional() },
  needs: "sweep",
  lacks: (study, { against = "width" }) =>
    lackingMeasurements(study) ?? lackingParts(study) ?? lackingOther(study, String(against)),
  figures: () => ["bias-variance"],
  answer({ result }, { against = "width" }) {
    const { spreads = [] } = result;
    const points = decomposed(spreads, result, against);
    const lost = spreads.filter(({ variance, risk }) => variance === null || risk === null).length;
    const told = sentences(points);
    return {
      sentences: [
        ...told,
        ...(lost === 0
          ? []
          : [
              [
                `${lost} of ${plural(spreads.length, GROUP)} of models say nothing: their predictions are no longer kept, or not finite; run the study again to have them measured.`,
              ],
            ]),
      ],
      lines: told.map((text) =>
        text.map((part) => (typeof part === "string" ? part : "")).join(""),
      ),
      section: {
        ...{ id: "bias-variance", heading: "Bias and variance" },
        blocks: points.length === 0 ? [] : [table(points)],
      },
      draw: (size) => [figureOf(points, against, size)],
      summary: {
        bias_variance: {
          against,
          points: Object.fromEntries(
            points.map(({ values, numbers }) => [
              pointKey({ values, seed: null }),
              {
                bias_squared: fieldsOf(numbers["bias²"]),
                variance: fieldsOf(numbers.variance),
                risk: fieldsOf(numbers.risk),
              },
            ]),
          ),
        },
      },
    };
  },
});

/** Means over groups, with bootstraps of these: bias² is the risk less the variance. */
function decomposed(
  spreads: readonly Spread[],
  { bootstrap }: StudyResult,
  against: string,
): Decomposed[] {
  const known = spreads.flatMap(({ values, variance, risk }) =>
    variance === null || risk === null ? [] : [{ values, variance, risk }],
  );
  const points = [...group(known, ({ values }) => pointKey({ values, seed: null })).values()].map(
    (of): Decomposed => {
      const estimate = (value: (one: (typeof of)[number]) => number): Estimate => {
        const all = of.map(value);
        const overDraw = (units: Uint32Array) => mean(units, (unit) => all[unit]) ?? NaN;
        if (all.length < 2) return bootstrapEstimate(all[0], null, 1, GROUP);
        const interval = bootstrapInterval(all.length, overDraw, bootstrap());
        return bootstrapEstimate(mean(all) ?? NaN, interval, all.length, GROUP);
      };
      return {
        values: of[0].values,
        numbers: {
          "bias²": estimate(({ risk, variance }) => risk - variance),
          variance: estimate(({ variance }) => variance),
          risk: estimate(({ risk }) => risk),
        },
      };
    },
  );
  const isNumeric = points.every(({ values }) => typeof values[against] === "number");
  return isNumeric ? sort(points, ({ values }) => Number(values[against])) : points;
}

function sentences(points: readonly Decomposed[]): Text[] {
  if (points.length === 0) return [["Bias and variance are not known."]];
  const axes = varyingAxes(points);
  return [
    ...NUMBERS.slice(0, 2).map((name) => {
      const ordered = sort(points, ({ numbers }) => numbers[name].value);
      const at = (point: Decomposed) =>
        `${estimateText(point.numbers[name])} at ${axesText(point, axes)}`;
      return [
        `${capitalized(name)} of the predicted probabilities is largest with ${at(ordered[ordered.length - 1])}, and smallest with ${at(ordered[0])}.`,
      ];
    }),
    ...(points[0].numbers.risk.interval === null
      ? []
      : [[`In brackets stands the ${points[0].numbers.risk.by}.`]]),
  ];
}

function table(points: readonly Decomposed[]): Block {
  const axes = varyingAxes(points);
  const number = (heading: string) => ({ heading, numeric: true });
  return {
    kind: "table",
    caption: `Bias² and variance, without bias, and their sum, the mean squared error of predicted probabilities summed over classes; in brackets the ${points[0].numbers.risk.by}`,
    columns: [...axes.map((axis) => number(axisName(axis, axes))), ...NUMBERS.map(number)],
    rows: points.map(({ values, numbers }) => [
      ...axes.map((axis) => [String(values[axis])]),
      ...NUMBERS.map((name) => [estimateText(numbers[name])]),
    ]),
  };
}

function figureOf(points: readonly Decomposed[], against: string, size: FigureSize) {
  const axes = varyingAxes(points).filter((axis) => axis !== against);
  const { title, scale } = acrossOf(
    [against],
    points.map(({ values }) => ({ values, width: Number(values.width) })),
  );
  const lines = [...group(points, (point) => axesText(point, axes))];
  return againstFigure(
    {
      name: "bias-variance",
      title: `Bias and variance against ${axisName(against, [against])}`,
      caption: `Unbiased estimates of bias² and variance of the predicted probabilities, and their sum, the mean squared error (risk), from models of disjoint parts of the training set: means, and as bands or bars the ${points.at(0)?.numbers.risk.by ?? "intervals"}.`,
      x: {
        label: title,
        scale: scale === "" ? "categories" : scale === "linear" ? "linear" : "log",
      },
      y: { label: "squared error of probabilities", scale: "linear" },
      lines: lines.flatMap(([of, ofLine]) =>
        NUMBERS.map((name) => ({
          name: of === "" ? name : `${name}, ${of}`,
          points: ofLine.map(({ values, numbers }) => {
            const { value, interval } = numbers[name];
            return {
              x: values[against],
              y: value,
              ...(interval && { low: interval[0], high: interval[1] }),
            };
          }),
        })),
      ),
    },
    size,
  );
}

function lackingMeasurements({ measure = [] }: AskedStudy): string | null {
  const missing = (["predictions", "brier score"] as const).filter((one) => !measure.includes(one));
  return missing.length === 0
    ? null
    : `needs measurements; add ${missing.join(" and ")} to measure`;
}

/** Parts that have no example in common. */
function lackingParts({ sweep }: AskedStudy): string | null {
  const parts = sweep.paths?.[PART_AXIS] ?? [];
  const of = new Set(parts.map((part) => (isMapping(part) ? part.of : null)));
  return parts.length >= 2 && of.size === 1
    ? null
    : "needs two disjoint parts or more; write sweep: { dataset.part: [{of: 2, index: 0}, {of: 2, index: 1}] }";
}

function lackingOther(study: AskedStudy, against: string): string | null {
  if (against === PART_AXIS) return "takes the parts together; write against: width, say";
  const others = Object.entries(study.sweep.paths ?? {}).filter(([path]) => path !== PART_AXIS);
  return lackingAxis({ sweep: { ...study.sweep, paths: Object.fromEntries(others) } }, against);
}
