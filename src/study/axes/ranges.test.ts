// The points of ranges: written out, and against the definition.

import { expect, test } from "vitest";
import { askedPoints, mapRange, pointsOf, refinedPoints, type Range } from "./ranges.ts";

test.each<[string, Range, readonly number[]]>([
  [
    "log",
    { scale: "log", from: 0.001, to: 1, points: 13 },
    // numpy: [float(f"{x:.6g}") for x in np.logspace(-3, 0, 13)]
    [
      ...[0.001, 0.00177828, 0.00316228, 0.00562341, 0.01, 0.0177828, 0.0316228],
      ...[0.0562341, 0.1, 0.177828, 0.316228, 0.562341, 1],
    ],
  ],
  ["linear", { scale: "linear", from: 0, to: 0.3, points: 4 }, [0, 0.1, 0.2, 0.3]],
  ["linear through 0", { scale: "linear", from: -1, to: 1, points: 3 }, [-1, 0, 1]],
  ["log2", { scale: "log2", from: 1, to: 1024 }, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]],
  ["log2 below 1", { scale: "log2", from: 0.1, to: 0.6 }, [0.125, 0.25, 0.5]],
])("%s", (_, range, points) => {
  expect(pointsOf(range, false)).toEqual(points);
});

test("ends and points have six digits, powers of two all of theirs", () => {
  const ends = { from: 0.12345678, to: 9.87654321 };
  expect(pointsOf({ scale: "log", ...ends, points: 2 }, false)).toEqual([0.123457, 9.87654]);
  expect(pointsOf({ scale: "log2", from: 2 ** 20, to: 2 ** 20 }, false)).toEqual([1048576]);
});

test("on integers points are rounded, and those that coincide are one", () => {
  const range: Range = { scale: "log", from: 1, to: 8, points: 7 };
  // 1, 1.41, 2, 2.83, 4, 5.66, 8
  expect(pointsOf(range, true)).toEqual([1, 2, 3, 4, 6, 8]);
  expect(askedPoints(range)).toBe(7);
  const [zero] = refinedPoints({ scale: "linear", from: -0.4, to: 0.6, points: 2 }, 0, true);
  expect(zero).toBe(0);
});

test("a map's ends and points have twelve digits, and powers of two are some of its points", () => {
  const ends = { from: 0.12345678901234, to: 9.8765432109876 };
  const range = mapRange({ scale: "log", ...ends, points: 3 });
  expect([range.from, range.to]).toEqual([0.123456789012, 9.87654321099]);
  // Python: [float(f"{a * (b / a) ** (i / 4):.12g}") for i in range(5)]
  const five = [0.123456789012, 0.369221918807, 1.10423109509, 3.30242125199, 9.87654321099];
  expect(refinedPoints(range, 1, false)).toEqual(five);
  expect(mapRange({ scale: "log2", from: 1, to: 9 })).toEqual({ scale: "log", from: 1, to: 8, points: 4 }); // prettier-ignore
  expect(refinedPoints({ scale: "log", from: 1, to: 8, points: 4 }, 0, false)).toEqual([1, 2, 4, 8]); // prettier-ignore
});

test("a map's point is the same number at every refinement", () => {
  for (const scale of ["linear", "log"] as const) {
    const range = { scale, from: 0.0123, to: 987.6, points: 7 };
    const finest = refinedPoints(range, 7, false);
    expect(new Set(finest).size).toBe(6 * 2 ** 7 + 1);
    for (const refine of [0, 1, 4])
      expect(refinedPoints(range, refine, false)).toEqual(
        finest.filter((_, index) => index % 2 ** (7 - refine) === 0),
      );
    expect(pointsOf(range, false, 12)).toEqual(refinedPoints(range, 0, false));
  }
});

test("on integers a map's points are rounded, and may repeat", () => {
  const range = { scale: "log", from: 1, to: 4, points: 3 } as const;
  expect(refinedPoints(range, 1, true)).toEqual([1, 1, 2, 3, 4]);
});
