// Examples as they lie in the kernel's memory: whose statistics standardize them, and what is given back.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { standardizationOf, standardizeInto } from "../data/standardize.ts";
import {
  createLocalHost,
  privateMemory,
  type KernelHost,
  type KernelMemory,
} from "../kernel/host.ts";
import { EVALUATION_BATCH } from "../kernel/blocks.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { sha256 } from "../base/sha256.node.ts";
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

const kernel = new WebAssembly.Module(
  readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url)),
);

/** Its memory holds other things than zeros, as after the examples of another trial. */
function newHost(): KernelHost {
  const host = createLocalHost({ module: kernel, wide: false }, privateMemory());
  const used = host.arena.allocate(300_000);
  new Uint8Array(host.memory.buffer, used, 300_000).fill(255);
  host.arena.free(used);
  return host;
}

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

/** All of a set's numbers as they should lie, from its standardized rows; `blanks` are the rows' numbers of blank inputs. */
function laidOut(rows: Float32Array, stride: number, size: number, blanks: readonly number[]) {
  const order = [...blanks.keys()].sort((a, b) => blanks[a] - blanks[b] || a - b);
  const groups = new Float32Array(Math.ceil(order.length / 8) * 8 * stride);
  order.forEach((row, at) => {
    for (let k = 0; k < stride; k++)
      groups[(at >> 3) * stride * 8 + 8 * k + (at & 7)] = rows[row * stride + k];
  });
  const sharedInputs = order
    .filter((_, at) => at % EVALUATION_BATCH === 0)
    .map((row) => Math.min(blanks[row], size - 1));
  return { groups, order, sharedInputs };
}

describe("prepared examples", () => {
  const someSets = fc
    .record({
      size: fc.integer({ min: 1, max: 11 }),
      examples: fc.integer({ min: 2, max: 140 }),
      tests: fc.integer({ min: 1, max: 20 }),
      isFloat: fc.boolean(),
      blank: fc.integer({ min: 0, max: 12 }),
      seed: fc.nat(),
    })
    .map(({ size, examples, tests, isFloat, blank, seed }) => {
      const draws = new NumpyRandomState(seed);
      const drawn = (count: number): LabelledExamples => {
        const bytes = draws.randints(256, count * size);
        // Some examples begin with as many blank inputs, or are blank altogether.
        const kept = bytes.map((byte, at) =>
          at % size < blank && Math.floor(at / size) % 3 > 0 ? 0 : byte,
        );
        const values = isFloat
          ? Float32Array.from(kept, (byte) => (byte === 0 ? 0 : 4 * draws.random() - 2))
          : Uint8Array.from(kept);
        return { examples: count, size, values, labels: Uint8Array.from(draws.randints(9, count)) };
      };
      const train = drawn(examples);
      const subset = draws.choiceWithoutReplacement(
        examples,
        2 + draws.randints(examples - 1, 1)[0],
      );
      return { train, test: drawn(tests), subset: draws.random() < 0.3 ? null : subset };
    });
  const rules = fc.constantFrom("per feature", "whole", "unit", "none");

  test("are what standardizing by the rule gives, and lie as training and evaluation read them", async () => {
    await fc.assert(
      fc.asyncProperty(someSets, rules, async ({ train, test: tested, subset }, rule) => {
        fc.pre(rule !== "unit" || train.values instanceof Uint8Array);
        const host = newHost();
        const { buffer } = host.memory;
        const sets = { train, test: tested };
        const prepared = await prepareExamples(host, sets, subset, undefined, rule);
        const numbers = standardizationOf(train, subset, rule);
        const stride = paddedInputs(train.size);
        for (const [source, selected, set] of [
          [train, subset, prepared.train],
          [tested, null, prepared.test],
        ] as const) {
          const rows = new Float32Array(set.examples * stride);
          standardizeInto(rows, source, selected, numbers, stride);
          const blanks = Array.from({ length: set.examples }, (_, row) => {
            const begin = source.size * (selected?.[row] ?? row);
            const first = source.values
              .subarray(begin, begin + source.size)
              .findIndex((value) => value !== 0);
            return first < 0 ? source.size : first;
          });
          const { groups, order, sharedInputs } = laidOut(rows, stride, source.size, blanks);
          expect(new Float32Array(buffer, set.groups, groups.length)).toEqual(groups);
          expect([...new Uint32Array(buffer, set.indices, order.length)]).toEqual(order);
          const shared = new Uint32Array(buffer, set.sharedInputs, sharedInputs.length);
          expect([...shared]).toEqual(sharedInputs);
          if (source === train)
            expect(new Float32Array(buffer, prepared.rows, rows.length)).toEqual(rows);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("have the labels that are given, and those of the test set", async () => {
    const host = newHost();
    const labels = Uint8Array.from({ length: 70 }, (_, n) => n);
    const { train, test: tested } = await prepareExamples(host, dataset, subset, labels);
    const at = ({ labels, examples }: GroupedSet) =>
      new Uint8Array(host.memory.buffer, labels, examples);
    expect(at(train)).toEqual(labels);
    expect(at(tested)).toEqual(dataset.test.labels);
  });

  test("give back all of their memory", async () => {
    const host = newHost();
    (await prepareExamples(host, dataset, subset)).free();
    const { byteLength } = host.memory.buffer;
    // Were anything kept, memory would have to grow for all of it in one piece.
    host.arena.allocate(byteLength - 65536);
    expect(host.memory.buffer.byteLength).toBe(byteLength);
  });
});

test("standardization: the numbers with which the trial's own examples were standardized", async () => {
  const host = newHost();
  const { test: set } = await prepareExamples(host, dataset, subset);
  const { mean, deviation } = standardization(SPECIFICATION, dataset, sha256);
  const f = Math.fround;
  const { values } = dataset.test;
  expect(rowsOf(host, set)).toEqual(
    Array.from({ length: 75 }, (_, n) =>
      Array.from({ length: SIZE }, (_, k) => f(f(values[n * SIZE + k] - mean[k]) / deviation[k])),
    ),
  );
});
