// What a look inside says of a network that is written by hand.

import { expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { specificationOf } from "../../src/model/trial.ts";
import { insideOf } from "../../src/web/engine/inside.ts";

const set = (labels: readonly number[], values: readonly number[]) => ({
  ...{ examples: labels.length, size: 1 },
  ...{ values: Float32Array.from(values), labels: Uint8Array.from(labels) },
});

const dataset: Dataset = {
  name: "by hand",
  classes: 2,
  train: set([0, 1, 1], [1, 1, 3]),
  test: set([0, 1, 1, 1, 0], [5, 1, 3, 2, 4]),
  digest: "ab".repeat(32),
};

const trial = {
  passes: 1,
  specification: specificationOf({
    data: { dataset: dataset.digest, train_examples: 3, standardize: "none" },
    model: { hidden: [3], init_std: 1 },
    training: { learning_rate: 0.1, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed: 0 },
  }),
};

/** Units pass an example on, are at rest, and pass on twice of it, for class 0 alone. */
const parameters = {
  weights: [Float32Array.of(1, -1, 2), Float32Array.of(0.5, 0, 0, 3, 0.25, 0)],
  biases: [new Float32Array(3), new Float32Array(2)],
};

test("units come by output weight, and misses, confidences and confusion are the network's", async () => {
  const inside = await insideOf(trial, dataset, parameters, { pass: 1, fingerprint: "f" });
  expect(inside.units.map(({ weights, norm, dead }) => [[...weights], norm, dead])).toEqual([
    [[-1], 3, true],
    [[1], 0.5, false],
    [[2], 0.25, false],
  ]);
  expect(inside.dead).toBe(1);
  expect(inside.looked).toEqual({ train: 3, test: 5 });
  // All are taken for class 0, the larger the surer.
  expect([inside.misses, inside.wrong.map(({ label }) => label)]).toEqual([2, [1, 1]]);
  expect(inside.confusion).toEqual([
    [2, 0],
    [3, 0],
  ]);
  expect(inside.classNames).toEqual(["0", "1"]);
  const named = { ...dataset, classNames: ["setosa", "virginica"] };
  const looked = await insideOf(trial, named, parameters, { pass: 1, fingerprint: "f" });
  expect(looked.classNames).toEqual(named.classNames);
  expect(inside.confident.map(({ values }) => values[0])).toEqual([3, 2, 1]);
  expect(inside.confident[0].confidence).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
});
