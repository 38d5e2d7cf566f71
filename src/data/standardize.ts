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

/** What statistics are made of, in float64. */
export interface Sums {
  /** Σx, (d) or (1). */
  readonly sums: Float64Array;
  /** Σ(x − mean)², (d) or (1); of each feature of bytes Σx². */
  readonly squares: Float64Array;
}

/** Sums over selected examples: of each feature, or of all values together. */
type Over = "features" | "values";

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

/** What a rule needs sums over; null where it needs none. */
export function sumsFor(standardize: ExampleChoices["standardize"]): Over | null {
  if (standardize === "unit" || standardize === "none") return null;
  return standardize === "whole" ? "values" : "features";
}

/**
 * What the selected training examples (null: all) give by a rule. Sums that `sumsFor` names are taken here where they are
 * not given.
 * @throws InputError for fewer than two values where there are standard deviations, and as `checkRule` does.
 */
export function standardizationOf(
  train: LabelledExamples,
  indices: Uint32Array | null,
  standardize?: ExampleChoices["standardize"],
  given?: Sums,
): Standardization {
  checkRule(train, standardize);
  const filled = (value: number) => new Float32Array(train.size).fill(value);
  const over = sumsFor(standardize);
  if (over === null)
    return { mean: filled(0), deviation: filled(standardize === "unit" ? 255 : 1) };
  const { mean, std } = statistics(train, indices, over, given);
  const deviation = std.map((s) => s + EPSILON);
  return over === "features"
    ? { mean, deviation }
    : { mean: filled(mean[0]), deviation: filled(deviation[0]) };
}

/** Mean and unbiased standard deviation of each feature over the selected examples (null: all). */
export function featureStatistics(set: LabelledExamples, indices: Uint32Array | null): Statistics {
  return statistics(set, indices, "features");
}

/**
 * Mean Σx/n and √(Σ(x − mean)² / (n − 1)); of each feature of bytes √((nΣx² − (Σx)²) / (n(n−1))): there Σx, Σx² and the
 * numerator are integers, exact in float64 up to n = 372181, for n · Σx² ≤ 255² n² < 2^53; so the order of the examples
 * does not matter.
 */
function statistics(
  set: LabelledExamples,
  indices: Uint32Array | null,
  over: Over,
  given?: Sums,
): Statistics {
  const rows = subsetSize(set, indices);
  const n = checkedCount(over === "features" ? rows : rows * set.size);
  const { sums, squares } = given ?? sumsOf(set, indices, over, n);
  const mean = sums.map((sum) => sum / n);
  const std = squares.map((square, j) =>
    isExact(set, over)
      ? Math.sqrt((n * square - sums[j] * sums[j]) / (n * (n - 1)))
      : Math.sqrt(square / (n - 1)),
  );
  return { mean: new Float32Array(mean), std: new Float32Array(std) };
}

function isExact({ values }: LabelledExamples, over: Over): boolean {
  return over === "features" && values instanceof Uint8Array;
}

/** Examples in the selection's order and each one's values from the first. The kernel's `sums` is its fast twin. */
function sumsOf(set: LabelledExamples, indices: Uint32Array | null, over: Over, n: number): Sums {
  const { size, values } = set;
  const examples = subsetSize(set, indices);
  const columns = over === "features" ? size : 1;
  const mask = over === "features" ? -1 : 0;
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const exact = isExact(set, over);
  for (let row = 0; row < examples; row++) {
    const start = subsetIndex(set, indices, row) * size;
    for (let j = 0; j < size; j++) {
      const x = values[start + j];
      sums[j & mask] += x;
      if (exact) squares[j & mask] += x * x;
    }
  }
  if (exact) return { sums, squares };
  const mean = sums.map((sum) => sum / n);
  for (let row = 0; row < examples; row++) {
    const start = subsetIndex(set, indices, row) * size;
    for (let j = 0; j < size; j++) {
      const distance = values[start + j] - mean[j & mask];
      squares[j & mask] += distance * distance;
    }
  }
  return { sums, squares };
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
