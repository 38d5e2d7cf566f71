import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import type { LabelledExamples } from "./dataset.ts";
import {
  featureStatistics,
  misleadingFeatures,
  standardizationOf,
  standardizeInto,
} from "./standardize.ts";
import { availableExamples, partPlaces, subsetLabels } from "./subset.ts";

function images(rows: number[][], labels = rows.map((_, i) => i % 10)): LabelledExamples {
  return {
    examples: rows.length,
    size: rows[0].length,
    values: Uint8Array.from(rows.flat()),
    labels: Uint8Array.from(labels),
  };
}

function floats(rows: number[][]): LabelledExamples {
  return { ...images(rows), values: Float32Array.from(rows.flat()) };
}

/** Half of the distance between two values, so that adding 1e-6 before rounding it to float32 would show. */
const ADDED = Math.fround(1.4e-7);

describe("featureStatistics", () => {
  test("mean and unbiased standard deviation of each pixel", () => {
    const { mean, std } = featureStatistics(
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
    const selected = featureStatistics(all, Uint32Array.of(0, 2, 3));
    expect(selected).toEqual(featureStatistics(images([[6], [1], [2]]), null));
  });

  test("sums are exact: the numerator is the one of exact integers", () => {
    const column = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 400 });
    fc.assert(
      fc.property(column, (xs) => {
        const n = BigInt(xs.length);
        const sum = xs.reduce((total, x) => total + BigInt(x), 0n);
        const squares = xs.reduce((total, x) => total + BigInt(x * x), 0n);
        const variance = Number(n * squares - sum * sum) / Number(n * (n - 1n));
        const { mean, std } = featureStatistics(images(xs.map((x) => [x])), null);
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
    expect(featureStatistics(all, null).std[0]).toBe(Math.fround(Math.sqrt(1 / n)));
  });

  test("of floats: the mean is rounded after the squares were taken around it", () => {
    const { mean, std } = featureStatistics(floats([[16777214], [16777215]]), null);
    expect([...mean, ...std]).toEqual([16777214, Math.fround(Math.SQRT1_2)]);
  });

  test("of floats: each feature has its own, and squares are of what differs from the mean", () => {
    const rows = [
      [16777214, 1],
      [16777215, 3],
      [16777215, 8],
    ];
    expect(featureStatistics(floats(rows), null)).toEqual({
      mean: Float32Array.of(16777214 + 2 / 3, 4),
      std: Float32Array.of(Math.sqrt(1 / 3), Math.sqrt(13)),
    });
  });

  test("of floats: examples are added in the order of the subset", () => {
    const all = floats([[2 ** 53], [-(2 ** 53)], [1]]);
    const mean = (...order: number[]) => featureStatistics(all, Uint32Array.from(order)).mean[0];
    expect([mean(0, 1, 2), mean(0, 2, 1)]).toEqual([Math.fround(1 / 3), 0]);
  });

  test("fewer than two examples have no deviation", () => {
    expect(() => featureStatistics(images([[1], [2]]), Uint32Array.of(1))).toThrow(InputError);
    expect(() => featureStatistics(images([[1], [2]]), Uint32Array.of(1))).toThrow("got 1");
  });

  test("an index beyond the set is a bug, not a zero", () => {
    expect(() => featureStatistics(images([[1], [2]]), Uint32Array.of(0, 2))).toThrow(RangeError);
  });
});

describe("standardizationOf", () => {
  test("whole: one mean and one deviation of all values, example by example", () => {
    const all = floats([
      [2 ** 53, 1],
      [-(2 ** 53), 1],
      [3, 5],
    ]);
    expect(standardizationOf(all, Uint32Array.of(2), "whole")).toEqual({
      mean: Float32Array.of(4, 4),
      deviation: new Float32Array(2).fill(Math.fround(Math.SQRT2) + Math.fround(1e-6)),
    });
    // The first 1 is lost beside 2⁵³, the second is not.
    expect(standardizationOf(all, Uint32Array.of(0, 1), "whole").mean[0]).toBe(0.25);
  });

  test("unit and none take nothing from the subset, were it a single example", () => {
    const one = Uint32Array.of(0);
    const unit = standardizationOf(images([[51], [0]]), one, "unit");
    expect(unit).toEqual({ mean: Float32Array.of(0), deviation: Float32Array.of(255) });
    const none = standardizationOf(floats([[0.1], [0]]), one, "none");
    expect(none).toEqual({ mean: Float32Array.of(0), deviation: Float32Array.of(1) });
    const out = new Float32Array(1);
    standardizeInto(out, floats([[0.1], [0]]), one, none);
    expect(out[0]).toBe(Math.fround(0.1));
  });

  test("unit is of bytes alone", () => {
    expect(() => standardizationOf(floats([[1], [2]]), null, "unit")).toThrow(
      "standardize: unit divides bytes by 255, and this data set has float32; take per feature, whole or none",
    );
  });
});

describe("standardizeInto", () => {
  const byte = fc.integer({ min: 0, max: 255 });

  test("rounds every operation to float32", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(byte, byte), { minLength: 2, maxLength: 50 }), (rows) => {
        const all = images(rows);
        const { mean, std } = featureStatistics(all, null);
        const out = new Float32Array(rows.length * 2);
        standardizeInto(out, all, null, standardizationOf(all, null));
        const f = Math.fround;
        const expected = rows.flatMap((row) =>
          row.map((x, j) => f(f(x - mean[j]) / f(std[j] + f(0.000001)))),
        );
        expect([...out]).toEqual(expected);
      }),
    );
  });

  test("adds 1e-6 as a float32", () => {
    // A deviation so small that the rounding of 1e-6 itself shows in the sum.
    const x = ADDED;
    const { deviation } = standardizationOf(floats([[x], [-x]]), null);
    const std = Math.fround(Math.sqrt(2 * x * x));
    expect(deviation[0]).toBe(Math.fround(std + Math.fround(1e-6)));
    expect(deviation[0]).not.toBe(Math.fround(std + 1e-6));
  });

  test("a constant pixel becomes 0, and in other examples a large number", () => {
    const train = images([[7], [7]]);
    const inputs = standardizationOf(train, null);
    const out = new Float32Array(2);
    standardizeInto(out, train, null, inputs);
    expect([...out]).toEqual([0, 0]);
    standardizeInto(out, images([[8], [7]]), null, inputs);
    expect(out[0]).toBe(Math.fround(1 / Math.fround(1e-6)));
  });

  test("writes the selected rows at the stride and nothing between them", () => {
    const all = images([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const out = new Float32Array(7).fill(9);
    const inputs = { mean: Float32Array.of(1, 2), deviation: Float32Array.of(2, 4) };
    standardizeInto(out, all, Uint32Array.of(2, 0), inputs, 3);
    expect([...out]).toEqual([2, 1, 9, 0, 0, 9, 9]);
  });

  test("refuses a target that is too small", () => {
    const all = images([
      [1, 2],
      [3, 4],
    ]);
    const inputs = standardizationOf(all, null);
    for (const [length, stride] of [
      [3, 2],
      [4, 1],
    ]) {
      expect(() => {
        standardizeInto(new Float32Array(length), all, null, inputs, stride);
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

test("parts hold every example once, and as many as each other but for one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(100), (of, examples) => {
      const parts = Array.from({ length: of }, (_, index) => ({ of, index }));
      const places = parts.map((part) => partPlaces(part, examples));
      expect(places.map(([from]) => from)).toEqual([0, ...places.slice(0, -1).map(([, to]) => to)]);
      expect(places.at(-1)?.[1]).toBe(examples);
      const sizes = parts.map((part) => availableExamples(part, examples));
      expect(sizes).toEqual(places.map(([from, to]) => to - from));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
  expect(availableExamples(undefined, 7)).toBe(7);
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
  expect(misleadingFeatures(train, Uint32Array.of(0, 1), test)).toBe(1);
  expect(misleadingFeatures(train, null, test)).toBe(0);
});
