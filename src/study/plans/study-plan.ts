// A study as one plan: the search for its learning rate, where it asks for one, and then the sweep.

import type { Outcome } from "../../analysis/outcome.ts";
import type { Study } from "../spec.ts";
import { learningRatePlan, type LearningRateAnswer } from "./learning-rate.ts";
import type { DatasetSize, FindRecord, Plan } from "./plan.ts";
import { sweepPlan } from "./sweep.ts";

export interface StudyAnswer {
  /** null where the study gives its learning rate as a number. */
  readonly search: LearningRateAnswer | null;
  /** What the sweep is trained with: the study's own rate, or half of η*. */
  readonly learning_rate: number;
  /** In the plan's order: widths as listed, seeds within each width. */
  readonly outcomes: readonly Outcome[];
}

export function studyPlan(study: Study, dataset: DatasetSize): Plan<StudyAnswer> {
  const { learning_rate: given } = study.training;
  const sweepAt = remembered((rate: number) => sweepPlan(study, dataset, rate));
  const sweep = (rate: number, search: LearningRateAnswer | null, find: FindRecord) => {
    const swept = sweepAt(rate)(find);
    if (!("answer" in swept)) return swept;
    return { answer: { search, learning_rate: rate, outcomes: swept.answer } };
  };
  if (given !== "eta_star / 2") return (find) => sweep(given, null, find);

  const search = learningRatePlan(study, dataset);
  return (find) => {
    const searched = search(find);
    if ("answer" in searched) return sweep(searched.answer.eta_star / 2, searched.answer, find);
    // At whatever rate: a trial's cost does not depend on it.
    const swept = sweepAt(1)(() => undefined);
    const later = "answer" in swept ? [] : swept.trials;
    return { ...searched, expected: [...searched.expected, ...later] };
  };
}

/** Planned trials are known by their identity, so a sweep is made once for each rate. */
function remembered<Value>(make: (rate: number) => Value): (rate: number) => Value {
  const made = new Map<number, Value>();
  return (rate) => {
    const value = made.get(rate) ?? make(rate);
    made.set(rate, value);
    return value;
  };
}
