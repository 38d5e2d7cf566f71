// Standardizes inputs: subtracts a mean and divides by a deviation, which a rule takes from a subset.
// The order of every operation is part of the numerics contract (docs/numerics.md).

import { InputError } from "../base/errors.ts";
import type { ExampleChoices } from "../model/trial.ts";
import type { LabelledExamples } from "./dataset.ts";
import { subsetIndex, subsetSize } from "./subset.ts";

/** Added to every standard deviation, as the homework does; rounded to float32. */
const EPSILON = Math.fround(1e-6);

/** A network's inputs are (x − mean) / deviation of an example's values x, every operation rounded to float32. */
export interface Standardization {
  /** (d) */
  readonly mean: Float32Array;
  /** (d): a standard deviation + 1e-6, so 1e-6 of what is the same in all training examples. */
  readonly deviation: Float32Array;
}

/** Of each feature, or of all values together. */
interface Statistics {
  /** (d) or (1), rounded to float32 once. */
  readonly mean: Float32Array;
  /** Unbiased standard deviation, (d) or (1), rounded to float32 once. */
  readonly std: Float32Array;
}

/** Throws InputError where the values are none that a rule is for. */
export function checkRule(
  { values }: LabelledExamples,
  standardize: ExampleChoices["standardize"],
): void {
  if (standardize === "unit" && values instanceof Float32Array)
    throw new InputError(
      "standardize: unit divides bytes by 255, and this data set has float32; take per feature, whole or none",
    );
}

/**
 * What the selected training examples (null: all) give by a rule.
 * @throws InputError for fewer than two values where there are standard deviations, and as `checkRule` does.
 */
export function standardizationOf(
  train: LabelledExamples,
  indices: Uint32Array | null,
  standardize: ExampleChoices["standardize"] = "per feature",
): Standardization {
  checkRule(train, standardize);
  const { size } = train;
  const filled = (value: number) => new Float32Array(size).fill(value);
  switch (standardize) {
    case "per feature": {
      const { mean, std } = featureStatistics(train, indices);
      return { mean, deviation: std.map((s) => s + EPSILON) };
    }
    case "whole": {
      const { mean, std } = statisticsInTwoPasses(train, indices, 1);
      return { mean: filled(mean[0]), deviation: filled(std[0] + EPSILON) };
    }
    case "unit":
      return { mean: filled(0), deviation: filled(255) };
    case "none":
      return { mean: filled(0), deviation: filled(1) };
  }
}

/** Mean and unbiased standard deviation of each feature over the selected examples (null: all). */
export function featureStatistics(set: LabelledExamples, indices: Uint32Array | null): Statistics {
  const { size, values } = set;
  return values instanceof Uint8Array
    ? byteStatistics({ ...set, values }, indices)
    : statisticsInTwoPasses(set, indices, size);
}

/**
 * Mean Σx/n and unbiased standard deviation √((nΣx² − (Σx)²) / (n(n−1))) of each feature. Σx, Σx² and the numerator are
 * integers, exact in float64 up to n = 372181, for n · Σx² ≤ 255² n² < 2^53; so the order of the examples does not
 * matter.
 */
function byteStatistics(
  set: LabelledExamples & { readonly values: Uint8Array },
  indices: Uint32Array | null,
): Statistics {
  const { size, values } = set;
  const n = checkedCount(subsetSize(set, indices));
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let row = 0; row < n; row++) {
    const start = subsetIndex(set, indices, row) * size;
    for (let j = 0; j < size; j++) {
      const x = values[start + j];
      sums[j] += x;
      squares[j] += x * x;
    }
  }
  const mean = sums.map((sum) => sum / n);
  const std = sums.map((sum, j) => Math.sqrt((n * squares[j] - sum * sum) / (n * (n - 1))));
  return { mean: new Float32Array(mean), std: new Float32Array(std) };
}

/**
 * Mean Σx/n and then √(Σ(x − mean)² / (n − 1)) in float64, examples in the selection's order and each one's values
 * from the first: of `columns` columns, d for the features or 1 for all values together.
 */
function statisticsInTwoPasses(
  set: LabelledExamples,
  indices: Uint32Array | null,
  columns: number,
): Statistics {
  const { size, values } = set;
  const rows = subsetSize(set, indices);
  const n = checkedCount((rows * size) / columns);
  const sumOf = (term: (x: number, column: number) => number): Float64Array => {
    const sums = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      const start = subsetIndex(set, indices, row) * size;
      for (let j = 0; j < size; j++) {
        const column = columns === 1 ? 0 : j;
        sums[column] += term(values[start + j], column);
      }
    }
    return sums;
  };
  const mean = sumOf((x) => x).map((sum) => sum / n);
  const squares = sumOf((x, column) => (x - mean[column]) * (x - mean[column]));
  const std = squares.map((sum) => Math.sqrt(sum / (n - 1)));
  return { mean: new Float32Array(mean), std: new Float32Array(std) };
}

function checkedCount(n: number): number {
  if (n >= 2) return n;
  throw new InputError(
    `a standard deviation takes at least 2 training examples, got ${n}; ask for more by dataset.examples or dataset.fraction`,
  );
}

/**
 * Writes (x − mean) / deviation of the selected examples (null: all) into the rows of `out`, every operation rounded
 * to float32. A feature that is constant over the subset has standard deviation 0 and so becomes 0 there.
 *
 * `out` is (n, stride), row-major, of which the first d values of each row are written.
 */
export function standardizeInto(
  out: Float32Array,
  set: LabelledExamples,
  indices: Uint32Array | null,
  { mean, deviation }: Standardization,
  stride: number = set.size, // at least d; more leaves padding between rows
): void {
  const n = subsetSize(set, indices);
  const { size, values } = set;
  if (stride < size || out.length < n * stride) {
    throw new RangeError(
      `${n} rows of ${size} values at a stride of ${stride} do not fit into ${out.length}`,
    );
  }
  for (let row = 0; row < n; row++) {
    const start = subsetIndex(set, indices, row) * size;
    const target = row * stride;
    for (let j = 0; j < size; j++) {
      out[target + j] = Math.fround(values[start + j] - mean[j]) / deviation[j];
    }
  }
}

/**
 * Number of features that are constant over the selected training examples (null: all) and not over the test set:
 * what is added to a standard deviation of 0 makes test inputs of up to 255 / 1e-6 of them.
 */
export function misleadingFeatures(
  train: LabelledExamples,
  indices: Uint32Array | null,
  test: LabelledExamples,
): number {
  const { mean, std } = featureStatistics(train, indices);
  const differs = (j: number) => {
    for (let at = j; at < test.values.length; at += test.size)
      if (test.values[at] !== mean[j]) return true;
    return false;
  };
  return std.filter((value, j) => value === 0 && differs(j)).length;
}
