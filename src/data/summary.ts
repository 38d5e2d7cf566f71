// What is in a data set: which values, how many examples of each class, features that tell nothing.

import type { LabelledExamples } from "./dataset.ts";

export interface SetSummary {
  readonly examples: number;
  /** Values of an example. */
  readonly size: number;
  /** Of all values. */
  readonly smallest: number;
  readonly largest: number;
  /** (C), examples of each class. */
  readonly classes: readonly number[];
}

export function summary(
  { examples, size, values, labels }: LabelledExamples,
  classes: number,
): SetSummary {
  let smallest = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const counts = Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return { examples, size, smallest, largest, classes: counts };
}

/** Features that have the same value in all examples, ascending. */
export function constantFeatures({ size, values }: LabelledExamples): number[] {
  const constant = Array.from({ length: size }, (_, feature) => feature);
  return constant.filter((feature) => {
    for (let at = feature; at < values.length; at += size)
      if (values[at] !== values[feature]) return false;
    return true;
  });
}
