// The examples that a trial sees: all of a set, or those that a list of indices names, in its order.

import type { LabelledExamples } from "./dataset.ts";

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
