// The examples of a trial, standardized, in the kernel's memory. Many trials may read the same ones.

import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { standardizationOf, standardizeInto, type Standardization } from "../data/standardize.ts";
import { subsetLabels } from "../data/subset.ts";
import type { KernelMemory } from "../kernel/host.ts";
import { EVALUATION_BATCH } from "../kernel/blocks.ts";
import { paddedInputs } from "../kernel/kernel-network.ts";
import type { ExampleChoices } from "../model/trial.ts";

/** One set as evaluation reads it: its examples ordered by the number of blank inputs that they begin with. */
export interface GroupedSet {
  readonly examples: number;
  /** Address of (⌈n / 8⌉, d padded, 8) float32: eight examples side by side, in that order. */
  readonly groups: number;
  /** Address of (n) uint32: which example of the set each of them is. */
  readonly indices: number;
  /** Address of (⌈n / 64⌉) uint32: with how many inputs all examples of a batch of 64 begin with the same values. */
  readonly sharedInputs: number;
  /** Address of (n) uint8, in the set's own order. */
  readonly labels: number;
}

export interface PreparedExamples {
  readonly train: GroupedSet;
  readonly test: GroupedSet;
  /** Address of (n, d padded) float32: the training examples as training reads them. */
  readonly rows: number;
  free(): void;
}

/**
 * Standardizes the subset (null: all) by a rule, and the whole test set with the numbers that the subset gives.
 * `labels` (n) are the subset's own where none are given.
 */
export function prepareExamples(
  host: KernelMemory,
  { train: source, test: testSet }: Pick<Dataset, "train" | "test">,
  subset: Uint32Array | null,
  labels: Uint8Array = subsetLabels(source, subset),
  standardize?: ExampleChoices["standardize"],
): PreparedExamples {
  const inputs = standardizationOf(source, subset, standardize);
  const train = placeSet(host, source, subset, labels, inputs);
  const test = placeSet(host, testSet, null, testSet.labels, inputs);
  host.arena.free(test.rows);
  return {
    train,
    test,
    rows: train.rows,
    free() {
      host.arena.free(train.rows);
      for (const { groups, indices, sharedInputs, labels } of [train, test])
        for (const address of [groups, indices, sharedInputs, labels]) host.arena.free(address);
    },
  };
}

function placeSet(
  { memory, arena }: KernelMemory,
  set: LabelledExamples,
  subset: Uint32Array | null,
  ownLabels: Uint8Array,
  inputs: Standardization,
): GroupedSet & { readonly rows: number } {
  const examples = ownLabels.length;
  const width = paddedInputs(set.size);
  const rows = arena.allocate(4 * examples * width);
  const groups = arena.allocate(4 * Math.ceil(examples / 8) * 8 * width);
  const indices = arena.allocate(4 * examples);
  const sharedInputs = arena.allocate(4 * Math.ceil(examples / EVALUATION_BATCH));
  const labels = arena.allocate(examples);
  const from = new Float32Array(memory.buffer, rows, examples * width);
  standardizeInto(from, set, subset, inputs, width);
  const { order, blanks } = byBlankInputs(set, subset);
  group(from, order, new Float32Array(memory.buffer, groups), width);
  new Uint32Array(memory.buffer, indices, examples).set(order);
  new Uint32Array(memory.buffer, sharedInputs, Math.ceil(examples / EVALUATION_BATCH)).set(
    // The first of a batch has the fewest; of an example that is blank altogether, one input is left to multiply.
    blanks.filter((_, n) => n % EVALUATION_BATCH === 0).map((n) => Math.min(n, set.size - 1)),
  );
  new Uint8Array(memory.buffer, labels, examples).set(ownLabels);
  return { examples, groups, indices, sharedInputs, labels, rows };
}

/** Rows of the subset by the number of values that are zero before the first that is not, and these numbers. */
function byBlankInputs({ values, size, examples }: LabelledExamples, subset: Uint32Array | null) {
  const blanksOf = (row: number): number => {
    const begin = size * (subset?.[row] ?? row);
    let blank = 0;
    while (blank < size && values[begin + blank] === 0) blank++;
    return blank;
  };
  const blanks = Uint32Array.from({ length: subset?.length ?? examples }, (_, row) =>
    blanksOf(row),
  );
  const order = Uint32Array.from(blanks.keys()).sort((a, b) => blanks[a] - blanks[b] || a - b);
  return { order, blanks: order.map((row) => blanks[row]) };
}

/** (n, width) row-major to (⌈n / 8⌉, width, 8) in the order of `order`; `groups` is zeroed. */
function group(rows: Float32Array, order: Uint32Array, groups: Float32Array, width: number): void {
  let to = 0;
  for (let first = 0; first < order.length; first += 8) {
    const begins = Array.from(order.subarray(first, first + 8), (row) => row * width);
    for (let i = 0; i < width; i++) {
      for (let lane = 0; lane < begins.length; lane++) groups[to + lane] = rows[begins[lane] + i];
      to += 8;
    }
  }
}
