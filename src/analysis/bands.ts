// Bands: median, minimum and maximum over a point's trials, pass by pass.
//
// A trial that the study's rules stopped keeps its last evaluation: its network is what that seed has by then, and the
// others alone are the slow ones. A diverged one has nothing to keep, so a later pass speaks of the others alone: `trials`
// of each point says of how many, and `divergences` which ones are missing.

import { max, min } from "d3-array";

import { remembered } from "../base/remembered.ts";
import type { Point } from "../records/point.ts";
import type { Evaluation } from "../records/record.ts";
import { accuracy } from "../training/evaluate.ts";
import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints } from "./points.ts";

/** What an evaluation measures: objectives in their unit, accuracies from 0 to 1. */
export type Measure = "train_loss" | "train_accuracy" | "test_loss" | "test_accuracy";

export interface Spread {
  /** NaN values are left out of all three; each is NaN where nothing is left. */
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface BandPoint extends Readonly<Record<Measure, Spread>> {
  readonly pass: number;
  /** Trials whose trajectory reaches this pass, or that were stopped before it. */
  readonly trials: number;
}

/** Where a trial's trajectory ended early. */
export interface Divergence {
  readonly seed: number | null;
  /** The last evaluation before the objective was no longer finite. */
  readonly last: Evaluation;
}

export interface Band {
  readonly values: Point["values"];
  readonly width: number;
  /** Trials of this point. */
  readonly trials: number;
  /** Training examples of the first evaluation; the smallest error other than none is 1 / examples. */
  readonly train_examples: number;
  /** Of the passes after which any trial was evaluated, ascending. */
  readonly points: readonly BandPoint[];
  readonly divergences: readonly Divergence[];
}

/** One number of an evaluation. */
export function measure(evaluation: Evaluation, name: Measure): number {
  switch (name) {
    case "train_loss":
      return evaluation.train.objective;
    case "train_accuracy":
      return accuracy(evaluation.train);
    case "test_loss":
      return evaluation.test.objective;
    case "test_accuracy":
      return accuracy(evaluation.test);
  }
}

const MEASURES = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"] as const;

/** One band per point, in ascending order of width, else in the order of the outcomes. */
export const bands = remembered((outcomes: readonly Outcome[]): Band[] =>
  groupPoints(outcomes).map(({ trials, ...point }) => ({ ...point, ...band(trials) })),
);

function band(trials: readonly Outcome[]): Omit<Band, "values" | "width"> {
  /** By pass: numbers alone, since of many trials all rows would be too much. */
  const values = new Map<number, Record<Measure, number[]>>();
  const divergences: Divergence[] = [];
  const kept: Evaluation[] = [];
  let train_examples = 0;
  for (const {
    point: { seed },
    record,
    stopped,
  } of trials) {
    const { trajectory, ending } = record;
    for (const evaluation of trajectory) {
      const { pass, train } = evaluation;
      if (values.size === 0) train_examples = train.examples;
      const ofPass = values.get(pass) ?? {
        train_loss: [],
        train_accuracy: [],
        test_loss: [],
        test_accuracy: [],
      };
      values.set(pass, ofPass);
      for (const name of MEASURES) ofPass[name].push(measure(evaluation, name));
    }
    const last = trajectory.at(-1);
    if (ending.kind === "diverged" && last) divergences.push({ seed, last });
    if (stopped && last) kept.push(last);
  }
  for (const [pass, ofPass] of values)
    for (const last of kept)
      if (last.pass < pass) for (const name of MEASURES) ofPass[name].push(measure(last, name));
  const points = [...values].sort(([a], [b]) => a - b).map(bandPoint);
  return { trials: trials.length, train_examples, points, divergences };
}

function bandPoint([pass, values]: readonly [
  number,
  Readonly<Record<Measure, readonly number[]>>,
]): BandPoint {
  const spread = (name: Measure): Spread => ({
    median: median(values[name]),
    minimum: min(values[name]) ?? NaN,
    maximum: max(values[name]) ?? NaN,
  });
  return {
    pass,
    trials: values.train_loss.length,
    train_loss: spread("train_loss"),
    train_accuracy: spread("train_accuracy"),
    test_loss: spread("test_loss"),
    test_accuracy: spread("test_accuracy"),
  };
}
