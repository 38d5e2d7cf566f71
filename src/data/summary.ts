// What is in a data set: which values, how many examples of each class, features that tell nothing, or number the examples.

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

/** Examples of which an input may number them by chance. */
const BY_CHANCE = 10;

/** Features that number the examples, in whatever order: each example of `sets` together, or of each, has another integer, without a gap. */
export function runningFeatures(sets: readonly LabelledExamples[]): number[] {
  const features = Array.from({ length: sets[0].size }, (_, feature) => feature);
  return features.filter(
    (feature) => isRunning(sets, feature) || sets.every((set) => isRunning([set], feature)),
  );
}

function isRunning(sets: readonly LabelledExamples[], feature: number): boolean {
  const met = new Set<number>();
  const examples = sets.reduce((sum, set) => sum + set.examples, 0);
  let [least, most] = [Infinity, -Infinity];
  for (const { size, values } of sets)
    for (let at = feature; at < values.length; at += size) {
      const value = values[at];
      if (!Number.isInteger(value) || met.has(value)) return false;
      met.add(value);
      [least, most] = [Math.min(least, value), Math.max(most, value)];
      if (most - least >= examples) return false;
    }
  return examples > BY_CHANCE;
}
