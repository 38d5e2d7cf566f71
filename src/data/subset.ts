// The examples that a trial sees: all of a set, or those that a list of indices names, in its order.

import type { Part } from "../model/trial.ts";
import type { LabelledExamples } from "./dataset.ts";

/**
 * Places of part `index` of `of` among `examples` that are permuted: from the first up to, and without, the second.
 * Exact for up to 2²⁰ parts of up to 2³² examples.
 */
export function partPlaces({ of, index }: Part, examples: number): [number, number] {
  return [Math.floor((index * examples) / of), Math.floor(((index + 1) * examples) / of)];
}

/** Number of examples that a trial's subset is drawn from: of a part's, or of all. */
export function availableExamples(part: Part | undefined, examples: number): number {
  if (part === undefined) return examples;
  const [from, to] = partPlaces(part, examples);
  return to - from;
}

/** Number of examples that `indices` selects; null selects all of them. */
export function subsetSize(images: LabelledExamples, indices: Uint32Array | null): number {
  return indices === null ? images.examples : indices.length;
}

/**
 * Which example is the selection's row `row`.
 * @throws RangeError where there is no such example.
 */
export function subsetIndex(
  images: LabelledExamples,
  indices: Uint32Array | null,
  row: number,
): number {
  const index = indices === null ? row : indices[row];
  // Negated, since a row past the end of the indices is undefined.
  if (!(index < images.examples)) {
    throw new RangeError(`row ${row} of a subset is example ${index} of ${images.examples}`);
  }
  return index;
}

/** Labels of the selected examples, (n). */
export function subsetLabels(images: LabelledExamples, indices: Uint32Array | null): Uint8Array {
  const labels = new Uint8Array(subsetSize(images, indices));
  for (let row = 0; row < labels.length; row++) {
    labels[row] = images.labels[subsetIndex(images, indices, row)];
  }
  return labels;
}
