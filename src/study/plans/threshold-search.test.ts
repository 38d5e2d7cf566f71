// The search's rules, on counts that are certain.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_WIDTH } from "../language/width.ts";
import { errorAt, thresholdSearch, type Look, type ThresholdFound } from "./threshold-search.ts";

/** Every seed interpolates, or none. */
type Rule = (width: number) => boolean;

const allOrNone =
  (rule: Rule) =>
  ({ width, seeds }: Look) =>
    rule(width) ? seeds : 0;

function found(count: (look: Look) => number): ThresholdFound {
  const step = thresholdSearch(count);
  if (!("answer" in step)) throw new Error("every count is known");
  return step.answer;
}

const widthsOf = ({ visits }: ThresholdFound) => visits.map(({ width }) => width);

describe("where every seed says the same", () => {
  test("it doubles, bisects, and checks beyond the ends", () => {
    const answer = found(allOrNone((width) => width >= 25));
    expect(widthsOf(answer)).toEqual([1, 2, 4, 8, 16, 32, 24, 28, 26, 25, 23, 22, 27, 50]);
    expect(answer).toMatchObject({ low: 25, high: 25, violations: [] });
    const other = found(allOrNone((width) => width >= 32));
    expect(widthsOf(other).slice(5)).toEqual([32, 24, 28, 30, 31, 29, 33, 34, 64]);
  });

  test("it finds any threshold", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MAX_WIDTH }), (threshold) => {
        const answer = found(allOrNone((width) => width >= threshold));
        expect([answer.low, answer.high, answer.violations]).toEqual([threshold, threshold, []]);
        const widths = widthsOf(answer);
        expect(new Set(widths).size).toBe(widths.length);
        expect(Math.min(...widths) >= 1 && Math.max(...widths) <= MAX_WIDTH).toBe(true);
      }),
    );
  });

  test("it has no upper end where no width interpolates", () => {
    const answer = found(allOrNone(() => false));
    expect(answer).toMatchObject({ low: MAX_WIDTH + 1, high: null });
    expect(widthsOf(answer).slice(0, 17)).toEqual(Array.from({ length: 17 }, (_, i) => 2 ** i));
  });

  test("it tells a width that contradicts, and keeps its interval", () => {
    for (const [odd, pairs] of [
      [23, [[23, 24]]],
      [27, [[25, 27], [26, 27]]], // prettier-ignore
      [50, [[32, 50], [28, 50], [26, 50], [25, 50], [27, 50]]], // prettier-ignore
    ] as const) {
      const answer = found(allOrNone((width) => width >= 25 !== (width === odd)));
      expect([answer.low, answer.high]).toEqual([25, 25]);
      expect(answer.violations).toEqual(expect.arrayContaining([...pairs]));
      expect(answer.violations.every((pair) => (pair as readonly number[]).includes(odd))).toBe(
        true,
      );
    }
  });
});

describe("a width", () => {
  /** Looked at by itself: the first of all, where 4 seeds of 12 and so on interpolate as given. */
  const first = (...counts: number[]) =>
    found(({ width, seeds }) => (width === 1 ? counts[[12, 20, 32].indexOf(seeds)] : seeds))
      .visits[0];

  // 0.05 · 6/π² / 3 = 0.01013; of 12 seeds 11 or more have 0.0032 at one half, 10 or more 0.0193; of 20 seeds 16 or more
  // have 0.0059, 15 or more 0.0207; of 32 seeds 23 or more have 0.0100, 22 or more 0.0251.
  test.each([
    [[11], 12, "more"],
    [[10, 16], 20, "more"],
    [[10, 15, 23], 32, "more"],
    [[10, 15, 22], 32, "undecided"],
    [[6, 10, 16], 32, "undecided"],
    [[2, 5, 10], 32, "undecided"],
    [[2, 5, 9], 32, "less"],
    [[2, 4], 20, "less"],
    [[1], 12, "less"],
  ])("that shows %j is decided at %i seeds: %s", (counts, seeds, verdict) => {
    expect(first(...counts)).toEqual({
      ...{ width: 1, seeds, interpolated: counts.at(-1), verdict },
    });
  });

  test("has the fewer errors the later it is visited", () => {
    // All of 12 have 0.00024 at one half: enough up to the sixth, 0.05 · 6/(6π)² / 3 = 0.00028.
    const seeds = found(allOrNone((width) => width >= 1000)).visits.map((visit) => visit.seeds);
    expect(seeds.slice(0, 6)).toEqual(Array(6).fill(12));
    expect(seeds.slice(6).every((one) => one === 20)).toBe(true);
  });

  test("counts as visited where several are at once", () => {
    const { visits } = found(allOrNone((width) => width >= 4));
    expect(visits.slice(4).map(({ width, seeds }) => [width, seeds])).toEqual([
      ...[[5, 12], [6, 12], [8, 20]], // prettier-ignore
    ]);
  });

  test("and all others have errors that add up to 5 % over three looks each", () => {
    let sum = 0;
    for (let k = 1; k <= 1e6; k++) sum += 3 * errorAt(k);
    expect(sum).toBeCloseTo(0.05, 6);
    expect(errorAt(10) / errorAt(1)).toBeCloseTo(0.01, 12);
  });
});

describe("undecided widths", () => {
  const flat = ({ width, seeds }: Look) =>
    width < 20 ? 0 : width > 40 ? seeds : Math.round(seeds / 2);

  test("are enclosed, from both sides to the next integer", () => {
    const answer = found(flat);
    expect(answer).toMatchObject({ low: 20, high: 41, violations: [] });
    const verdicts = new Map(answer.visits.map(({ width, verdict }) => [width, verdict]));
    expect([19, 20, 40, 41].map((width) => verdicts.get(width))).toEqual([
      ...["less", "undecided", "undecided", "more"],
    ]);
  });

  test("are no upper end up to the widest", () => {
    const answer = found(({ width, seeds }) => (width < 20 ? 0 : seeds / 2));
    expect(answer).toMatchObject({ low: 20, high: null });
  });
});

describe("a look", () => {
  test("is asked for as long as its count is not known: one width after the other, checks at once", () => {
    const known = new Map<string, number>();
    const asked: Look[][] = [];
    for (;;) {
      const step = thresholdSearch(({ width, seeds }) => known.get(`${width}/${seeds}`));
      if ("answer" in step) break;
      asked.push([...step.looks]);
      for (const { width, seeds } of step.looks)
        known.set(`${width}/${seeds}`, width >= 3 ? seeds : 0);
    }
    expect(asked.slice(0, 4)).toEqual([1, 2, 4, 3].map((width) => [{ width, seeds: 12 }]));
    expect(asked[4]).toEqual([5, 6].map((width) => ({ width, seeds: 12 })));
  });
});
