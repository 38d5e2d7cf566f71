// The largest stable learning rate at each point, searched with every seed, and how it goes with an axis.

import * as z from "zod";
import { median } from "../../analysis/median.ts";
import { sharpnessPath } from "../../analysis/edge.ts";
import { linesOf } from "../../analysis/points.ts";
import { largestStable, rateLaw } from "../../analysis/stable-rates.ts";
import { expected, number, oneOf } from "../../base/fields.ts";
import { againstFigure } from "../../figures/against.ts";
import { sharpnessColumn } from "../../measurements/table.ts";
import { pointKey, type Point } from "../../records/point.ts";
import type { StableRates } from "../../study/plans/stable-rates.ts";
import type { StudyResult } from "../../study/result.ts";
import { fieldsOf, medianEstimate } from "../estimate.ts";
import {
  againstOf,
  contradictionSentences,
  lineFact,
  lineSentence,
  lineText,
  pointTable,
  ruleNames,
  searchText,
  type FoundRate,
  type RateLine,
} from "./learning-rate-words.ts";
import { MOST_NAMED } from "../network.ts";
import { question } from "../question.ts";

export const learningRate = question({
  settings: {
    by: oneOf(["rule", "not finite", "both"]).default("rule"),
    ratio: number("a number from 1.001 to 2", { minimum: 1.001, maximum: 2 }).default(1.1),
    against: z.string({ error: expected("an axis") }).optional(),
  },
  needs: "rates",
  figures: () => ["stable-learning-rate"],
  lacks({ sweep, training }, { by, against }) {
    const axes = [...(sweep.width.length > 0 ? ["width"] : []), ...Object.keys(sweep.paths ?? {})];
    if (axes.includes("training.learning_rate"))
      return "searches the rate itself; leave training.learning_rate out of sweep";
    if (by !== "rule" && training.passes === 0)
      return "looks whether training stays finite; give training.passes from 1 up";
    return typeof against === "string" && !axes.includes(against)
      ? `goes against ${against}, which is not swept; ${axes.length > 0 ? `name one of ${axes.join(", ")}` : "leave against out"}`
      : null;
  },
  answer({ result }, { ratio, against }) {
    const { rates, study } = result;
    if (rates === undefined) throw new Error("the largest stable learning rates were not searched");
    const initial = initialSharpness(result);
    const found = rates.found.map((point) => withEstimates(point, initial));
    const axis = against ?? axisOf(result);
    const along = study.sweep.zip?.find((group) => group.includes(axis)) ?? [axis];
    const lines = ruleNames(found).flatMap(([by, rule]) =>
      linesOf(
        found.filter((one) => one.by === by),
        along,
      ).map(({ name, points }) => lineOf(axis, [name, rule], points)),
    );
    const told = lines.length > MOST_NAMED ? [] : lines;
    return {
      facts: told.map((line) => lineFact(axis, line)),
      sentences: [
        ...(told.length === 0
          ? [[`The largest stable learning rate was searched along ${lines.length} lines.`]]
          : told.map((line) => lineSentence(axis, line))),
        ...contradictionSentences(found),
      ],
      lines: told.map((line) => lineText(axis, line)),
      section: {
        id: "stable-learning-rate",
        heading: "The largest stable learning rate",
        blocks: [
          { kind: "paragraph", text: searchText(study, found, ratio, rates.trials.length) },
          pointTable(found),
        ],
      },
      draw: (size) => [againstFigure(againstOf(axis, lines), size)],
      summary: {
        stable_learning_rate: {
          ...{ ratio, against: axis, exponent: exponentFields(lines[0]) },
          lines: lines.map((line) => ({
            ...{ name: line.name, exponent: exponentFields(line) },
            ...{ factor: line.law?.factor ?? null, fitted: line.fitted },
          })),
          points: found.map(({ values, by, estimate, timesSharpness, unstable, seeds }) => ({
            ...{ values, rule: by, ...fieldsOf(estimate), unstable: finite(unstable) },
            ...(timesSharpness && { times_sharpness: fieldsOf(timesSharpness) }),
            seeds: seeds.map(({ seed, low, high, against }) => ({
              ...{ seed, stable: finite(low), unstable: finite(high), against },
            })),
          })),
          trials: rates.trials.map(({ values, seed, learning_rate, passes, record }) => ({
            ...{ values, seed, learning_rate, passes, fingerprint: record.fingerprint },
          })),
        },
      },
    };
  },
});

function withEstimates(
  point: StableRates,
  initial: (point: Point) => number | undefined,
): FoundRate {
  const { values, seeds } = point;
  const products = seeds.flatMap(({ seed, ...bracket }) => {
    const sharpness = initial({ values, seed });
    return sharpness === undefined ? [] : [sharpness * largestStable(bracket)];
  });
  return {
    ...point,
    ...(products.length === seeds.length && { timesSharpness: medianEstimate(products) }),
    unstable: median(seeds.map(({ high }) => high)),
    estimate: medianEstimate(seeds.map(largestStable)),
  };
}

/** What was measured before training, in the sweep's trials at the same values and seed. */
function initialSharpness({ study, outcomes }: StudyResult) {
  const column = sharpnessColumn(study.measure);
  const nameAt = (point: Point) => `${pointKey(point)} ${point.seed}`;
  const found = new Map(
    column === null
      ? []
      : outcomes.flatMap((outcome) =>
          sharpnessPath(outcome, column)
            .rows.filter(({ pass }) => pass === 0)
            .map(({ sharpness }) => [nameAt(outcome.point), sharpness] as const),
        ),
  );
  return (point: Point) => found.get(nameAt(point));
}

/** The width where it is swept, else the first axis that is. */
function axisOf({ study: { sweep } }: StudyResult): string {
  return sweep.width.length > 0 ? "width" : (Object.keys(sweep.paths ?? {}).at(0) ?? "width");
}

function lineOf(axis: string, names: readonly string[], points: readonly FoundRate[]): RateLine {
  const medians = points.map(({ values, estimate }) => [values[axis], estimate.value] as const);
  const { law, fitted } = rateLaw(medians);
  const exponent = law && {
    value: law.exponent,
    interval: law.interval && ([law.interval.low, law.interval.high] as const),
    by: law.interval
      ? `${100 * law.interval.level} % by Student's t, of the line through ${fitted} medians`
      : "of two medians",
  };
  return { name: names.filter((name) => name !== "").join(", "), points, law, fitted, exponent };
}

function exponentFields({ exponent }: RateLine) {
  return exponent && fieldsOf(exponent);
}

function finite(rate: number): number | null {
  return Number.isFinite(rate) ? rate : null;
}
