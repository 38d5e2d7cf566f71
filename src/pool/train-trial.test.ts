// That a whole trial computes with the parts and examples that its specification names: its evaluations are the
// reference's.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { standardizationOf, standardizeInto } from "../data/standardize.ts";
import { EVALUATION_CHUNK } from "../kernel/blocks.ts";
import { createLocalHost, privateMemory } from "../kernel/host.ts";
import { ReferenceNetwork } from "../kernel/reference.ts";
import { float32 } from "../model/arithmetic.ts";
import type { Parameters } from "../model/network.ts";
import { allNames, functionsOf, MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import {
  shapeOf,
  specificationOf,
  type ExampleChoices,
  type TrialSpecification,
} from "../model/trial.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { trialDraws } from "../training/streams.ts";
import { ExampleCache } from "./example-cache.ts";
import { localPool } from "./local-pool.ts";
import { trainOn } from "./pool.ts";

const SIZE = 12;
const EXAMPLES = 40;

function images(seed: number): LabelledExamples {
  const draws = new NumpyRandomState(seed);
  return {
    examples: EXAMPLES,
    size: SIZE,
    values: Uint8Array.from(draws.randints(256, EXAMPLES * SIZE)),
    labels: Uint8Array.from(draws.randints(3, EXAMPLES)),
  };
}

const dataset: Dataset = { name: "", classes: 3, train: images(1), test: images(2), digest: "" };

const functions = allNames(MODEL_PARTS.activation).flatMap((activation) =>
  allNames(TRAINING_PARTS.objective).map((objective) => ({ activation, objective })),
);

/** After its last pass, as the trial says and as the reference finds with the trial's weights. */
async function evaluations(specification: TrialSpecification, dataset: Dataset) {
  const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
  const kernel = { module: new WebAssembly.Module(bytes), wide: false };
  const host = createLocalHost(kernel, privateMemory());
  const trial = { passes: 2, specification };
  const examples = new ExampleCache(dataset);
  const pause = () => Promise.resolve();
  const pool = localPool({ host, dataset, examples, sha256, now: () => 0, pause });
  const weights: Parameters[] = [];
  const { trajectory } = await trainOn(pool, trial, {
    onPass: ({ checkpoint }) => weights.push(checkpoint.parameters),
  });
  const [, , parameters] = weights;

  const shape = shapeOf(trial, dataset);
  const { subset, labels: learned } = trialDraws(specification, shape, EXAMPLES, sha256);
  const labels = learned(dataset);
  const inputs = new Float32Array(labels.length * SIZE);
  const rule = specification.data.standardize;
  standardizeInto(inputs, dataset.train, subset, standardizationOf(dataset.train, subset, rule));
  const reference = new ReferenceNetwork(shape, parameters, float32, functionsOf(specification));
  const { loss, correct } = reference.evaluate({ inputs, labels }, EVALUATION_CHUNK);
  return {
    told: trajectory.at(-1)?.train,
    found: { objective: loss / labels.length, correct, examples: labels.length },
  };
}

const STREAMS = { kind: "named", study_seed: 0, seed: 0 } as const;

test.each(functions)(
  "is evaluated as the reference does: $activation with $objective",
  async ({ activation, objective }) => {
    const specification = specificationOf({
      data: { dataset: "", train_examples: EXAMPLES },
      model: { hidden: [9, 5], init_std: 0.2, activation },
      training: { learning_rate: 0.001, regularization: 0, objective },
      streams: STREAMS,
    });
    const { told, found } = await evaluations(specification, dataset);
    expect(told).toEqual(found);
  },
);

const floats = (set: LabelledExamples): LabelledExamples => ({
  ...set,
  values: Float32Array.from(set.values, (value) => value / 7 - 9),
});

test.each<[string, Dataset, ExampleChoices]>([
  ["bytes", dataset, { label_noise: { share: 0.4 } }],
  ["bytes", dataset, { standardize: "unit", part: { of: 2, index: 1 } }],
  [
    "float32",
    { ...dataset, train: floats(dataset.train), test: floats(dataset.test) },
    { standardize: "whole", label_noise: { probability: 0.5, kind: "redrawn" } },
  ],
])("is evaluated on its own examples: %s with %j", async (_, dataset, choices) => {
  const specification = specificationOf({
    data: { dataset: "", train_examples: 17, ...choices },
    model: { hidden: [9], init_std: 0.5 },
    training: { learning_rate: 0.01, regularization: 0 },
    streams: STREAMS,
  });
  const { told, found } = await evaluations(specification, dataset);
  expect(told).toEqual(found);
  expect(found.examples).toBe(17);
});
