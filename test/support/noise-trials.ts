// A data set of noise, and trials of it.

import type { Dataset, LabelledExamples } from "../../src/data/dataset.ts";
import { NumpyRandomState } from "../../src/random/numpy.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { trialDraws } from "../../src/training/streams.ts";
import type { NotebookStreams, Trial, TrialSpecification } from "../../src/model/trial.ts";

export function images(examples: number, size: number, seed: number): LabelledExamples {
  const random = new NumpyRandomState(seed);
  return {
    examples,
    size,
    values: Uint8Array.from(random.randints(256, examples * size)),
    labels: Uint8Array.from(random.randints(3, examples)),
  };
}

export const dataset: Dataset = {
  name: "noise",
  classes: 3,
  train: images(40, 10, 1),
  test: images(21, 10, 2),
  digest: "00".repeat(32),
};

export const notebook: NotebookStreams = {
  kind: "notebook",
  numpy_seed: 5,
  torch_seed: 6,
  after: [],
};

export function trial(changes: Partial<TrialSpecification> = {}, passes = 3): Trial {
  return {
    passes,
    specification: {
      numerics: 1,
      data: { dataset: dataset.digest, train_examples: 30 },
      model: { hidden: [7], init_std: 0.1 },
      training: { learning_rate: 0.05, regularization: 0 },
      streams: { kind: "named", study_seed: 0, seed: 4 },
      ...changes,
    },
  };
}

export const shape = { inputs: 10, hidden: [7], classes: 3 };

export function draws(specification: TrialSpecification) {
  return trialDraws(
    specification,
    { ...shape, hidden: specification.model.hidden },
    dataset.train.examples,
    sha256,
  );
}
