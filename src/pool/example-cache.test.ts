import { describe, expect, test } from "vitest";
import { kernelMemory, privateMemory, type KernelCall } from "../kernel/host.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { ExampleCache, examplesName } from "./example-cache.ts";

const images: LabelledExamples = {
  examples: 8,
  size: 4,
  values: Uint8Array.from({ length: 32 }, (_, i) => (37 * i) % 256),
  labels: new Uint8Array(8),
};
const dataset: Dataset = { name: "made up", classes: 2, train: images, test: images, digest: "" };

function specification(seed: number): TrialSpecification {
  return {
    numerics: 1,
    data: { dataset: "", train_examples: 4 },
    model: { hidden: [3], init_std: 1 },
    training: { learning_rate: 1, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
  };
}

test("a subset is prepared once, and freed when nobody uses it and another one is wanted", async () => {
  const calls: KernelCall["name"][] = [];
  const host = {
    ...kernelMemory(privateMemory()),
    execute: ({ name }: KernelCall) => {
      calls.push(name);
      return Promise.resolve(0);
    },
  };
  const freed: number[] = [];
  const free = host.arena.free.bind(host.arena);
  host.arena.free = (address) => {
    freed.push(address);
    free(address);
  };
  const cache = new ExampleCache(dataset);
  const subsets = [0, 1, 2].map((seed) => Uint32Array.of(seed, 3, 4, 5));
  const labels = () => new Uint8Array(4);
  const borrow = (seed: number) =>
    cache.borrow(host, specification(seed), { subset: subsets[seed], labels });

  // Both while they are being prepared.
  const [first, again] = await Promise.all([borrow(0), borrow(0)]);
  expect(again.examples).toBe(first.examples);
  first.release();
  const other = await borrow(1);
  expect(freed).not.toContain(first.examples.rows);
  again.release();
  expect((await borrow(0)).examples).toBe(first.examples);
  other.release();
  await borrow(2);
  expect(freed).toContain(other.examples.rows);
  expect(freed).not.toContain(first.examples.rows);
  expect(calls).toEqual(
    Array.from({ length: 3 }, () => ["sums", "standardize", "standardize"]).flat(),
  );
});

test("what could not be prepared is prepared when it is wanted again", async () => {
  const memory = kernelMemory(privateMemory());
  const cache = new ExampleCache(dataset);
  const draws = { subset: null, labels: () => images.labels };
  const failing = { ...memory, execute: () => Promise.reject(new Error("no worker is left")) };
  await expect(cache.borrow(failing, specification(0), draws)).rejects.toThrow("no worker is left");
  const host = { ...memory, execute: () => Promise.resolve(0) };
  expect((await cache.borrow(host, specification(0), draws)).examples.train.examples).toBe(8);
});

describe("the name of examples", () => {
  const part = { of: 2, index: 0 };
  const nameOf = (data: Partial<TrialSpecification["data"]>, streams = {}) => {
    const { streams: named, ...rest } = specification(1);
    const asked = { ...rest, data: { ...rest.data, ...data }, streams: { ...named, ...streams } };
    return examplesName(asked, dataset);
  };

  test.each<[string, Partial<TrialSpecification["data"]>, object, object]>([
    ["the seed that draws a subset", {}, { seed: 1 }, { seed: 2 }],
    ["the study's seed, too", {}, { study_seed: 0 }, { study_seed: 1 }],
    ["that of a part", { part }, { study_seed: 0 }, { study_seed: 1 }],
    [
      "the seed that draws noise",
      { train_examples: 8, label_noise: { share: 0.1 } },
      {},
      { seed: 2 },
    ],
  ])("has %s", (_, data, one, other) => {
    expect(nameOf(data, one)).not.toBe(nameOf(data, other));
  });

  test.each<[string, object, object]>([
    ["the number of examples", { train_examples: 3 }, {}],
    ["the part", { part }, { part: { of: 2, index: 1 } }],
    [
      "its number of parts",
      { part: { of: 1, index: 0 }, train_examples: 8 },
      { train_examples: 8 },
    ],
    ["the level of noise", { label_noise: { share: 0.1 } }, { label_noise: { share: 0.2 } }],
    ["the rule that standardizes", { standardize: "whole" }, {}],
  ])("has %s", (_, one, other) => {
    expect(nameOf(one)).not.toBe(nameOf(other));
  });

  test.each<[string, object]>([
    ["all of the training set is", { train_examples: 8 }],
    ["all of a part is", { part }],
  ])("has no seed of a trial where %s trained on", (_, data) => {
    expect(nameOf(data, { seed: 1 })).toBe(nameOf(data, { seed: 2 }));
  });
});
