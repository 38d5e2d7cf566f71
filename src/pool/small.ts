// Which trials are small: handing each of their passes to a worker would take longer than training them.

import type { Dataset } from "../data/dataset.ts";
import { passCost } from "../kernel/cost.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import { memoryNeed } from "./memory.ts";

/** Multiply-adds of a trial, as passCost counts them: some tens of milliseconds. */
const SMALL_COST = 1e9;

/** Values of a data set that every worker may have a copy of, and that a trial's examples are made of in some milliseconds. */
const SMALL_DATASET = 1e6;

/** Bytes of the kernel's memory. */
const SMALL_MEMORY = 16e6;

export function hasSmallTrials({ train, test }: Dataset): boolean {
  return (train.examples + test.examples) * train.size <= SMALL_DATASET;
}

/** Of a data set that has small trials. */
export function isSmall(trial: Trial, dataset: Dataset): boolean {
  const { data, training } = trial.specification;
  const examples = [data.train_examples, dataset.test.examples] as const;
  const cost = passCost(shapeOf(trial, dataset), ...examples, training);
  return (1 + trial.passes) * cost <= SMALL_COST && bytesOfSmall(trial, dataset) <= SMALL_MEMORY;
}

/** Bytes of the kernel's memory that suffice to train it, each piece of which begins at a multiple of 64. */
export function bytesOfSmall(trial: Trial, dataset: Dataset): number {
  return Math.ceil(65_536 + 1.2 * memoryNeed([trial], dataset, 1).kernel);
}
