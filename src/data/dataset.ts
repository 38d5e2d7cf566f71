// A data set of labelled examples in memory. Knows nothing of where they came from.

import { InputError } from "../base/errors.ts";

/** Labels are bytes. */
const MAX_CLASSES = 256;

/** Examples as their source has them; they are standardized when a trial is trained. */
export interface LabelledExamples {
  /** Number of examples n. */
  readonly examples: number;
  /** Values per example d. */
  readonly size: number;
  /** (n, d), row-major: bytes, or finite float32. */
  readonly values: Uint8Array | Float32Array;
  /** (n), class indices from 0 to classes − 1. */
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly train: LabelledExamples;
  /** Its values are of the same kind as those of `train`. */
  readonly test: LabelledExamples;
  /** By which results name it, of its numbers or its published files (docs/numerics.md); hex. */
  readonly digest: string;
  /** Where examples are images, row by row. Decides nothing of a result, and is no part of the digest. */
  readonly image?: { readonly rows: number; readonly columns: number };
  /** (classes), what its classes are called. Decides nothing of a result, and is no part of the digest. */
  readonly classNames?: readonly string[];
  /** (d), what an example's values are called. Decides nothing of a result, and is no part of the digest. */
  readonly inputNames?: readonly string[];
}

export interface LoadedDataset {
  readonly dataset: Dataset;
  /** In words, where it came from. */
  readonly origin: string;
}

/** Throws InputError where the parts of a data set do not belong together. */
export function checkDataset(dataset: Dataset): void {
  const { name, classes, train, test, image, classNames, inputNames } = dataset;
  const refuse = (what: string): never => {
    throw new InputError(`data set ${name}: ${what}`);
  };
  if (!Number.isInteger(classes) || classes < 1 || classes > MAX_CLASSES)
    refuse(`${classes} classes; expected an integer from 1 to ${MAX_CLASSES}`);
  for (const [set, { examples, size, values, labels }] of [
    ["training", train],
    ["test", test],
  ] as const) {
    for (const [what, count] of [
      ["examples", examples],
      ["values per example", size],
    ] as const)
      if (!Number.isInteger(count) || count < 1)
        refuse(`${count} ${what} in the ${set} set; expected an integer from 1`);
    // Who writes JavaScript may hand over anything.
    if (!isBytes(values) && !isFloats(values))
      refuse(`the values of the ${set} set are neither a Uint8Array nor a Float32Array`);
    if (!isBytes(labels)) refuse(`the labels of the ${set} set are no Uint8Array; expected bytes`);
    for (const [what, { length }, expected] of [
      ["values", values, examples * size],
      ["labels", labels, examples],
    ] as const)
      if (length !== expected) refuse(`${length} ${what} in the ${set} set; expected ${expected}`);
    const odd = isFloats(values) ? firstOdd(values) : -1;
    if (odd >= 0)
      refuse(
        `value ${odd % size} of example ${Math.floor(odd / size)} in the ${set} set is ${values[odd]}; expected a finite number`,
      );
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0)
      refuse(
        `label ${labels[wrong]} of example ${wrong} in the ${set} set; expected 0 to ${classes - 1}`,
      );
  }
  if (train.size !== test.size)
    refuse(
      `${test.size} values per example in the test set; expected ${train.size}, as in the training set`,
    );
  if (isBytes(train.values) !== isBytes(test.values))
    refuse(
      "bytes in one of the training and the test set and float32 in the other; expected the same in both",
    );
  if (classNames && classNames.length !== classes)
    refuse(`${classNames.length} names of classes; expected ${classes}`);
  if (inputNames && inputNames.length !== train.size)
    refuse(
      `${inputNames.length} names of values; expected ${train.size}, one for each of an example`,
    );
  if (image && image.rows * image.columns !== train.size)
    refuse(`images of ${image.rows} × ${image.columns} values; expected ${train.size} an example`);
}

/** Index of the first value that is not finite; −1 where there is none. */
function firstOdd(values: Uint8Array | Float32Array): number {
  // A loop is several times faster than `findIndex`, and there may be hundreds of millions.
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function isBytes(values: unknown): boolean {
  return values instanceof Uint8Array;
}

function isFloats(values: unknown): boolean {
  return values instanceof Float32Array;
}
