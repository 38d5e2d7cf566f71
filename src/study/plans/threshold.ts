// The trials of the search for the smallest interpolating width.

import { passesToInterpolation } from "../../analysis/interpolation.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { MAX_WIDTH } from "../language/width.ts";
import { widthOf, type Point } from "../../records/point.ts";
import type { TrialRecord } from "../../records/record.ts";
import { searchedValues } from "./learning-rate.ts";
import type { Study } from "../spec.ts";
import { sideBySide, type DatasetSize, type Plan, type PlannedTrial } from "./plan.ts";
import { outcomesOf, sweepTrials } from "./sweep.ts";
import { thresholdSearch, type Count, type Look, type ThresholdFound } from "./threshold-search.ts";

/** At one combination of what is swept beside the width. */
export interface ThresholdAt extends ThresholdFound {
  readonly values: Point["values"];
  /** The width, not rounded, with as many weights as training examples times classes; null where not all layers have it. */
  readonly rule: number | null;
}

export interface ThresholdAnswer {
  readonly found: ThresholdAt;
  /** Of all widths visited, ascending, and within each of seeds 0, 1, …. */
  readonly outcomes: readonly Outcome[];
}

/** One search for each combination of what is swept beside the width, in the sweep's order. */
export function thresholdPlans(
  study: Study,
  dataset: DatasetSize,
  rateOf: (values: Point["values"]) => number,
): Plan<readonly ThresholdAnswer[]> {
  const trialAt = sweepTrials(study, dataset, rateOf);
  return sideBySide(searchedValues(study).map((values) => thresholdPlan(trialAt, dataset, values)));
}

/** Asks for the seeds of one look after the other; expects what it would ask for if parameters made the threshold. */
function thresholdPlan(
  trialAt: (values: Point["values"], seed: number) => PlannedTrial,
  dataset: DatasetSize,
  values: Point["values"],
): Plan<ThresholdAnswer> {
  const planned = new Map<string, PlannedTrial>();
  // A search looks at the same trials again and again, whose rows lie in the store.
  const known = new WeakMap<TrialRecord, boolean>();
  const interpolates = (record: TrialRecord) => {
    const does = known.get(record) ?? passesToInterpolation(record) !== null;
    known.set(record, does);
    return does;
  };
  const trialsOf = ({ width, seeds }: Look) =>
    Array.from({ length: seeds }, (_, seed) => {
      const name = `${width}/${seed}`;
      const trial = planned.get(name) ?? trialAt({ width, ...values }, seed);
      planned.set(name, trial);
      return trial;
    });
  return (find) => {
    const count: Count = (look) => {
      const records = trialsOf(look).flatMap((planned) => find(planned) ?? []);
      return records.length < look.seeds ? undefined : records.filter(interpolates).length;
    };
    const step = thresholdSearch(count);
    if ("answer" in step) {
      const visits = step.answer.visits.toSorted((a, b) => a.width - b.width);
      const outcomes = outcomesOf(visits.flatMap(trialsOf), find);
      return {
        answer: { found: { values, rule: ruleOf(outcomes, dataset), ...step.answer }, outcomes },
      };
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

function ruleOf(outcomes: readonly Outcome[], dataset: DatasetSize): number | null {
  const isWhole = outcomes.every(({ point, record }) =>
    record.specification.model.hidden.every((layer) => layer === widthOf({ point })),
  );
  const { data, model } = outcomes[0].record.specification;
  return isWhole ? byParameters(data.train_examples, model.hidden.length, dataset) : null;
}

/** Solves (inputs + classes) w + (layers − 1) w² = examples × classes, without the cancellation of the usual formula. */
function byParameters(examples: number, layers: number, { classes, train }: DatasetSize): number {
  const linear = train.size + classes;
  const wanted = examples * classes;
  return (2 * wanted) / (linear + Math.sqrt(linear ** 2 + 4 * (layers - 1) * wanted));
}

/** The smallest power of two that one layer would need for as many weights. */
function guess({ trial }: PlannedTrial, dataset: DatasetSize): number {
  const width = byParameters(trial.specification.data.train_examples, 1, dataset);
  return Math.min(MAX_WIDTH, 2 ** Math.ceil(Math.log2(Math.max(1, width))));
}
