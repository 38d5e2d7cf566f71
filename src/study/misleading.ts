// Warns of subsets so small that standardizing makes huge test inputs of them. Trains nothing.

import type { Dataset } from "../data/dataset.ts";
import { misleadingPixels } from "../data/standardize.ts";
import type { Sha256 } from "../base/sha256.ts";
import { trialDraws } from "../training/streams.ts";
import { shapeOf } from "../model/trial.ts";
import { searchTrial } from "./plans/learning-rate.ts";
import type { Study } from "./spec.ts";

/** A sentence about the first seed's subset, or null where there is nothing to warn of. */
export function subsetWarning(study: Study, dataset: Dataset, sha256: Sha256): string | null {
  const { trial } = searchTrial(study, dataset, 1);
  const { specification } = trial;
  const { train, test } = dataset;
  if (specification.data.train_examples < 2) return null;
  const shape = shapeOf(trial, dataset);
  const { subset } = trialDraws(specification, shape, train.examples, sha256);
  const count = misleadingPixels(train, subset, test);
  if (count === 0) return null;
  return `${count} ${count === 1 ? "pixel is" : "pixels are"} constant in the ${specification.data.train_examples} training images and not in the test images: standardizing makes test inputs of up to 10⁸ of them, so that test losses say little; a larger dataset.fraction helps`;
}
