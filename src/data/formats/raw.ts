// What every format's reader gives: examples and labels as the file has them, before they are one data set.

import type { Dataset } from "../dataset.ts";
import type { Values } from "./value-collector.ts";

export interface RawExamples {
  /** (n, d), row-major. */
  readonly values: Values;
  /** (n). */
  readonly labels: Uint8Array;
}

export interface RawDataset {
  readonly train: RawExamples;
  readonly test: RawExamples;
  readonly image?: NonNullable<Dataset["image"]>;
  /** Where labels are words. */
  readonly classNames?: readonly string[];
  /** Where columns have names. */
  readonly inputNames?: readonly string[];
}

/** The image that an example of an array of this `shape` is: (n, rows, columns) or (n, rows, columns, 1). */
export function imageOf(shape: readonly number[]): Pick<RawDataset, "image"> {
  const [, rows, columns, ...channels] = shape;
  return shape.length < 3 || channels.some((size) => size !== 1)
    ? {}
    : { image: { rows, columns } };
}
