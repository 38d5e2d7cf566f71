import { expect, test } from "vitest";
import { kernelMemory, privateMemory } from "../kernel/host.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { ExampleCache } from "./example-cache.ts";

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

test("a subset is prepared once, and freed when nobody uses it and another one is wanted", () => {
  const host = kernelMemory(privateMemory());
  const freed: number[] = [];
  const free = host.arena.free.bind(host.arena);
  host.arena.free = (address) => {
    freed.push(address);
    free(address);
  };
  const cache = new ExampleCache(host, dataset);
  const subsets = [0, 1, 2].map((seed) => Uint32Array.of(seed, 3, 4, 5));
  const borrow = (seed: number) => cache.borrow(specification(seed), subsets[seed]);

  const first = borrow(0);
  const again = borrow(0);
  expect(again.examples).toBe(first.examples);
  first.release();
  const other = borrow(1);
  expect(freed).not.toContain(first.examples.rows);
  again.release();
  expect(borrow(0).examples).toBe(first.examples);
  other.release();
  borrow(2);
  expect(freed).toContain(other.examples.rows);
  expect(freed).not.toContain(first.examples.rows);
});
