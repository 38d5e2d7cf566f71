import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import type { LabelledExamples } from "./dataset.ts";
import { pixelStatistics, standardizeInto, misleadingPixels } from "./standardize.ts";
import { subsetLabels } from "./subset.ts";

function images(rows: number[][], labels = rows.map((_, i) => i % 10)): LabelledExamples {
  return {
    examples: rows.length,
    size: rows[0].length,
    values: Uint8Array.from(rows.flat()),
    labels: Uint8Array.from(labels),
  };
}

describe("pixelStatistics", () => {
  test("mean and unbiased standard deviation of each pixel", () => {
    const { mean, std } = pixelStatistics(
      images([
        [1, 10],
        [2, 10],
        [6, 40],
      ]),
      null,
    );
    expect([...mean]).toEqual([3, 20]);
    expect([...std]).toEqual([Math.fround(Math.sqrt(7)), Math.fround(Math.sqrt(300))]);
  });

  test("over the selected examples alone, in any order", () => {
    const all = images([[1], [99], [2], [6]]);
    const selected = pixelStatistics(all, Uint32Array.of(0, 2, 3));
    expect(selected).toEqual(pixelStatistics(images([[6], [1], [2]]), null));
  });

  test("sums are exact: the numerator is the one of exact integers", () => {
    const column = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 400 });
    fc.assert(
      fc.property(column, (xs) => {
        const n = BigInt(xs.length);
        const sum = xs.reduce((total, x) => total + BigInt(x), 0n);
        const squares = xs.reduce((total, x) => total + BigInt(x * x), 0n);
        const variance = Number(n * squares - sum * sum) / Number(n * (n - 1n));
        const { mean, std } = pixelStatistics(images(xs.map((x) => [x])), null);
        expect(mean[0]).toBe(Math.fround(Number(sum) / Number(n)));
        expect(std[0]).toBe(Math.fround(Math.sqrt(variance)));
      }),
    );
  });

  test("are exact at the largest number of examples that is promised", () => {
    // One 254 among 255s: Σx and nΣx² − (Σx)² = n − 1 lose their last digits first.
    const n = 372181;
    const values = new Uint8Array(n).fill(255);
    values[7] = 254;
    const all = { examples: n, size: 1, values, labels: new Uint8Array(n) };
    expect(pixelStatistics(all, null).std[0]).toBe(Math.fround(Math.sqrt(1 / n)));
  });

  test("fewer than two examples have no deviation", () => {
    expect(() => pixelStatistics(images([[1], [2]]), Uint32Array.of(1))).toThrow(InputError);
    expect(() => pixelStatistics(images([[1], [2]]), Uint32Array.of(1))).toThrow("got 1");
  });

  test("an index beyond the set is a bug, not a zero", () => {
    expect(() => pixelStatistics(images([[1], [2]]), Uint32Array.of(0, 2))).toThrow(RangeError);
  });
});

describe("standardizeInto", () => {
  const byte = fc.integer({ min: 0, max: 255 });

  test("rounds every operation to float32", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(byte, byte), { minLength: 2, maxLength: 50 }), (rows) => {
        const all = images(rows);
        const statistics = pixelStatistics(all, null);
        const out = new Float32Array(rows.length * 2);
        standardizeInto(out, all, null, statistics);
        const f = Math.fround;
        const expected = rows.flatMap((row) =>
          row.map((x, j) => f(f(x - statistics.mean[j]) / f(statistics.std[j] + f(0.000001)))),
        );
        expect([...out]).toEqual(expected);
      }),
    );
  });

  test("adds 1e-6 as a float32", () => {
    // A deviation so small that the rounding of 1e-6 itself shows in the sum.
    const std = Float32Array.of(0.0000010000003385357559);
    const out = new Float32Array(1);
    standardizeInto(out, images([[1]]), null, { mean: Float32Array.of(0), std });
    expect(out[0]).toBe(Math.fround(1 / 0.000002000000222324161));
  });

  test("a constant pixel becomes 0, and in other examples a large number", () => {
    const train = images([[7], [7]]);
    const statistics = pixelStatistics(train, null);
    const out = new Float32Array(2);
    standardizeInto(out, train, null, statistics);
    expect([...out]).toEqual([0, 0]);
    standardizeInto(out, images([[8], [7]]), null, statistics);
    expect(out[0]).toBe(Math.fround(1 / Math.fround(1e-6)));
  });

  test("writes the selected rows at the stride and nothing between them", () => {
    const all = images([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const out = new Float32Array(7).fill(9);
    const statistics = { mean: Float32Array.of(0, 0), std: Float32Array.of(1, 1) };
    standardizeInto(out, all, Uint32Array.of(2, 0), statistics, 3);
    const scale = Math.fround(1 + Math.fround(1e-6));
    const [a, b, c, d] = [5, 6, 1, 2].map((x) => Math.fround(x / scale));
    expect([...out]).toEqual([a, b, 9, c, d, 9, 9]);
  });

  test("refuses a target that is too small", () => {
    const all = images([
      [1, 2],
      [3, 4],
    ]);
    const statistics = pixelStatistics(all, null);
    for (const [length, stride] of [
      [3, 2],
      [4, 1],
    ]) {
      expect(() => {
        standardizeInto(new Float32Array(length), all, null, statistics, stride);
      }).toThrow(RangeError);
    }
  });
});

test("subsetLabels follows the indices", () => {
  const all = images([[0], [0], [0]], [4, 5, 6]);
  expect([...subsetLabels(all, Uint32Array.of(2, 0))]).toEqual([6, 4]);
  expect([...subsetLabels(all, null)]).toEqual([4, 5, 6]);
  expect(() => subsetLabels(all, Uint32Array.of(3))).toThrow(RangeError);
});

test("counts pixels that are constant in the subset and not in the test set", () => {
  const set = (...rows: number[][]) => ({
    examples: rows.length,
    size: 3,
    values: Uint8Array.from(rows.flat()),
    labels: new Uint8Array(rows.length),
  });
  const train = set([0, 7, 1], [0, 7, 2], [9, 9, 9]);
  // The first pixel is constant in both, the second in the subset alone, the third in neither.
  const test = set([0, 7, 3], [0, 8, 4]);
  expect(misleadingPixels(train, Uint32Array.of(0, 1), test)).toBe(1);
  expect(misleadingPixels(train, null, test)).toBe(0);
});
