// Standardizes pixels: subtracts a subset's mean and divides by its standard deviation, pixel by pixel.
// The order of every operation is part of the numerics contract (docs/numerics.md).

import { InputError } from "../base/errors.ts";
import type { LabelledExamples } from "./dataset.ts";
import { subsetIndex, subsetSize } from "./subset.ts";

/** Added to every standard deviation, as the homework does; rounded to float32. */
const EPSILON = Math.fround(1e-6);

export interface PixelStatistics {
  /** (d), rounded to float32 once. */
  readonly mean: Float32Array;
  /** Unbiased standard deviation, (d), rounded to float32 once. */
  readonly std: Float32Array;
}

/**
 * Mean Σx/n and unbiased standard deviation √((nΣx² − (Σx)²) / (n(n−1))) of each pixel over the selected
 * examples (null: all). Σx, Σx² and the numerator are integers, exact in float64 up to n = 372181, for
 * n · Σx² ≤ 255² n² < 2^53; so the order of the examples does not matter.
 * @throws InputError for fewer than two examples.
 */
export function pixelStatistics(
  images: LabelledExamples,
  indices: Uint32Array | null,
): PixelStatistics {
  const n = subsetSize(images, indices);
  if (n < 2) {
    throw new InputError(`a standard deviation takes at least 2 training examples, got ${n}`);
  }
  const { size, values } = images;
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let row = 0; row < n; row++) {
    const start = subsetIndex(images, indices, row) * size;
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

/** What pixels are divided by: std + 1e-6 in float32, (d). */
export function divisors({ std }: PixelStatistics): Float32Array {
  return std.map((s) => s + EPSILON);
}

/**
 * Writes (x − mean) / (std + 1e-6) of the selected examples (null: all) into the rows of `out`, every
 * operation rounded to float32. A pixel that is constant over the subset has std 0 and so becomes 0 there.
 *
 * `out` is (n, stride), row-major, of which the first d values of each row are written.
 */
export function standardizeInto(
  out: Float32Array,
  images: LabelledExamples,
  indices: Uint32Array | null,
  statistics: PixelStatistics,
  stride: number = images.size, // at least d; more leaves padding between rows
): void {
  const n = subsetSize(images, indices);
  const { size, values } = images;
  if (stride < size || out.length < n * stride) {
    throw new RangeError(
      `${n} rows of ${size} values at a stride of ${stride} do not fit into ${out.length}`,
    );
  }
  const { mean } = statistics;
  const divisor = divisors(statistics);
  for (let row = 0; row < n; row++) {
    const start = subsetIndex(images, indices, row) * size;
    const target = row * stride;
    for (let j = 0; j < size; j++) {
      out[target + j] = Math.fround(values[start + j] - mean[j]) / divisor[j];
    }
  }
}

/**
 * Number of pixels that are constant over the selected training examples (null: all) and not over the test set:
 * what is added to a standard deviation of 0 makes test inputs of up to 255 / 1e-6 of them.
 */
export function misleadingPixels(
  train: LabelledExamples,
  indices: Uint32Array | null,
  test: LabelledExamples,
): number {
  const { mean, std } = pixelStatistics(train, indices);
  const differs = (j: number) => {
    for (let at = j; at < test.values.length; at += test.size)
      if (test.values[at] !== mean[j]) return true;
    return false;
  };
  return std.filter((value, j) => value === 0 && differs(j)).length;
}
