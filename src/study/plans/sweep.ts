// The sweep: every value with every seed, asked for at once.

import type { Outcome } from "../../analysis/outcome.ts";
import type { Point } from "../../records/point.ts";
import { isStopped } from "../../records/record.ts";
import { sweptValues } from "../axes/axes.ts";
import type { Study } from "../spec.ts";
import { beforeHidden } from "./notebook-order.ts";
import type { DatasetSize, FindRecord, Plan, PlannedTrial } from "./plan.ts";
import { plannedTrial, seedsOf, withSeed } from "./planned-trial.ts";
import { trialsFrom, type Trials } from "./trials.ts";

/** Of the study, or of each of its points. */
export type Rate = number | ((values: Point["values"]) => number);

/** Outcomes in the order of the values, and within each in that of the seeds. */
export function sweepPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: Rate,
): Plan<readonly Outcome[]> {
  const trialAt = sweepTrials(study, dataset, learningRate);
  const [points, seeds] = [sweptValues(study), seedsOf(study)];
  return allAtOnce(
    trialsFrom(points.length * seeds.length, function* () {
      for (const values of points) for (const seed of seeds) yield trialAt(values, seed);
    }),
  );
}

/** The outcomes of trials that depend on no others, in their order. */
export function allAtOnce(trials: Trials): Plan<readonly Outcome[]> {
  return (find) => {
    const outcomes = outcomesOf(trials, find);
    return outcomes.length === trials.length ? { answer: outcomes } : { trials, expected: [] };
  };
}

/** The trial of a study at swept values; of those with moved weights the one of this perturbation. */
export function sweepTrials(
  study: Study,
  dataset: DatasetSize,
  learningRate: Rate,
): (values: Point["values"], seed: number | null, perturbation?: number) => PlannedTrial {
  // What is known of a study is known of the object: one for each rate.
  const ratedStudies = new Map<number, Study>();
  const ratedAt = (learning_rate: number): Study => {
    const rated = ratedStudies.get(learning_rate) ?? {
      ...study,
      training: { ...study.training, learning_rate },
    };
    ratedStudies.set(learning_rate, rated);
    return rated;
  };
  let latest: {
    values: Point["values"];
    perturbation: number | undefined;
    planned: PlannedTrial;
  } | null = null;
  return (values, seed, perturbation) => {
    if (seed !== null && latest?.values === values && latest.perturbation === perturbation)
      return withSeed(latest.planned, seed);
    const rated = ratedAt(typeof learningRate === "number" ? learningRate : learningRate(values));
    const planned = plannedTrial(rated, dataset, {
      ...{ values, seed, after: beforeHidden },
      ...(perturbation === undefined ? { role: "sweep" } : { role: "perturbed", perturbation }),
    });
    latest = { values, perturbation, planned };
    return planned;
  };
}

/** Of trials up to the first whose record is not there by now. */
export function outcomesOf(trials: Iterable<PlannedTrial>, find: FindRecord): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const planned of trials) {
    const record = find(planned);
    if (record === undefined) break;
    // Rows are not read where nothing can have stopped it.
    const { passes, stop } = planned.trial;
    const stopped = stop !== undefined && isStopped(record, passes);
    outcomes.push({ point: planned.point, record, ...(stopped && { stopped }) });
  }
  return outcomes;
}
