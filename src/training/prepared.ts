// The numbers that a trial learns from, as arrays for who looks at them; training has them in the kernel's memory.

import type { Sha256 } from "../base/sha256.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import type { Undigested } from "../data/digest.ts";
import { standardizationOf, standardizeInto } from "../data/standardize.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { trialDraws } from "./streams.ts";

/** The trial's examples, with the labels that it learns, and the test set; all standardized, as float32. */
export function preparedDataset(
  specification: TrialSpecification,
  dataset: Dataset,
  sha256: Sha256,
): Undigested {
  const { train, test, classes } = dataset;
  const { data, model } = specification;
  const shape = { inputs: train.size, hidden: model.hidden, classes };
  const { subset, labels } = trialDraws(specification, shape, train.examples, sha256);
  const numbers = standardizationOf(train, subset, data.standardize);
  const standardized = (
    set: LabelledExamples,
    indices: Uint32Array | null,
    labels: Uint8Array,
  ): LabelledExamples => {
    const values = new Float32Array(labels.length * set.size);
    standardizeInto(values, set, indices, numbers);
    return { examples: labels.length, size: set.size, values, labels };
  };
  return {
    ...dataset,
    train: standardized(train, subset, labels(dataset)),
    test: standardized(test, null, test.labels),
  };
}
