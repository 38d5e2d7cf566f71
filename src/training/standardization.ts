// The numbers with which a trial's inputs are standardized, for who applies its network elsewhere.

import type { Dataset } from "../data/dataset.ts";
import { standardizationOf, type Standardization } from "../data/standardize.ts";
import type { Sha256 } from "../base/sha256.ts";
import { trialDraws } from "./streams.ts";
import type { TrialSpecification } from "../model/trial.ts";

/** Those of the training examples that the trial draws from `dataset`, which must be its own. */
export function standardization(
  specification: TrialSpecification,
  { train, classes }: Dataset,
  sha256: Sha256,
): Standardization {
  const { data, model } = specification;
  const shape = { inputs: train.size, hidden: model.hidden, classes };
  const { subset } = trialDraws(specification, shape, train.examples, sha256);
  return standardizationOf(train, subset, data.standardize);
}
