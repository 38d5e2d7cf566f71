// Examples as they lie in the kernel's memory: whose statistics standardize them, and what is given back.

import { describe, expect, test } from "vitest";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { standardizationOf, standardizeInto } from "../data/standardize.ts";
import { kernelMemory, privateMemory, type KernelMemory } from "../kernel/host.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { sha256 } from "../base/sha256.node.ts";
import { hex } from "../base/sha256.ts";
import { prepareExamples, type GroupedSet } from "./examples.ts";
import { standardization } from "./standardization.ts";
import { trialDraws } from "./streams.ts";
import type { TrialSpecification } from "../model/trial.ts";

const SIZE = 6;
const STRIDE = paddedInputs(SIZE);

function images(examples: number, seed: number): LabelledExamples {
  const random = new NumpyRandomState(seed);
  return {
    examples,
    size: SIZE,
    values: Uint8Array.from(random.randints(256, examples * SIZE), (pixel) => pixel % 250),
    labels: Uint8Array.from(random.randints(3, examples)),
  };
}

const dataset: Dataset = {
  name: "noise",
  classes: 3,
  train: images(90, 1),
  test: images(75, 2),
  digest: "00".repeat(32),
};

const SPECIFICATION: TrialSpecification = {
  numerics: 1,
  data: { dataset: dataset.digest, train_examples: 70 },
  model: { hidden: [4], init_std: 0.1 },
  training: { learning_rate: 0.05, regularization: 0 },
  streams: { kind: "named", study_seed: 0, seed: 4 },
};

const shape = { inputs: SIZE, hidden: [4], classes: 3 };
const { subset } = trialDraws(SPECIFICATION, shape, dataset.train.examples, sha256);

/** (n, d) of a set in its own order, as evaluation reads it. */
function rowsOf({ memory }: KernelMemory, { groups, indices, examples }: GroupedSet): number[][] {
  const floats = new Float32Array(memory.buffer, groups, Math.ceil(examples / 8) * 8 * STRIDE);
  const rows: number[][] = [];
  new Uint32Array(memory.buffer, indices, examples).forEach((row, at) => {
    const begin = (at >> 3) * STRIDE * 8 + (at & 7);
    rows[row] = Array.from({ length: SIZE }, (_, k) => floats[begin + 8 * k]);
  });
  return rows;
}

function standardized(set: LabelledExamples, selected: Uint32Array | null): number[][] {
  const out = new Float32Array((selected?.length ?? set.examples) * SIZE);
  standardizeInto(out, set, selected, standardizationOf(dataset.train, subset));
  return Array.from({ length: out.length / SIZE }, (_, n) => [
    ...out.subarray(n * SIZE, (n + 1) * SIZE),
  ]);
}

describe("prepared examples", () => {
  test("training and test set are standardized with the subset's statistics", () => {
    const host = kernelMemory(privateMemory());
    const prepared = prepareExamples(host, dataset, subset);
    const train = standardized(dataset.train, subset);
    expect(rowsOf(host, prepared.train)).toEqual(train);
    expect(rowsOf(host, prepared.test)).toEqual(standardized(dataset.test, null));
    const rows = new Float32Array(host.memory.buffer, prepared.rows, 70 * STRIDE);
    expect([...rows]).toEqual(train.flatMap((row) => [...row, 0, 0]));
  });

  test("have the labels that are given, and those of the test set", () => {
    const host = kernelMemory(privateMemory());
    const labels = Uint8Array.from({ length: 70 }, (_, n) => n);
    const { train, test: tested } = prepareExamples(host, dataset, subset, labels);
    const at = ({ labels, examples }: GroupedSet) =>
      new Uint8Array(host.memory.buffer, labels, examples);
    expect(at(train)).toEqual(labels);
    expect(at(tested)).toEqual(dataset.test.labels);
  });

  test("floats that begin with blank inputs lie as bytes do", () => {
    type Change = (set: LabelledExamples) => LabelledExamples;
    const bytes: Change = (set) => ({
      ...set,
      values: set.values.map((value, at) => (at % (3 * SIZE) < 2 ? 0 : value)),
    });
    const floats: Change = (set) => ({
      ...set,
      values: Float32Array.from(bytes(set).values, (value) => value / 255),
    });
    const memoryOf = (change: Change, standardize: "unit" | "none") => {
      const host = kernelMemory(privateMemory());
      const sets = { train: change(dataset.train), test: change(dataset.test) };
      prepareExamples(host, sets, subset, undefined, standardize);
      return hex(sha256(new Uint8Array(host.memory.buffer)));
    };
    expect(memoryOf(floats, "none")).toBe(memoryOf(bytes, "unit"));
  });

  test("give back all of their memory", () => {
    const host = kernelMemory(privateMemory());
    prepareExamples(host, dataset, subset).free();
    const { byteLength } = host.memory.buffer;
    // Were anything kept, memory would have to grow for all of it in one piece.
    host.arena.allocate(byteLength - 65536);
    expect(host.memory.buffer.byteLength).toBe(byteLength);
  });
});

test("standardization: the numbers with which the trial's own examples were standardized", () => {
  const host = kernelMemory(privateMemory());
  const { test: set } = prepareExamples(host, dataset, subset);
  const { mean, deviation } = standardization(SPECIFICATION, dataset, sha256);
  const f = Math.fround;
  const { values } = dataset.test;
  expect(rowsOf(host, set)).toEqual(
    Array.from({ length: 75 }, (_, n) =>
      Array.from({ length: SIZE }, (_, k) => f(f(values[n * SIZE + k] - mean[k]) / deviation[k])),
    ),
  );
});
