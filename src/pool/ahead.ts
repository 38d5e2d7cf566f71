// How far training goes ahead of evaluations, and how many of these go together.

import type { Dataset } from "../data/dataset.ts";
import { layerOutputs } from "../model/network.ts";
import { shapeOf, type Trial } from "../model/trial.ts";

export interface Ahead {
  /** Snapshots that are evaluated in one call. */
  readonly together: number;
  /** Snapshots that may wait for their evaluation or be under it. */
  readonly snapshots: number;
}

/** Values of examples that do not stay in a processor's caches, so that fetching them takes as long as multiplying. */
const MANY_VALUES = 2 ** 21;

/** First layers whose evaluation is held up by fetching: measured, of width 32 by a tenth. */
const NARROW = 32;

/** Of narrow networks on many examples four go together; not where training may stop before it comes to the fourth. */
export function evaluationsAhead(trial: Trial, dataset: Dataset): Ahead {
  const { specification, stop } = trial;
  const examples = specification.data.train_examples + dataset.test.examples;
  const isHeldUp =
    layerOutputs(shapeOf(trial, dataset))[0] <= NARROW &&
    examples * dataset.train.size >= MANY_VALUES;
  const isEveryPass = stop === undefined && specification.evaluate === undefined;
  return isHeldUp && isEveryPass ? { together: 4, snapshots: 8 } : { together: 1, snapshots: 3 };
}
