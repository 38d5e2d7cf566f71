// Splits a test set off where a file has one set of examples. Which examples it gets is part of the numerics contract.

import { InputError } from "../base/errors.ts";
import type { Sha256 } from "../base/sha256.ts";
import { namedStream } from "../random/named.ts";
import type { RawDataset, RawExamples } from "./formats/raw.ts";

export interface TestShare {
  /** Between 0 and 1. */
  readonly share: number;
  readonly seed: number;
}

/**
 * The first ⌊share · n + ½⌋ of a permutation of the n examples, by the stream `widthwise/1/<seed>/0/test-split`, are the
 * test set, the others the training set; both in the file's order. The training set stays where it is in memory.
 * @throws InputError unless that leaves 2 training examples and 1 test example.
 */
export function splitOff(
  { values, labels }: RawExamples,
  { share, seed }: TestShare,
  what: string,
  sha256: Sha256,
): RawDataset {
  const n = labels.length;
  const d = values.length / n;
  const m = Math.floor(share * n + 0.5);
  if (!(m >= 1 && m <= n - 2))
    throw new InputError(
      `a test share of ${share} makes ${m} of the ${n} examples in ${what} the test set; expected at least 1, and 2 for training`,
    );
  const isTest = new Uint8Array(n);
  for (const index of namedStream(sha256, seed, 0, "test-split").choiceWithoutReplacement(n, m))
    isTest[index] = 1;
  const test = { values: values.slice(0, m * d), labels: new Uint8Array(m) };
  let [train, tests] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (isTest[i] === 1) {
      test.values.set(values.subarray(i * d, (i + 1) * d), tests * d);
      test.labels[tests++] = labels[i];
    } else {
      values.copyWithin(train * d, i * d, (i + 1) * d);
      labels[train++] = labels[i];
    }
  }
  return {
    train: { values: values.subarray(0, train * d), labels: labels.subarray(0, train) },
    test,
  };
}
