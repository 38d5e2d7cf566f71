// The trials of the search for the smallest interpolating width.

import { passesToInterpolation } from "../../analysis/interpolation.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { MAX_WIDTH } from "../language/width.ts";
import type { Study } from "../spec.ts";
import { beforeHidden } from "./notebook-order.ts";
import type { DatasetSize, Plan, PlannedTrial } from "./plan.ts";
import { plannedTrial } from "./planned-trial.ts";
import { outcomesOf } from "./sweep.ts";
import { thresholdSearch, type Count, type Look, type ThresholdFound } from "./threshold-search.ts";

export interface ThresholdAnswer {
  readonly found: ThresholdFound;
  /** Of all widths visited, ascending, and within each of seeds 0, 1, …. */
  readonly outcomes: readonly Outcome[];
}

/** Asks for the seeds of one look after the other; expects what it would ask for if parameters made the threshold. */
export function thresholdPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
): Plan<ThresholdAnswer> {
  const planned = new Map<string, PlannedTrial>();
  const trialsOf = ({ width, seeds }: Look) =>
    Array.from({ length: seeds }, (_, seed) => {
      const name = `${width}/${seed}`;
      const trial = planned.get(name) ?? thresholdTrial(study, dataset, learningRate, width, seed);
      planned.set(name, trial);
      return trial;
    });
  return (find) => {
    const count: Count = (look) => {
      const outcomes = outcomesOf(trialsOf(look), find);
      if (outcomes.length < look.seeds) return undefined;
      return outcomes.filter(({ record }) => passesToInterpolation(record) !== null).length;
    };
    const step = thresholdSearch(count);
    if ("answer" in step) {
      const visits = step.answer.visits.toSorted((a, b) => a.width - b.width);
      const trials = visits.flatMap(trialsOf);
      return { answer: { found: step.answer, outcomes: outcomesOf(trials, find) } };
    }
    const missing = (looks: readonly Look[]) =>
      looks.flatMap(trialsOf).filter((trial) => find(trial) === undefined);
    const trials = missing(step.looks);
    const asked = new Set(trials);
    const expected = missing(guessed(count, guess(trials[0], dataset)));
    return {
      ...{ trials, expected: expected.filter((trial) => !asked.has(trial)) },
      guess: "threshold",
    };
  };
}

/** The trial of a width and seed; its number of passes is the most it may take. */
export function thresholdTrial(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
  width: number,
  seed: number,
): PlannedTrial {
  return plannedTrial(study, dataset, {
    ...{ role: "sweep", values: { width }, seed, after: beforeHidden, learningRate },
  });
}

/** The looks that are still needed if every seed interpolates from a width on, and none below it. */
function guessed(count: Count, threshold: number): Look[] {
  const looks: Look[] = [];
  thresholdSearch((look) => {
    const known = count(look);
    if (known !== undefined) return known;
    looks.push(look);
    return look.width >= threshold ? look.seeds : 0;
  });
  return looks;
}

/** The smallest power of two with as many weights in a first layer and the output as training examples times classes. */
function guess({ trial }: PlannedTrial, { classes, train }: DatasetSize): number {
  const examples = trial.specification.data.train_examples;
  const width = (examples * classes) / (train.size + classes);
  return Math.min(MAX_WIDTH, 2 ** Math.ceil(Math.log2(Math.max(1, width))));
}
