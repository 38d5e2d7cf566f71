// A study as one plan: the search for its learning rate, where it asks for one, and then the sweep, or what a question
// asks for in its place.

import type { Spread } from "../../analysis/bias-variance.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Named } from "../../base/fields.ts";
import type { Point } from "../../records/point.ts";
import type { TrialRecord } from "../../records/record.ts";
import { needsOf, type Needs, type StudyCatalogue } from "../catalogue.ts";
import type { Study } from "../spec.ts";
import {
  besideWidth,
  learningRatePlans,
  searchedValues,
  type LearningRateAnswer,
} from "./learning-rate.ts";
import { mapPlan } from "./map.ts";
import { perturbedPlan, type Perturbing } from "./perturbed.ts";
import { sideBySide, type DatasetSize, type FindRecord, type Plan } from "./plan.ts";
import { stableRatesPlan, type StableRatesAnswer } from "./stable-rates.ts";
import { sweepPlan } from "./sweep.ts";
import { inTurn } from "./trials.ts";
import { thresholdPlans, type ThresholdAt } from "./threshold.ts";
import type { ThresholdFound } from "./threshold-search.ts";

export interface StudyAnswer {
  /** null where the study gives its learning rate as a number, or trains nothing at one. */
  readonly search: LearningRateAnswer | null;
  /** Where axes beside the width are swept: the searches of all combinations, the first of which is `search`. */
  readonly searches?: readonly LearningRateAnswer[];
  /** What a sweep is trained with: the study's own rate, or half of η* (of the first search); null where nothing is. */
  readonly learning_rate: number | null;
  /** In the plan's order: values as listed, seeds within each; none where no question needs the sweep. */
  readonly outcomes: readonly Outcome[];
  /** Where the smallest interpolating width is searched: what its trials, which are the outcomes, show. */
  readonly threshold?: ThresholdFound;
  /** Where it is searched at several combinations of other axes: of each, the first of which is `threshold`. */
  readonly thresholds?: readonly ThresholdAt[];
  /** Where the largest stable learning rates are searched; its trials stand under `further`, too. */
  readonly rates?: StableRatesAnswer;
  /** Where rounding's spread is asked for: what it makes of some of the outcomes, among `further`. */
  readonly perturbed?: readonly Outcome[];
  /** Where predictions of disjoint parts are measured: what groups of their models show. */
  readonly spreads?: readonly Spread[];
  /** Of trials that are none of the outcomes and of no search above, in the plan's order. */
  readonly further?: readonly TrialRecord[];
}

/** What a plan of a question's trials finds. */
type Found = Partial<StudyAnswer>;

/** The plan of a question's trials: `rates` are those of `rateAt`, `asked` is the question with its settings. */
type PlanOf = (
  study: Study,
  dataset: DatasetSize,
  rates: readonly number[],
  asked: Named,
) => Plan<Found>;

/** By what questions need, in the order of their records; the search comes before all of them. */
const PLANS: Readonly<Record<Exclude<Needs, "search">, PlanOf>> = {
  sweep: (study, dataset, rates) =>
    answering(sweepPlan(study, dataset, rateAt(study, rates)), (outcomes) => ({ outcomes })),
  threshold: (study, dataset, rates) =>
    answering(thresholdPlans(study, dataset, rateAt(study, rates)), (answers) => ({
      outcomes: answers.flatMap(({ outcomes }) => outcomes),
      threshold: answers[0].found,
      ...(answers.length > 1 && { thresholds: answers.map(({ found }) => found) }),
    })),
  map: (study, dataset, [rate], asked) =>
    answering(mapPlan(study, dataset, rate, asked), (outcomes) => ({ outcomes })),
  rates: (study, dataset, _, asked) =>
    answering(stableRatesPlan(study, dataset, asked), (rates) => ({
      rates,
      further: rates.trials.map(({ record }) => record),
    })),
  perturbed: (study, dataset, rates, { perturbations, seeds }) =>
    answering(
      perturbedPlan(study, dataset, rateAt(study, rates), { perturbations, seeds } as Perturbing),
      (perturbed) => ({ perturbed, further: perturbed.map(({ record }) => record) }),
    ),
};

/** What a study asks that names no question is answered from its sweep. */
const BY_DEFAULT: Named = { name: "sweep" };

export function studyPlan(
  study: Study,
  dataset: DatasetSize,
  catalogue: StudyCatalogue,
): Plan<StudyAnswer> {
  const asked = new Map<Needs, Named>(needsSweep(study, catalogue) ? [["sweep", BY_DEFAULT]] : []);
  for (const one of study.ask ?? []) asked.set(needsOf(catalogue, one), one);
  const plansAt = (rates: readonly number[]): Plan<readonly Found[]> =>
    sideBySide(
      Object.entries(PLANS).flatMap(([needs, plan]) => {
        const one = asked.get(needs as Needs);
        return one === undefined ? [] : [plan(study, dataset, rates, one)];
      }),
    );
  const { learning_rate: given } = study.training;
  const foundAt = onceForEachRate(plansAt);
  const answerAt = (
    rates: readonly number[],
    searches: readonly LearningRateAnswer[],
    find: FindRecord,
  ) => {
    const found = foundAt(rates)(find);
    if (!("answer" in found)) return found;
    const several = searches.length > 1 && { searches };
    const answer = {
      search: searches.at(0) ?? null,
      ...several,
      learning_rate: rates.at(0) ?? null,
    };
    const further = found.answer.flatMap(({ further = [] }) => further);
    return {
      answer: {
        ...(Object.assign({ ...answer, outcomes: [] }, ...found.answer) as StudyAnswer),
        ...(further.length > 0 && { further }),
      },
    };
  };
  if (!trainsAtRate(study, catalogue)) return (find) => answerAt([], [], find);
  if (given !== "eta_star / 2") return (find) => answerAt([given], [], find);

  const search = learningRatePlans(study, dataset);
  return (find) => {
    const searched = search(find);
    if ("answer" in searched) {
      const halves = searched.answer.map(({ eta_star }) => eta_star / 2);
      return answerAt(halves, searched.answer, find);
    }
    // At whatever rate: a trial's cost does not depend on it.
    const next = foundAt([1])(() => undefined);
    const later = "answer" in next ? [] : [next.trials, next.expected];
    const guess = "answer" in next ? undefined : next.guess;
    return { ...searched, expected: inTurn([searched.expected, ...later]), guess };
  };
}

/** Whether a study asks a question that needs its sweep, as one does that names no questions. */
export function needsSweep(
  study: Pick<Study, "ask">,
  catalogue: Pick<StudyCatalogue, "questions">,
): boolean {
  return (
    study.ask === undefined ||
    needs("sweep", study, catalogue) ||
    needs("perturbed", study, catalogue)
  );
}

/** Whether one of its questions is of a training at the study's own learning rate. */
export function trainsAtRate(
  { ask }: Pick<Study, "ask">,
  catalogue: Pick<StudyCatalogue, "questions">,
): boolean {
  return ask === undefined || ask.some((one) => needsOf(catalogue, one) !== "rates");
}

/** Whether one of the questions that a study names is answered from these trials. */
export function needs(
  trials: Needs,
  { ask = [] }: { readonly ask?: Study["ask"] | undefined },
  catalogue: Pick<StudyCatalogue, "questions">,
): boolean {
  return ask.some((one) => needsOf(catalogue, one) === trials);
}

function answering<From, To>(plan: Plan<From>, of: (answer: From) => To): Plan<To> {
  return (find) => {
    const next = plan(find);
    return "answer" in next ? { answer: of(next.answer) } : next;
  };
}

/** The rate at swept values: one for all, or that of their combination beside the width, in its search's order. */
export function rateAt(
  study: Study,
  rates: readonly number[],
): (values: Point["values"]) => number {
  const names = searchedValues(study).map((values) => JSON.stringify(values));
  return (values) => rates[names.indexOf(JSON.stringify(besideWidth(values)))] ?? rates[0];
}

/** Planned trials are known by their identity, so a sweep is made once for each choice of rates. */
function onceForEachRate<Value>(
  make: (rates: readonly number[]) => Value,
): (rates: readonly number[]) => Value {
  const made = new Map<string, Value>();
  return (rates) => {
    const value = made.get(rates.join()) ?? make(rates);
    made.set(rates.join(), value);
    return value;
  };
}
