// The threshold at several values of what is swept beside the width: how it grows.

import { scheduleSentences } from "../evaluated-words.ts";
import { fitPowerLaw, type PowerLaw } from "../../analysis/statistics/power-law.ts";
import { count, enumerate, passes, threeDigits } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { againstFigure, type AgainstLine } from "../../figures/against.ts";
import type { FigureSize } from "../../figures/size.ts";
import { thresholdText } from "../../figures/threshold.ts";
import { axisName, pointKey, valuesText } from "../../records/point.ts";
import { THRESHOLD_LEVEL } from "../../study/plans/threshold-search.ts";
import type { ThresholdAt } from "../../study/plans/threshold.ts";
import type { StudyResult } from "../../study/result.ts";
import { estimateText, fieldsOf, type Estimate } from "../estimate.ts";
import { MOST_NAMED } from "../network.ts";
import type { Answer } from "../question.ts";

const PERCENT = `${100 * THRESHOLD_LEVEL} %`;

export function severalThresholds(
  { study, outcomes }: StudyResult,
  found: readonly ThresholdAt[],
): Answer {
  const axes = Object.keys(found[0].values);
  const [axis] = axes;
  const name = axisName(axis, axes);
  const fit = axes.length === 1 ? fitOf(found, axis) : null;
  const exponent = fit && exponentOf(fit, found);
  const within = `within ${passes(study.training.passes)}`;
  const violated = found.filter(({ violations }) => violations.length > 0);
  const grows: Text[] = exponent
    ? [
        [
          "The threshold goes as ",
          { strong: `${name} to the power ${estimateText(exponent)}` },
          ` (${exponent.by}).`,
        ],
      ]
    : [];
  return {
    facts: exponent
      ? [
          {
            name: `exponent of the threshold against ${name}`,
            value: estimateText(exponent),
            note: exponent.by,
          },
        ]
      : [],
    sentences: [
      [
        `The smallest width that interpolates in more than half of all seeds ${within}, at ${PERCENT} confidence each if that share rises with width: ${listed(found)}.`,
      ],
      ...grows,
      ...violated.map(({ values }): Text => [
        { strong: `At ${valuesText(values)} the share does not rise with width everywhere:` },
        " the interval is that of one crossing, and there are others.",
      ]),
    ],
    conditions: scheduleSentences(study),
    lines: [
      `threshold ${within} (${PERCENT} confidence each, ${count(outcomes.length)} trials):`,
      ...found.map((one) => `  ${valuesText(one.values)}: ${thresholdText(one)}`),
      ...(exponent ? [`exponent against ${name}: ${estimateText(exponent)}`] : []),
    ],
    section: { id: "threshold", heading: "The threshold", blocks: [table(found, axes)] },
    draw: (size) => [draw(found, axes, fit, size)],
    summary: {
      threshold: {
        points: Object.fromEntries(
          found.map(({ values, low, high, rule, visits, violations }) => [
            pointKey({ values, seed: null }),
            { interval: [low, high], confidence: THRESHOLD_LEVEL, rule, visits, violations },
          ]),
        ),
        ...(fit && exponent && { exponent: fieldsOf(exponent), factor: fit.factor }),
      },
    },
  };
}

function listed(found: readonly ThresholdAt[]): string {
  const told = found
    .slice(0, MOST_NAMED)
    .map((one) => `${thresholdText(one)} at ${valuesText(one.values)}`);
  return found.length > MOST_NAMED
    ? `${told.join(", ")} and ${found.length - MOST_NAMED} more in the table`
    : enumerate(told);
}

/** Of an interval, where a width is drawn and fitted; null where it has no upper end. */
function middle({ low, high }: ThresholdAt): number | null {
  return high === null ? null : Math.sqrt(low * high);
}

/** null where the axis is not of positive numbers alone, and where not two of them have an upper end. */
function fitOf(found: readonly ThresholdAt[], axis: string): PowerLaw | null {
  if (!found.every(({ values }) => Number(values[axis]) > 0)) return null;
  const points = found.flatMap((one): [number, number][] => {
    const y = middle(one);
    return y === null ? [] : [[Number(one.values[axis]), y]];
  });
  return new Set(points.map(([x]) => x)).size < 2 ? null : fitPowerLaw(points);
}

function exponentOf({ exponent, interval }: PowerLaw, found: readonly ThresholdAt[]): Estimate {
  const open = found.filter((one) => middle(one) === null).length;
  const leftOut = open === 0 ? "" : `; ${open} without an upper end left out`;
  return {
    value: exponent,
    interval: interval && [interval.low, interval.high],
    by: `95 % by Student's t over ${found.length - open} thresholds, each the geometric middle of its interval${leftOut}`,
  };
}

function table(found: readonly ThresholdAt[], axes: readonly string[]): Block {
  const column = (heading: string) => ({ heading, numeric: true });
  return {
    kind: "table",
    caption: `The interval of each threshold at ${PERCENT} confidence, beside the width with which the layers would have as many weights as there are training examples times classes`,
    columns: [
      ...axes.map((axis) => column(axisName(axis, axes))),
      ...["from", "to", "by that rule", "widths", "trials"].map(column),
    ],
    rows: found.map(({ values, low, high, rule, visits }) => [
      ...axes.map((axis): Text => [String(values[axis])]),
      ...[
        String(low),
        String(high ?? "none shown"),
        rule === null ? "" : threeDigits(rule),
        String(visits.length),
      ].map((told): Text => [told]),
      [String(visits.reduce((sum, { seeds }) => sum + seeds, 0))],
    ]),
  };
}

function draw(
  found: readonly ThresholdAt[],
  axes: readonly string[],
  fit: PowerLaw | null,
  size: FigureSize,
) {
  const [axis, ...others] = axes;
  const isNumber = found.every(({ values }) => Number(values[axis]) > 0);
  const xOf = ({ values }: ThresholdAt) => (isNumber ? Number(values[axis]) : String(values[axis]));
  const nameOf = ({ values }: ThresholdAt) =>
    valuesText(Object.fromEntries(others.map((other) => [other, values[other]])));
  const names = [...new Set(found.map(nameOf))];
  const lines = names.map((name): AgainstLine => ({
    name: name === "" ? "threshold" : name,
    points: found
      .filter((one) => nameOf(one) === name)
      .map((one) => ({ x: xOf(one), y: middle(one) ?? NaN, low: one.low, high: one.high ?? NaN })),
  }));
  const alone = names.length === 1 && found.some((one) => one.rule !== null);
  const fitted = fit && {
    name: `power ${threeDigits(fit.exponent)}`,
    points: found.map((one) => {
      const x = Number(one.values[axis]);
      return { x, y: fit.factor * x ** fit.exponent };
    }),
    ...{ dashed: true, plain: true },
  };
  const rule = { name: "weights = examples × classes", plain: isNumber };
  const ruled = { ...rule, points: found.map((one) => ({ x: xOf(one), y: one.rule ?? NaN })) };
  const open = found.filter(({ high }) => high === null).length;
  const word = axisName(axis, axes);
  return againstFigure(
    {
      name: "threshold",
      title: `Smallest interpolating width against ${word}`,
      caption:
        `The interval of the smallest width that interpolates in more than half of all seeds (bands or bars, ${PERCENT} confidence each) and its geometric middle (points), against ${word}` +
        `${fitted ? "; the fitted power law" : ""}${alone ? "; and the width with as many weights as training examples times classes" : ""}.` +
        (open === 0 ? "" : ` ${open} without an upper end ${open === 1 ? "is" : "are"} left out.`),
      x: { label: word, scale: isNumber ? "log" : "categories" },
      y: { label: "hidden width", scale: "log" },
      lines: [...lines, ...(fitted ? [fitted] : []), ...(alone ? [ruled] : [])],
    },
    size,
  );
}
