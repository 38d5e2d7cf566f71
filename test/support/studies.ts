// Studies and data sets that exist in a test alone.

import type { Dataset, LabelledExamples } from "../../src/data/dataset.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import type { Study } from "../../src/study/spec.ts";

export function study(asked: {
  readonly widths: readonly number[];
  readonly seeds?: readonly number[];
  readonly hidden?: Study["model"]["hidden"];
  readonly passes?: number;
  readonly learning_rate?: Study["training"]["learning_rate"];
}): Study {
  const { widths, seeds = [0], hidden = ["width"], passes = 100, learning_rate = 0.005 } = asked;
  return {
    name: "mine",
    question: "?",
    dataset: { name: "fashion-mnist", fraction: 0.1 },
    model: { hidden, init_std: 1e-6 },
    training: { learning_rate, regularization: 0, passes },
    search: { width: 32, factor: 0.5 },
    sweep: { width: widths },
    streams: { kind: "named", study_seed: 0, seeds },
  };
}

function images(examples: number): LabelledExamples {
  return { examples, size: 784, values: new Uint8Array(0), labels: new Uint8Array(0) };
}

/** FashionMNIST's sizes without its images. */
export const DATASET_SIZES: Dataset = {
  name: "fashion-mnist",
  classes: 10,
  train: images(60_000),
  test: images(10_000),
  digest: "0".repeat(64),
};

/** Nine cells at first, 25 once they are halved, on examples of `MNIST_1D_SIZE`. */
export function mapStudy(of: string, seeds: readonly number[]): Study {
  const text = `name: m
question: Where?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { passes: 1 }
sweep:
  width: { from: 2, to: 8, points: 3 }
  training.learning_rate: { from: 0.01, to: 1, points: 3, scale: log }
streams: { seeds: [${seeds.join()}] }
ask: [{ name: map, of: ${of}, refine: 1 }]
`;
  return parseStudy(text, "m.yaml", CATALOGUE);
}

export const MNIST_1D_SIZE = {
  ...{ digest: "0".repeat(64), classes: 10 },
  train: { examples: 4000, size: 40 },
};
