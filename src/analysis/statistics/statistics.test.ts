// Intervals against SciPy's (test/reference/make-statistics.py), and what is true of every one of them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import reference from "../../../test/reference/statistics.json" with { type: "json" };
import { sha256 } from "../../base/sha256.node.ts";
import { namedStream } from "../../random/named.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { atLeast, normalBound, studentBound } from "./distributions.ts";
import type { Interval } from "./interval.ts";
import { meanDifference } from "./mean.ts";
import { medianInterval } from "./median-interval.ts";
import { fitPowerLaw } from "./power-law.ts";
import { exactInterval, wilsonInterval } from "./share.ts";

/** To eleven digits of the larger end. */
function expectInterval({ low, high }: Interval, wanted: readonly number[]): void {
  const tolerance = 1e-11 * Math.max(...wanted.map(Math.abs));
  expect(Math.abs(low - wanted[0])).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(high - wanted[1])).toBeLessThanOrEqual(tolerance);
}

describe("SciPy's", () => {
  test.each(reference.shares)("shares: $k of $n at $level", ({ k, n, level, wilson, exact }) => {
    expectInterval(wilsonInterval(k, n, level), wilson);
    expectInterval(exactInterval(k, n, level), exact);
  });

  test("medians", () => {
    for (const { values, median, at } of reference.medians)
      for (const { level, kind, interval, coverage } of at) {
        const found = medianInterval(values, level);
        const [low, high] = interval;
        expect(found).toMatchObject({ median, kind, low, high, level });
        expect(found.coverage).toBeCloseTo(coverage, 12);
      }
  });

  test.each(reference.bootstraps)("bootstraps: of study $study_seed", (made) => {
    const { study_seed, level, values, mean, largest } = made;
    const interval = (statistic: (drawn: number[]) => number) =>
      bootstrapInterval(
        values.length,
        (units) => statistic(Array.from(units, (unit) => values[unit])),
        namedStream(sha256, study_seed, 0, "bootstrap"),
        level,
      );
    expectInterval(
      interval((drawn) => drawn.reduce((sum, value) => sum + value, 0) / drawn.length),
      mean,
    );
    expect(interval((drawn) => Math.max(...drawn))).toEqual({
      ...{ low: largest[0], high: largest[1], level },
    });
  });

  test("power laws", () => {
    for (const { points, exponent, factor, at } of reference.power_laws)
      for (const { level, interval } of at) {
        const found = fitPowerLaw(points as [number, number][], level);
        expect(found.exponent / exponent).toBeCloseTo(1, 11);
        expect(found.factor / factor).toBeCloseTo(1, 11);
        expectInterval(found.interval ?? { low: NaN, high: NaN, level }, interval);
      }
  });

  test("paired differences", () => {
    for (const { a, b, mean, at } of reference.differences)
      for (const { level, interval } of at) {
        const found = meanDifference(a, b, level);
        expect(found.mean).toBeCloseTo(mean, 14);
        expectInterval(found, interval);
      }
  });
});

const level = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const counts = fc
  .integer({ min: 1, max: 300 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("a share's interval", () => {
  test("holds the share, mirrors that of the others, and grows with the level", () => {
    fc.assert(
      fc.property(counts, level, ([k, n], level) => {
        for (const of of [wilsonInterval, exactInterval]) {
          const { low, high } = of(k, n, level);
          const others = of(n - k, n, level);
          const wider = of(k, n, (1 + level) / 2);
          expect([low <= k / n, k / n <= high, low >= 0, high <= 1]).not.toContain(false);
          expect(others.low).toBeCloseTo(1 - high, 12);
          expect(others.high).toBeCloseTo(1 - low, 12);
          expect(wider.low <= low && high <= wider.high).toBe(true);
        }
      }),
    );
  });

  test("if exact, covers every probability at its level or above, each side missing by half", () => {
    for (const n of [1, 6, 12, 32])
      for (const level of [0.8, 0.95]) {
        const intervals = Array.from({ length: n + 1 }, (_, k) => exactInterval(k, n, level));
        for (let p = 0.01; p < 1; p += 0.01) {
          const exactly = (k: number) =>
            (k === 0 ? 1 : atLeast(k, n, p)) - (k === n ? 0 : atLeast(k + 1, n, p));
          const sum = (misses: (interval: Interval) => boolean) =>
            intervals.reduce((all, one, k) => all + (misses(one) ? exactly(k) : 0), 0);
          expect(sum(({ high }) => high < p)).toBeLessThanOrEqual((1 - level) / 2 + 1e-12);
          expect(sum(({ low }) => low > p)).toBeLessThanOrEqual((1 - level) / 2 + 1e-12);
        }
      }
  });

  test.each([
    [1, 0],
    [2, 1],
    [-1, 3],
    [0.5, 3],
  ])("is refused of %s of %s", (k, n) => {
    expect(() => wilsonInterval(k, n)).toThrow(RangeError);
    expect(() => exactInterval(k, n)).toThrow(RangeError);
  });

  test("needs a level between 0 and 1", () => {
    for (const level of [0, 1, NaN]) expect(() => exactInterval(1, 2, level)).toThrow(RangeError);
  });
});

describe("a median's interval", () => {
  test("takes six values at 95 %, and is the range of fewer", () => {
    expect(medianInterval([5, 3, 1, 4, 2])).toMatchObject({ kind: "range", low: 1, high: 5 });
    expect(medianInterval([5, 3, 1, 4, 2, 6])).toMatchObject({
      ...{ kind: "interval", low: 1, high: 6, median: 3.5 },
    });
    expect(medianInterval([5, 3, 1, 4, 2, 6]).coverage).toBeCloseTo(1 - 2 / 64, 14);
    expect(medianInterval([7])).toMatchObject({ kind: "range", low: 7, high: 7, coverage: 0 });
  });

  test("is one at a level that is met exactly: of five values, 15/16", () => {
    expect(medianInterval([1, 2, 3, 4, 5], 15 / 16).kind).toBe("interval");
  });

  test("keeps what is censored as later than any", () => {
    const never = Infinity;
    expect(medianInterval([9, never, 3, 5, 4, 8, never])).toMatchObject({ median: 8, low: 3 });
    expect(medianInterval([9, never, 3, 5, 4, 8, never]).high).toBe(never);
    expect(medianInterval([never, never, 3]).median).toBe(never);
  });

  test("does not depend on the order, and moves with what moves values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 80 }),
        level,
        (values, level) => {
          const found = medianInterval(values, level);
          expect(medianInterval(values.toReversed(), level)).toEqual(found);
          const doubled = medianInterval(
            values.map((value) => 2 * value),
            level,
          );
          expect([doubled.low, doubled.median, doubled.high]).toEqual(
            [found.low, found.median, found.high].map((value) => 2 * value),
          );
          expect(found.low <= found.median && found.median <= found.high).toBe(true);
          expect(found.kind === "range" || found.coverage >= level - 1e-12).toBe(true);
        },
      ),
    );
  });

  test("is refused of nothing and of NaN", () => {
    expect(() => medianInterval([])).toThrow(RangeError);
    expect(() => medianInterval([1, NaN])).toThrow(RangeError);
  });
});

describe("a power law", () => {
  test("is found where points lie on it, whatever their units", () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    const xs = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 9 });
    const exponents = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(xs, exponents, positive, (xs, exponent, factor) => {
        const found = fitPowerLaw(xs.map((x) => [x, factor * x ** exponent]));
        expect(found.exponent).toBeCloseTo(exponent, 9);
        expect(found.factor / factor).toBeCloseTo(1, 9);
        expect((found.interval?.high ?? NaN) - (found.interval?.low ?? NaN)).toBeLessThan(1e-6);
      }),
    );
  });

  test("of two points has no interval", () => {
    const { exponent, interval } = fitPowerLaw([
      [1, 8],
      [2, 2],
    ]);
    expect(exponent).toBeCloseTo(-2, 12);
    expect(interval).toBeNull();
  });

  test("is refused of what has no logarithm, and of one x", () => {
    for (const points of [[[0, 1]], [[1, Infinity]], [[1, -1]], [[2, 1]]])
      expect(() => fitPowerLaw([[2, 3], ...(points as [number, number][])])).toThrow(RangeError);
  });
});

describe("paired differences", () => {
  test("leave out what the two share, and turn round with them", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.nat(99), fc.nat(99)), {
      ...{ minLength: 2, maxLength: 40 },
    });
    fc.assert(
      fc.property(pairs, level, (pairs, level) => {
        const [own, a, b] = [0, 1, 2].map((i) => pairs.map((pair) => pair[i]));
        const add = (to: number[]) => to.map((value, i) => value + own[i]);
        const found = meanDifference(a, b, level);
        expect(meanDifference(add(a), add(b), level)).toEqual(found);
        const turned = meanDifference(b, a, level);
        expect(turned.low).toBeCloseTo(-found.high, 9);
        expect(turned.mean).toBeCloseTo(-found.mean, 9);
      }),
    );
  });

  test("are refused where pairs are missing or not finite", () => {
    expect(() => meanDifference([1], [1])).toThrow(RangeError);
    expect(() => meanDifference([1, 2], [1])).toThrow(RangeError);
    expect(() => meanDifference([1, 2], [1, Infinity])).toThrow(RangeError);
  });
});

test("a bootstrap is refused of nothing, at levels beyond its draws, and of NaN", () => {
  const bootstrap = (n: number, value: number, level = 0.95) =>
    bootstrapInterval(n, () => value, namedStream(sha256, 0, 0, "bootstrap"), level);
  expect(() => bootstrap(0, 1)).toThrow(RangeError);
  expect(() => bootstrap(3, NaN)).toThrow(RangeError);
  expect(() => bootstrap(3, 1, 0.9999)).toThrow(RangeError);
  expect(bootstrap(3, 1)).toEqual({ low: 1, high: 1, level: 0.95 });
});

test("bounds of the normal and of Student's t are those of tables", () => {
  expect(normalBound(0.95)).toBeCloseTo(1.959963984540054, 13);
  expect(studentBound(0.95, 1)).toBeCloseTo(Math.tan(0.475 * Math.PI), 11);
  expect(studentBound(0.99, 1e6)).toBeCloseTo(normalBound(0.99), 4);
});
