// The numbers with which a trial's inputs are standardized, for who applies its network elsewhere.

import type { Dataset } from "../data/dataset.ts";
import { divisors, pixelStatistics } from "../data/standardize.ts";
import type { Sha256 } from "../base/sha256.ts";
import { trialDraws } from "./streams.ts";
import type { TrialSpecification } from "../model/trial.ts";

/** A network's inputs are (x − mean) / deviation of an image's bytes x, every operation rounded to float32. */
export interface Standardization {
  /** (d) */
  readonly mean: Float32Array;
  /** (d): the standard deviation + 1e-6, so 1e-6 of a pixel that is the same in all training examples. */
  readonly deviation: Float32Array;
}

/** Those of the training examples that the trial draws from `dataset`, which must be its own. */
export function standardization(
  specification: TrialSpecification,
  { train, classes }: Dataset,
  sha256: Sha256,
): Standardization {
  const shape = { inputs: train.size, hidden: specification.model.hidden, classes };
  const { subset } = trialDraws(specification, shape, train.examples, sha256);
  const statistics = pixelStatistics(train, subset);
  return { mean: statistics.mean, deviation: divisors(statistics) };
}
