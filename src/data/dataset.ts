// A labelled image data set in memory, as its files hold it. Knows nothing of where they came from.

import { InputError } from "../base/errors.ts";

/** Labels are bytes. */
const MAX_CLASSES = 256;

/** Images as bytes: grey values from 0 to 255, which are standardized when a trial is trained. */
export interface LabelledImages {
  /** Number of examples n. */
  readonly examples: number;
  /** Values per example d (rows × columns). */
  readonly size: number;
  /** (n, d), row-major; values are bytes, 0 to 255. */
  readonly pixels: Uint8Array;
  /** (n), class indices from 0 to classes − 1. */
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly name: string;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 over the SHA-256 digests of its files in the order of their names' list; hex. */
  readonly digest: string;
}

/** Throws InputError where the parts of a data set do not belong together. */
export function checkDataset({ name, classes, train, test }: Dataset): void {
  const refuse = (what: string): never => {
    throw new InputError(`data set ${name}: ${what}`);
  };
  if (!Number.isInteger(classes) || classes < 1 || classes > MAX_CLASSES)
    refuse(`${classes} classes; expected an integer from 1 to ${MAX_CLASSES}`);
  for (const [set, images] of [
    ["training", train],
    ["test", test],
  ] as const) {
    const { examples, size, pixels, labels } = images;
    for (const [what, count] of [
      ["examples", examples],
      ["values per example", size],
    ] as const)
      if (!Number.isInteger(count) || count < 1)
        refuse(`${count} ${what} in the ${set} set; expected an integer from 1`);
    for (const [what, values, length] of [
      ["pixels", pixels, examples * size],
      ["labels", labels, examples],
    ] as const) {
      // Who writes JavaScript may hand over anything.
      if (!((values as unknown) instanceof Uint8Array))
        refuse(`the ${what} of the ${set} set are no Uint8Array; expected bytes`);
      if (values.length !== length)
        refuse(`${values.length} ${what} in the ${set} set; expected ${length}`);
    }
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
}
