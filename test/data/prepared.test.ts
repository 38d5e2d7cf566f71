// The homework's prepared data, number for number: the notebook's subset of the real data set, standardized.
// The numbers are of the reference (test/reference/README.md), made with NumPy and PyTorch from seed 1.

import { beforeAll, describe, expect, test } from "vitest";
import type { LoadedDataset } from "../../src/data/dataset.ts";
import { loadFashionMnist } from "../../src/data/load.node.ts";
import {
  featureStatistics,
  standardizationOf,
  standardizeInto,
} from "../../src/data/standardize.ts";
import { subsetLabels } from "../../src/data/subset.ts";
import { NumpyRandomState } from "../../src/random/numpy.ts";

let loaded: LoadedDataset;

beforeAll(async () => {
  loaded = await loadFashionMnist();
});

test("the data set is the published one", () => {
  const { name, classes, train, test, digest } = loaded.dataset;
  expect({ name, classes, train: train.examples, test: test.examples, size: train.size }).toEqual({
    name: "fashion-mnist",
    classes: 10,
    train: 60000,
    test: 10000,
    size: 784,
  });
  expect(digest).toBe("4d8e31d2057f6f938ff47097ba334038e7aafbaf24b67665d2dd1ecda01730a3");
});

describe("the notebook's tenth", () => {
  let indices: Uint32Array;
  let train: Float32Array;
  let tests: Float32Array;

  beforeAll(() => {
    const { dataset } = loaded;
    indices = new NumpyRandomState(1).choiceWithoutReplacement(60000, 6000);
    train = new Float32Array(6000 * 784);
    tests = new Float32Array(10000 * 784);
    const inputs = standardizationOf(dataset.train, indices);
    standardizeInto(train, dataset.train, indices, inputs);
    standardizeInto(tests, dataset.test, null, inputs);
  });

  test("has the notebook's labels", () => {
    const labels = subsetLabels(loaded.dataset.train, indices);
    expect([...labels.subarray(0, 10)]).toEqual([6, 1, 5, 8, 5, 5, 7, 4, 8, 7]);
    const counts = Array.from({ length: 10 }, (_, k) => labels.filter((l) => l === k).length);
    expect(counts).toEqual([591, 588, 621, 583, 600, 604, 627, 627, 560, 599]);
  });

  test("has the notebook's statistics", () => {
    const { mean, std } = featureStatistics(loaded.dataset.train, indices);
    expect(mean[300]).toBeCloseTo(120.269333, 5);
    expect(std[300]).toBeCloseTo(93.520683, 5);
    expect(std.every((s) => s > 0)).toBe(true);
  });

  test("has the notebook's standardized values", () => {
    const squares = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
    const largest = (values: Float32Array) =>
      values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(squares(train)).toBeCloseTo(4703214.58, 2);
    expect(largest(train)).toBeCloseTo(70.5581, 4);
    expect(squares(tests)).toBeCloseTo(21461756.9, 1);
    expect(largest(tests)).toBeCloseTo(2750.0159, 4);
    expect(train[300]).toBeCloseTo(-1.2646329, 7);
    expect(tests[300]).toBeCloseTo(0.3927545, 7);
  });
});
