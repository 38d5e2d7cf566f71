// Rates and power laws of made-up searches.

import { expect, test } from "vitest";
import { largestStable, rateLaw } from "./stable-rates.ts";

test("without an unstable rate the largest stable one is infinite, without a stable one it is 0", () => {
  const brackets = [{ low: 1, high: 2 }, { low: 0, high: 1e-8 }, { low: 8192, high: Infinity }]; // prettier-ignore
  const found = brackets.map((one) => largestStable({ ...one, against: [] }));
  expect(found).toEqual([1, 0, Infinity]);
});

test("a law goes through points that have a rate, and needs an axis of positive numbers", () => {
  const exact = [4, 16, 64].map((x) => [x, 3 / Math.sqrt(x)] as const);
  const { law, fitted } = rateLaw([[2, 0], [8, Infinity], ...exact]); // prettier-ignore
  expect(fitted).toBe(3);
  expect(law?.exponent).toBeCloseTo(-0.5, 12);
  expect(law?.factor).toBeCloseTo(3, 12);
  expect(rateLaw([[4, 1], [4, 2]])).toEqual({ law: null, fitted: 2 }); // prettier-ignore
  expect(rateLaw([[0, 1], ...exact]).law).toBeNull();
  expect(rateLaw([["a", 1], ...exact]).law).toBeNull();
  expect(rateLaw([])).toEqual({ law: null, fitted: 0 });
});
