// What generated data sets share: their limits, their split, their streams.

import { InputError } from "../../base/errors.ts";
import { integers, number } from "../../base/fields.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { namedStream } from "../../random/named.ts";
import type { NumpyRandomState } from "../../random/numpy.ts";
import { LARGEST_SEED_32 } from "../../random/seed.ts";
import type { Undigested } from "../digest.ts";

/** Values that a set may have, or may be made of: 1 GiB of float32. */
export const MAX_VALUES = 2 ** 28;

/** A setting that is an integer in these bounds. */
export function integer(from: number, to: number) {
  return number(`an integer from ${from} to ${to}`, integers(from, to));
}

/** The data's own seed, whatever a trial's is. */
export const SEED = integer(0, LARGEST_SEED_32);

/** The error of settings that make no data set. */
export function refusal(name: string, problem: string): InputError {
  return new InputError(`data set ${name}: ${problem}`);
}

/** Throws InputError where a set would be empty or too large for memory; `size` is values an example. */
export function checkSizes(name: string, train: number, test: number, size: number): void {
  if (train === 0 || test === 0)
    throw refusal(
      name,
      `${train} training and ${test} test examples; expected at least one of each`,
    );
  if ((train + test) * size > MAX_VALUES)
    throw refusal(
      name,
      `${train + test} examples of ${size} values; expected at most ${MAX_VALUES} values altogether`,
    );
}

/** Both sets from all examples, of which the first `train` are for training; values (n, size), labels (n). */
export function split(
  values: Uint8Array | Float32Array,
  labels: Uint8Array,
  train: number,
): Pick<Undigested, "train" | "test"> {
  const size = values.length / labels.length;
  const part = (from: number, to: number) => ({
    examples: to - from,
    size,
    values: values.subarray(from * size, to * size),
    labels: labels.subarray(from, to),
  });
  return { train: part(0, train), test: part(train, labels.length) };
}

/** The stream `widthwise/1/0/<seed>/data/<what>`. */
export function dataStream(sha256: Sha256, seed: number, what: string): NumpyRandomState {
  return namedStream(sha256, 0, seed, `data/${what}`);
}
