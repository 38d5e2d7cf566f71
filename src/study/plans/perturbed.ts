// The sweep's first seeds again and again, each time with every initial weight moved by one unit in the last place.

import type { Outcome } from "../../analysis/outcome.ts";
import { sweptValues } from "../axes/axes.ts";
import type { Study } from "../spec.ts";
import type { DatasetSize, Plan } from "./plan.ts";
import { seedsOf } from "./planned-trial.ts";
import { allAtOnce, sweepTrials, type Rate } from "./sweep.ts";
import { trialsFrom } from "./trials.ts";

/** Settings of the question that is answered from them. */
export interface Perturbing {
  /** Trials of each seed, beside the sweep's own. */
  readonly perturbations: number;
  /** How many of the study's seeds, as far as it has so many. */
  readonly seeds: number;
}

/** Outcomes in the order of the values, within each in that of the seeds, within these in that of the perturbations from 1. */
export function perturbedPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: Rate,
  { perturbations, seeds }: Perturbing,
): Plan<readonly Outcome[]> {
  const trialAt = sweepTrials(study, dataset, learningRate);
  const numbers = Array.from({ length: perturbations }, (_, index) => index + 1);
  const [points, first] = [sweptValues(study), seedsOf(study).slice(0, seeds)];
  return allAtOnce(
    trialsFrom(points.length * first.length * perturbations, function* () {
      for (const values of points)
        for (const seed of first)
          for (const perturbation of numbers) yield trialAt(values, seed, perturbation);
    }),
  );
}
