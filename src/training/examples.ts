// The examples of a trial, standardized, in the kernel's memory. Many trials may read the same ones.

import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { standardizationOf, sumsFor, type Sums } from "../data/standardize.ts";
import { subsetIndex, subsetLabels } from "../data/subset.ts";
import type { KernelHost, KernelMemory } from "../kernel/host.ts";
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

/** A set that is not standardized yet. */
export interface PlacedSet {
  readonly set: Omit<GroupedSet, "groups">;
  /** Address of (n, d padded) bytes or float32, the padding zero. */
  readonly values: number;
  readonly isFloat: boolean;
  /** d padded. */
  readonly width: number;
}

/**
 * Standardizes the subset (null: all) by a rule, and the whole test set with the numbers that the subset gives.
 * `labels` (n) are the subset's own where none are given. Where the test set is placed already, it stays as it is.
 */
export async function prepareExamples(
  host: KernelHost,
  { train: source, test: testSet }: Pick<Dataset, "train" | "test">,
  subset: Uint32Array | null,
  labels: Uint8Array = subsetLabels(source, subset),
  standardize?: ExampleChoices["standardize"],
  placedTest?: PlacedSet,
): Promise<PreparedExamples> {
  const { arena } = host;
  const train = placeSet(host, source, subset, labels);
  const test = placedTest ?? placeSet(host, testSet, null, testSet.labels);
  const own = placedTest ? [train] : [train, test];
  const numbers = arena.allocate(24 * train.width);
  try {
    const over = sumsFor(standardize);
    const given = over === null ? undefined : await sumUp(host, train, source.size, over, numbers);
    const inputs = standardizationOf(source, subset, standardize, given);
    const floats = new Float32Array(host.memory.buffer, numbers, 2 * train.width);
    floats.fill(0).set(inputs.mean);
    floats.subarray(train.width).fill(1).set(inputs.deviation);
    const rows = arena.reserve(4 * train.set.examples * train.width);
    const [trainSet, tests] = await Promise.all([
      standardized(host, train, numbers, rows),
      standardized(host, test, numbers, 0),
    ]);
    return {
      train: trainSet,
      test: tests,
      rows,
      free() {
        for (const address of [rows, trainSet.groups, tests.groups]) arena.free(address);
        for (const { set } of own) arena.free(set.indices);
      },
    };
  } finally {
    for (const { values } of own) arena.free(values);
    arena.free(numbers);
  }
}

/** Lays the selected examples (null: all) into the kernel's memory; `labels` are theirs. */
export function placeSet(
  { memory, arena }: KernelMemory,
  source: LabelledExamples,
  subset: Uint32Array | null,
  labels: Uint8Array,
): PlacedSet {
  const examples = labels.length;
  const width = paddedInputs(source.size);
  const { BYTES_PER_ELEMENT } = source.values;
  const batches = Math.ceil(examples / EVALUATION_BATCH);
  const values = arena.allocate(BYTES_PER_ELEMENT * examples * width);
  const indices = arena.allocate(4 * examples + 4 * batches + examples);
  const sharedInputs = indices + 4 * examples;
  const set = { examples, indices, sharedInputs, labels: sharedInputs + 4 * batches };

  const isFloat = source.values instanceof Float32Array;
  const to = isFloat
    ? new Float32Array(memory.buffer, values, examples * width)
    : new Uint8Array(memory.buffer, values, examples * width);
  for (let row = 0; row < examples; row++) {
    const from = source.size * subsetIndex(source, subset, row);
    to.set(source.values.subarray(from, from + source.size), row * width);
  }
  const { order, blanks } = byBlankInputs(to, width, source.size);
  new Uint32Array(memory.buffer, indices, examples).set(order);
  new Uint32Array(memory.buffer, sharedInputs, batches).set(
    // The first of a batch has the fewest; of an example that is blank altogether, one input is left to multiply.
    blanks.filter((_, n) => n % EVALUATION_BATCH === 0).map((n) => Math.min(n, source.size - 1)),
  );
  new Uint8Array(memory.buffer, set.labels, examples).set(labels);
  return { set, values, isFloat, width };
}

/** Rows by the number of values that are zero before the first that is not, ties by row, and these numbers. */
function byBlankInputs(values: Uint8Array | Float32Array, width: number, size: number) {
  const counts = new Uint32Array(values.length / width);
  const begins = new Uint32Array(size + 2);
  for (let row = 0; row < counts.length; row++) {
    let blank = 0;
    while (blank < size && values[row * width + blank] === 0) blank++;
    counts[row] = blank;
    begins[blank + 1]++;
  }
  for (let blank = 0; blank < size; blank++) begins[blank + 1] += begins[blank];
  const order = new Uint32Array(counts.length);
  counts.forEach((blank, row) => {
    order[begins[blank]++] = row;
  });
  return { order, blanks: order.map((row) => counts[row]) };
}

/** `scratch` is the address of (3, d padded) float64, which are 0. */
async function sumUp(
  { execute, memory }: KernelHost,
  { set, values, isFloat, width }: PlacedSet,
  size: number,
  over: NonNullable<ReturnType<typeof sumsFor>>,
  scratch: number,
): Promise<Sums> {
  const isWhole = over === "values";
  const args = [Number(isFloat), Number(isWhole), values, set.examples, size, width, scratch];
  await execute({ name: "sums", args });
  const columns = isWhole ? 1 : size;
  const read = (at: number) => new Float64Array(memory.buffer, at, columns).slice();
  return { sums: read(scratch), squares: read(scratch + 8 * width) };
}

/** Into `rows`, too, where that is not 0. `numbers` is the address of (2, d padded) float32: means and deviations. */
async function standardized(
  { execute, arena }: KernelHost,
  { set, values, isFloat, width }: PlacedSet,
  numbers: number,
  rows: number,
): Promise<GroupedSet> {
  const groups = arena.reserve(4 * 8 * Math.ceil(set.examples / 8) * width);
  const args = [Number(isFloat), values, set.examples, width, numbers, set.indices, groups, rows];
  await execute({ name: "standardize", args });
  return { ...set, groups };
}
