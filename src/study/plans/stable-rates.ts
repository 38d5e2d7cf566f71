// The trials of the searches for the largest stable learning rate: one search for each point, seed and rule.

import type { RateBracket } from "../../analysis/stable-rates.ts";
import type { Named } from "../../base/fields.ts";
import type { Point } from "../../records/point.ts";
import type { TrialRecord } from "../../records/record.ts";
import { sweptValues } from "../axes/axes.ts";
import type { Study } from "../spec.ts";
import { beforeSearchRate } from "./notebook-order.ts";
import { sideBySide, type DatasetSize, type Plan, type PlannedTrial } from "./plan.ts";
import { plannedTrial, seedsOf } from "./planned-trial.ts";
import { rateSearch } from "./rate-search.ts";

/** When a rate is stable: one pass brings the loss below search.factor times what it was; or it is finite after all passes. */
export type StabilityRule = "rule" | "not finite";

/** One training at one rate. */
export interface RateTrial {
  readonly learning_rate: number;
  readonly passes: number;
  readonly record: TrialRecord;
}

/** The searches of a point's seeds by one rule. */
export interface StableRates {
  readonly values: Point["values"];
  readonly by: StabilityRule;
  /** In the order of the study's seeds. */
  readonly seeds: readonly (RateBracket & { readonly seed: number | null })[];
}

export interface StableRatesAnswer {
  /** By points in the study's order, and within each by rules. */
  readonly found: readonly StableRates[];
  /** All trainings by points and seeds, each in the order of trying. */
  readonly trials: readonly (Point & RateTrial)[];
}

/** The rules that a question with these settings asks for. */
export function rulesOf({ by }: Named): readonly StabilityRule[] {
  return by === "both" ? ["rule", "not finite"] : [by === "not finite" ? "not finite" : "rule"];
}

/** Trials that a search typically takes beside its bisections: to find both ends, and to look beyond them. */
const TYPICAL_ENDS = 5;

export function stableRatesPlan(
  study: Study,
  dataset: DatasetSize,
  asked: Named,
): Plan<StableRatesAnswer> {
  const points = sweptValues(study);
  const seeds = seedsOf(study);
  const places = points.flatMap((values) => seeds.map((seed): Point => ({ values, seed })));
  const plan = sideBySide(places.map((point) => seedPlan(study, dataset, asked, point)));
  return (find) => {
    const next = plan(find);
    if (!("answer" in next)) return next;
    const { answer } = next;
    const found = points.flatMap((values, place) =>
      rulesOf(asked).map((by, rule) => ({
        ...{ values, by },
        seeds: seeds.map((seed, index) => ({
          seed,
          ...answer[place * seeds.length + index].brackets[rule],
        })),
      })),
    );
    const trials = answer.flatMap((one, place) =>
      one.trials.map((trial) => ({ ...places[place], ...trial })),
    );
    return { answer: { found, trials } };
  };
}

/** The trial that tells whether a rate is stable. */
export function rateTrial(
  study: Study,
  dataset: DatasetSize,
  { values, seed }: Point,
  { learning_rate, passes }: Omit<RateTrial, "record">,
): PlannedTrial {
  return plannedTrial(study, dataset, {
    ...{ role: "search", values, seed, after: () => beforeSearchRate(learning_rate) },
    ...{ learningRate: learning_rate, passes },
  });
}

/** Passes that a rule looks at. */
export function passesOf(by: StabilityRule, { training }: Study): number {
  return by === "rule" ? 1 : training.passes;
}

interface SeedAnswer {
  /** By rules. */
  readonly brackets: readonly RateBracket[];
  readonly trials: readonly RateTrial[];
}

/** The searches of one seed at one point; rules that look at as many passes share their trials. */
function seedPlan(
  study: Study,
  dataset: DatasetSize,
  asked: Named,
  point: Point,
): Plan<SeedAnswer> {
  const ratio = Number(asked.ratio);
  const planned = new Map<string, PlannedTrial>();
  const trialAt = (learning_rate: number, passes: number) => {
    const name = `${learning_rate}/${passes}`;
    const trial = planned.get(name) ?? rateTrial(study, dataset, point, { learning_rate, passes });
    planned.set(name, trial);
    return trial;
  };
  return (find) => {
    const brackets: RateBracket[] = [];
    const tried = new Map<PlannedTrial, RateTrial>();
    const missing = new Set<PlannedTrial>();
    for (const by of rulesOf(asked)) {
      const passes = passesOf(by, study);
      const isStable = (learning_rate: number) => {
        const trial = trialAt(learning_rate, passes);
        const record = find(trial);
        if (record === undefined) return undefined;
        tried.set(trial, { learning_rate, passes, record });
        return isStableBy(by, record, study.search.factor);
      };
      const step = rateSearch(isStable, ratio, by === "not finite");
      if ("answer" in step) brackets.push(step.answer);
      else for (const rate of step.rates) missing.add(trialAt(rate, passes));
    }
    if (missing.size === 0) return { answer: { brackets, trials: [...tried.values()] } };
    const trials = [...missing];
    const bisections = Math.ceil(Math.log2(Math.LN2 / Math.log(ratio)));
    const more = Math.max(1, TYPICAL_ENDS + bisections - tried.size / rulesOf(asked).length);
    const expected = Array.from({ length: Math.round(more) - 1 }, () => trials).flat();
    return { trials, expected };
  };
}

function isStableBy(by: StabilityRule, { trajectory, ending }: TrialRecord, factor: number) {
  if (ending.kind === "diverged") return false;
  return by === "not finite" || trajectory[1].train.objective < factor * trajectory[0].train.objective; // prettier-ignore
}
