// The examples of a trial, standardized, in the kernel's memory. Many trials may read the same ones.

import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { pixelStatistics, standardizeInto } from "../data/standardize.ts";
import { subsetLabels } from "../data/subset.ts";
import type { KernelMemory } from "../kernel/host.ts";
import { paddedInputs } from "../kernel/network.ts";
import type { PixelStatistics } from "../data/standardize.ts";

/** One set as evaluation reads it. */
export interface GroupedSet {
  readonly examples: number;
  /** Address of (⌈n / 8⌉, d padded, 8) float32: eight examples side by side. */
  readonly groups: number;
  /** Address of (n) uint8. */
  readonly labels: number;
}

export interface PreparedExamples {
  readonly train: GroupedSet;
  readonly test: GroupedSet;
  /** Address of (n, d padded) float32: the training examples as training reads them. */
  readonly rows: number;
  free(): void;
}

/** Standardizes the subset (null: all) with its own statistics, and the whole test set with the same. */
export function prepareExamples(
  host: KernelMemory,
  dataset: Dataset,
  subset: Uint32Array | null,
): PreparedExamples {
  const statistics = pixelStatistics(dataset.train, subset);
  const train = placeSet(host, dataset.train, subset, statistics);
  const test = placeSet(host, dataset.test, null, statistics);
  host.arena.free(test.rows);
  return {
    train,
    test,
    rows: train.rows,
    free() {
      for (const address of [train.rows, train.groups, train.labels, test.groups, test.labels])
        host.arena.free(address);
    },
  };
}

function placeSet(
  { memory, arena }: KernelMemory,
  images: LabelledImages,
  indices: Uint32Array | null,
  statistics: PixelStatistics,
): GroupedSet & { readonly rows: number } {
  const values = subsetLabels(images, indices);
  const examples = values.length;
  const width = paddedInputs(images.size);
  const rows = arena.allocate(4 * examples * width);
  const groups = arena.allocate(4 * Math.ceil(examples / 8) * 8 * width);
  const labels = arena.allocate(examples);
  const from = new Float32Array(memory.buffer, rows, examples * width);
  standardizeInto(from, images, indices, statistics, width);
  group(from, new Float32Array(memory.buffer, groups), examples, width);
  new Uint8Array(memory.buffer, labels, examples).set(values);
  return { examples, groups, labels, rows };
}

/** (n, width) row-major to (⌈n / 8⌉, width, 8); `groups` is zeroed. */
function group(rows: Float32Array, groups: Float32Array, examples: number, width: number): void {
  let to = 0;
  for (let first = 0; first < examples; first += 8) {
    const lanes = Math.min(8, examples - first);
    const begin = first * width;
    for (let i = begin; i < begin + width; i++) {
      for (let lane = 0; lane < lanes; lane++) groups[to + lane] = rows[i + lane * width];
      to += 8;
    }
  }
}
