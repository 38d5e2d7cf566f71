// A study as one plan: the search for its learning rate, where it asks for one, and then the sweep.

import type { Outcome } from "../../analysis/outcome.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import type { Study } from "../spec.ts";
import { learningRatePlan, type LearningRateAnswer } from "./learning-rate.ts";
import type { DatasetSize, FindRecord, Plan } from "./plan.ts";
import { sweepPlan } from "./sweep.ts";

export interface StudyAnswer {
  /** null where the study gives its learning rate as a number. */
  readonly search: LearningRateAnswer | null;
  /** What a sweep is trained with: the study's own rate, or half of η*. */
  readonly learning_rate: number;
  /** In the plan's order: values as listed, seeds within each; none where no question needs the sweep. */
  readonly outcomes: readonly Outcome[];
}

export function studyPlan(
  study: Study,
  dataset: DatasetSize,
  catalogue: StudyCatalogue,
): Plan<StudyAnswer> {
  const sweepsAt = needsSweep(study, catalogue)
    ? (rate: number) => sweepPlan(study, dataset, rate)
    : (): Plan<readonly Outcome[]> => () => ({ answer: [] });
  const { learning_rate: given } = study.training;
  const sweepAt = onceForEachRate(sweepsAt);
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

/** Whether a study asks a question that needs its sweep, as one does that names no questions. */
export function needsSweep({ ask }: Study, { questions }: StudyCatalogue): boolean {
  return ask?.some(({ name }) => questions[name].needs === "sweep") ?? true;
}

/** Planned trials are known by their identity, so a sweep is made once for each rate. */
function onceForEachRate<Value>(make: (rate: number) => Value): (rate: number) => Value {
  const made = new Map<number, Value>();
  return (rate) => {
    const value = made.get(rate) ?? make(rate);
    made.set(rate, value);
    return value;
  };
}
