// One number of a trial: a column of its trajectory or of its measurements, at the end, at its best, or at interpolation.

import { measure } from "./bands.ts";
import { passesToInterpolation } from "./interpolation.ts";
import type { Outcome } from "./outcome.ts";
import { evaluationOf, type Evaluation } from "../records/record.ts";

/** Columns of trajectories, and errors: 1 − accuracy. */
export const METRICS = [
  "train_loss",
  "test_loss",
  "train_accuracy",
  "test_accuracy",
  "train_error",
  "test_error",
] as const;

/** Where in a trajectory a metric is taken: "interpolation" is the first evaluated pass without a training error. */
export type MetricPlace = "end" | "best" | "worst" | "interpolation";

/** Whether more is better: of accuracies and the margin. */
export function isGain(metric: string): boolean {
  return metric.endsWith("_accuracy") || metric === "margin";
}

/**
 * `metric`: one of METRICS, or a column of measurements. Infinity where a trial that never interpolates is asked for that
 * place. What is not finite is the worst: Infinity, of gains −Infinity; so are the end and the worst of a trial that
 * diverged. "best" is the best of all evaluations, that before training included, "worst" the worst of them.
 */
export function metricAt(outcome: Outcome, metric: string, place: MetricPlace): number {
  const { trajectory, ending } = outcome.record;
  const worst = isGain(metric) ? -Infinity : Infinity;
  const of = (evaluation: Evaluation): number => {
    const value = valueOf(outcome, metric, evaluation);
    return Number.isFinite(value) ? value : worst;
  };
  switch (place) {
    case "end":
      return ending.kind === "diverged" ? worst : of(trajectory[trajectory.length - 1]);
    case "best":
      return trajectory.map(of).reduce((a, b) => (a < b === isGain(metric) ? b : a));
    case "worst":
      return ending.kind === "diverged"
        ? worst
        : trajectory.map(of).reduce((a, b) => (a < b === isGain(metric) ? a : b));
    case "interpolation": {
      const pass = passesToInterpolation(outcome.record);
      return pass === null ? Infinity : of(evaluationOf(outcome.record, pass));
    }
  }
}

function valueOf({ measured }: Outcome, metric: string, evaluation: Evaluation): number {
  switch (metric) {
    case "train_loss":
    case "test_loss":
    case "train_accuracy":
    case "test_accuracy":
      return measure(evaluation, metric);
    case "train_error":
    case "test_error": {
      const { correct, examples } = evaluation[metric === "train_error" ? "train" : "test"];
      return (examples - correct) / examples;
    }
    default:
      return measured?.get(metric)?.get(evaluation.pass) ?? NaN;
  }
}
