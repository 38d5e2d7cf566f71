// Losses and accuracies against passes: how training went at each width, and where it diverged.

import { greatest } from "d3-array";
import type { Text } from "../document/document.ts";
import { count, plural } from "../base/numbers.ts";
import { remembered } from "../base/remembered.ts";
import { curvesFigure, curvesSlides } from "../figures/curves/curves.ts";
import { metricAt } from "../analysis/metric.ts";
import { lossUnits, type Outcome } from "../analysis/outcome.ts";
import type { PointSummary, TrialSummary } from "../analysis/summary.ts";
import type { TrialRecord } from "../records/record.ts";
import { accuracy } from "../training/evaluate.ts";
import { evaluatedSentences } from "./evaluated-words.ts";
import { fieldsOf, medianEstimate, type Estimate } from "./estimate.ts";
import { metricEstimateText, metricName, worstName } from "./metrics/names.ts";
import { MOST_NAMED, trainedNetwork } from "./network.ts";
import { perPoint, pointTable } from "./point-table.ts";
import { byPoint, capitalized, question, type Findings, MOST_TRIALS_TOLD } from "./question.ts";

const PANELS = ["train-loss", "test-loss", "train-accuracy", "test-accuracy"];

export const learningCurves = question({
  settings: {},
  needs: "sweep",
  figures: (_, size) => [
    "curves",
    ...(size === "slide" ? PANELS.map((panel) => `curves-${panel}`) : []),
  ],
  answer(findings) {
    const { outcomes, study } = findings.result;
    const { passes } = study.training;
    const best = bestAccuracy(findings);
    return {
      lines: best,
      sentences: [...divergences(findings), ...highLosses(findings), ...best.map((told) => [told])],
      conditions: evaluatedSentences(findings),
      section: {
        ...{ id: "curves", heading: "Losses and accuracies" },
        blocks: findings.several ? mediansTable(findings) : [],
      },
      draw: (size) => [
        curvesFigure(outcomes, passes, size),
        ...(size === "slide" ? curvesSlides(outcomes, passes) : []),
      ],
      summary: {
        ...(outcomes.length <= MOST_TRIALS_TOLD && { final: byPoint(findings, finalEvaluation) }),
        ...(findings.several && {
          final_median: perPoint(findings, (summary) =>
            Object.fromEntries(
              finalMedians(summary).map((median, column) => [MEDIANS[column], fieldsOf(median)]),
            ),
          ),
        }),
      },
    };
  },
});

const MEDIANS = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"] as const;

/** After the last pass, in the order of MEDIANS; a trial that diverged is worse than any. Each one's rows are read once. */
const finalMedians = remembered(({ trials }: PointSummary): readonly Estimate[] => {
  const ends = trials.map(({ outcome }) => MEDIANS.map((name) => metricAt(outcome, name, "end")));
  return MEDIANS.map((_, column) => medianEstimate(ends.map((end) => end[column])));
});

function mediansTable(findings: Findings) {
  const [{ by }] = finalMedians(findings.points[0]);
  return pointTable(
    findings,
    `Medians after the last pass, a trial that diverged being worse than any; in brackets the ${by}; losses in ${lossUnits(findings.result.outcomes)}`,
    MEDIANS.map((name, column) => ({
      heading: metricName(name),
      of: (summary) =>
        metricEstimateText(name, finalMedians(summary)[column], worstName(name, [summary])),
    })),
  );
}

/** What widths come to of which none interpolates in most seeds. */
function bestAccuracy({ result, points }: Findings): string[] {
  if (points.some(({ median }) => median !== null)) return [];
  const of = (summary: PointSummary) => finalMedians(summary)[MEDIANS.indexOf("test_accuracy")];
  const best = greatest(points, (summary) => of(summary).value);
  if (best === undefined) return [];
  const accuracy = of(best);
  if (accuracy.value === -Infinity) return [];
  const shown = metricEstimateText("test_accuracy", accuracy, "diverged");
  const which = points.length === 1 ? "The" : "The best";
  const by = accuracy.interval === null ? "" : `, the median with the ${accuracy.by}`;
  return [`${which} final test accuracy is ${shown} ${trainedNetwork(result, best).at}${by}.`];
}

function divergences({ result, points }: Findings): Text[] {
  const diverged = points.filter(({ trials }) => trials.some((trial) => trial.diverged !== null));
  if (diverged.length > MOST_NAMED && result.study.sweep.paths)
    return [[`Training diverged at ${diverged.length} of ${points.length} points.`]];
  return diverged.flatMap((summary): Text[] => {
    const { trials } = summary;
    const name = capitalized(trainedNetwork(result, summary).name);
    const diverged = trials.flatMap((trial) => trial.diverged ?? []);
    const where = `at step ${count(diverged[0].step)} of pass ${diverged[0].pass}`;
    return trials.length === 1
      ? [[`${name} diverged: its objective was no longer finite ${where}.`]]
      : [
          [
            `${name} diverged in ${diverged.length} of ${trials.length} seeds (the first ${where}).`,
          ],
        ];
  });
}

/** A training loss that ends above this share of what it began with has hardly fallen, or risen again. */
const STILL = 0.95;

function highLosses(findings: Findings): Text[] {
  return [...lossesTold(findings, STILL_LOSS), ...lossesTold(findings, RISEN_LOSS)];
}

interface HighLoss {
  readonly is: (trial: TrialSummary) => boolean;
  /** Of a network. */
  readonly strong: string;
  /** Of many points. */
  readonly many: string;
  readonly why: string;
}

const STILL_LOSS: HighLoss = {
  is: (trial) => endsHigh(trial) && !hasFallen(trial),
  strong: "hardly lowered its training loss",
  many: "The training loss hardly fell",
  why: `after every evaluated pass it was above ${100 * STILL} % of what it was before training; another learning rate, more passes or larger initial weights may help`,
};

const RISEN_LOSS: HighLoss = {
  is: (trial) => endsHigh(trial) && hasFallen(trial),
  strong: "did not stay trained",
  many: "Training did not last",
  why: `the training loss fell, and rose again to above ${100 * STILL} % of what it was before training; a smaller learning rate may help`,
};

function lossesTold({ result, points }: Findings, { is, strong, many, why }: HighLoss): Text[] {
  const found = points.filter(({ trials }) => trials.some(is));
  if (found.length > MOST_NAMED)
    return [[`${many} at ${found.length} of ${points.length} points: ${why}.`]];
  return found.map((summary): Text => {
    const { trials } = summary;
    const seeds =
      trials.length === 1
        ? ""
        : ` in ${trials.filter(is).length} of ${plural(trials.length, "seed")}`;
    const { name } = trainedNetwork(result, summary);
    return [{ strong: `${capitalized(name)} ${strong}${seeds}` }, `: ${why}.`];
  });
}

function endsHigh({ outcome, diverged }: TrialSummary): boolean {
  const { trajectory } = outcome.record;
  const [first, last] = [trajectory[0], trajectory[trajectory.length - 1]];
  return diverged === null && last.pass > 0 && last.train.objective > STILL * first.train.objective;
}

function hasFallen({ outcome }: TrialSummary): boolean {
  const [first, ...rest] = outcome.record.trajectory;
  return rest.some(({ train }) => train.objective <= STILL * first.train.objective);
}

/** The last evaluation of a trial; numbers that are not finite are null. */
function finalEvaluation({ trajectory, ending }: TrialRecord, { stopped }: Outcome) {
  const { pass, train, test } = trajectory[trajectory.length - 1];
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    pass,
    train_loss: finite(train.objective),
    train_accuracy: finite(accuracy(train)),
    test_loss: finite(test.objective),
    test_accuracy: finite(accuracy(test)),
    diverged: ending.kind === "diverged" ? { pass: ending.pass, step: ending.step } : null,
    ...(stopped && { stopped }),
  };
}
