// Wrong labels, nested: whatever the level, an example draws the same numbers, so a higher level adds to the wrong labels
// of a lower one.

import { InputError } from "../base/errors.ts";
import type { LabelNoise } from "../model/trial.ts";
import type { NumpyRandomState } from "../random/numpy.ts";
import type { Dataset } from "./dataset.ts";
import { subsetIndex, subsetLabels } from "./subset.ts";

/** Throws InputError where there is no other class. */
export function checkOtherClass({ name, classes }: Pick<Dataset, "name" | "classes">): void {
  if (classes < 2)
    throw new InputError(`data set ${name} has ${classes} class; label noise needs another one`);
}

/**
 * Labels of the selected training examples (null: all) with noise among them, (n). For each example of the training
 * set, `stream` gives a uniform number and then 32 bits (docs/numerics.md).
 * Throws InputError where there is no other class.
 */
export function noisyLabels(
  dataset: Pick<Dataset, "name" | "classes" | "train">,
  indices: Uint32Array | null,
  noise: LabelNoise,
  stream: Pick<NumpyRandomState, "random" | "randint">,
): Uint8Array {
  checkOtherClass(dataset);
  const { classes, train } = dataset;
  const uniforms = new Float64Array(train.examples);
  const draws = new Uint32Array(train.examples);
  for (let index = 0; index < train.examples; index++) {
    uniforms[index] = stream.random();
    draws[index] = stream.randint(2 ** 32);
  }
  const labels = subsetLabels(train, indices);
  const rows = Uint32Array.from(labels.keys());
  const exampleOf = (row: number) => subsetIndex(train, indices, row);
  if ("share" in noise) {
    const wrong = Math.floor(noise.share * labels.length + 0.5);
    rows.sort((a, b) => {
      const [i, j] = [exampleOf(a), exampleOf(b)];
      return uniforms[i] - uniforms[j] || i - j;
    });
    for (const row of rows.subarray(0, wrong))
      labels[row] = (labels[row] + 1 + (draws[exampleOf(row)] % (classes - 1))) % classes;
  } else
    for (const row of rows) {
      const index = exampleOf(row);
      if (uniforms[index] < noise.probability) labels[row] = draws[index] % classes;
    }
  return labels;
}
