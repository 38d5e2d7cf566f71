// That a whole trial computes with the parts that its specification names: its evaluations are the reference's.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { EVALUATION_CHUNK } from "../kernel/blocks.ts";
import { createLocalHost, privateMemory } from "../kernel/host.ts";
import { ReferenceNetwork } from "../kernel/reference.ts";
import { float32 } from "../model/arithmetic.ts";
import type { Parameters } from "../model/network.ts";
import { allNames, functionsOf, MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import { shapeOf, specificationOf } from "../model/trial.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { prepareExamples } from "../training/examples.ts";
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

test.each(functions)(
  "is evaluated as the reference does: $activation with $objective",
  async ({ activation, objective }) => {
    const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
    const kernel = { module: new WebAssembly.Module(bytes), wide: false };
    const host = createLocalHost(kernel, privateMemory());
    const trial = {
      passes: 2,
      specification: specificationOf({
        data: { dataset: "", train_examples: EXAMPLES },
        model: { hidden: [9, 5], init_std: 0.5, activation },
        training: { learning_rate: 0.01, regularization: 0, objective },
        streams: { kind: "named", study_seed: 0, seed: 0 },
      }),
    };
    const examples = new ExampleCache(host, dataset);
    const pause = () => Promise.resolve();
    const pool = localPool({ host, dataset, examples, sha256, now: () => 0, pause });
    const weights: Parameters[] = [];
    const { trajectory } = await trainOn(pool, trial, {
      onPass: ({ checkpoint }) => weights.push(checkpoint.parameters),
    });
    const [, , parameters] = weights;

    const { rows } = prepareExamples(host, dataset, null);
    const inputs = new Float32Array(host.memory.buffer, rows, EXAMPLES * SIZE).slice();
    const chosen = functionsOf(trial.specification);
    const shape = shapeOf(trial, dataset);
    const reference = new ReferenceNetwork(shape, parameters, float32, chosen);
    const { labels } = dataset.train;
    const { loss, correct } = reference.evaluate({ inputs, labels }, EVALUATION_CHUNK);
    expect(trajectory.at(-1)?.train).toEqual({
      objective: loss / EXAMPLES,
      correct,
      examples: EXAMPLES,
    });
  },
);
