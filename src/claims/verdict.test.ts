// How a verdict comes about.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Criterion, TestedClaim } from "./claim.ts";
import { verdictLines } from "./told.ts";
import { judge, seenAt, valueAt, type Decision } from "./verdict.ts";

const claimWith = (...verdict: readonly Criterion[]): TestedClaim => ({
  ...{ name: "mine", claim: "It is so.", source: "Nobody", quick: false },
  published: [{ says: "it", number: 1, where: "there", seen: "exact" }, { says: "other", number: "never", where: "there" }], // prettier-ignore
  verdict,
});

const estimate = (low: number | null, high: number | null, value: number | null = low) => ({
  ...{ value, interval: [low, high], by: "95 % something" },
});

const SUMMARY = {
  exact: 3,
  smallest_interpolating_width: null,
  exponent: null,
  rise: estimate(null, 0.3, 0.1),
  lost: estimate(null, 0.3, null),
  wide: estimate(1, 4),
  low: estimate(0, 1),
  alone: { value: 3, interval: null, by: "one seed" },
  search: { interval: [21, null], confidence: 0.95 },
  seeds: { "8": [null, null, 5], "16": [3, 1, 2, 4, 5, 6], "32": [7], text: ["a", 1] },
  nothing: { value: null, interval: null, by: "" },
  words: "three",
};

const decisionOf = (criterion: Omit<Criterion, "says">, summary: unknown = SUMMARY): Decision =>
  judge(claimWith({ ...criterion, says: "" }), summary).criteria[0].decision;

test.each<[Decision, Omit<Criterion, "says">]>([
  ["holds", { value: "exact", within: [3, 3] }],
  ["fails", { value: "exact", within: [2, 2.9] }],
  ["fails", { value: "exact", within: [3.1, 4] }],
  ["fails", { value: "exact", above: 3 }],
  ["holds", { value: "exact", above: 2.9 }],
  ["fails", { value: "exact", below: 3 }],
  ["holds", { value: "exact", below: 3.1 }],
  ["holds", { value: "wide", within: [1, 4] }],
  ["undecided", { value: "wide", within: [1, 3.9] }],
  ["undecided", { value: "wide", within: [1.1, 4] }],
  ["undecided", { value: "wide", within: [2, 3] }],
  ["undecided", { value: "wide", within: [4, 5] }],
  ["fails", { value: "wide", within: [4.1, 5] }],
  ["undecided", { value: "wide", above: 1 }],
  ["holds", { value: "wide", above: 0.9 }],
  ["fails", { value: "wide", above: 4 }],
  ["undecided", { value: "wide", below: 4 }],
  ["holds", { value: "wide", below: 4.1 }],
  ["fails", { value: "wide", below: 1 }],
  ["undecided", { value: "wide", above: "low" }],
  ["undecided", { value: "smallest_interpolating_width", below: "smallest_interpolating_width" }],
  ["undecided", { value: "smallest_interpolating_width", above: "smallest_interpolating_width" }],
  ["holds", { value: "smallest_interpolating_width", above: "exact" }],
  ["fails", { value: "smallest_interpolating_width", below: "exact" }],
  ["fails", { value: "low", above: "wide" }],
  ["holds", { value: "exact", above: "low" }],
  ["holds", { value: "low", below: "exact" }],
  ["fails", { value: "exact", below: "low" }],
  ["undecided", { value: "exact", below: "wide" }],
  ["undecided", { value: "exact", above: "nowhere" }],
  ["undecided", { value: "nowhere", above: 0 }],
  ["undecided", { value: "words", above: 0 }],
  ["undecided", { value: "alone", above: 0 }],
  ["undecided", { value: "nothing", above: 0 }],
  ["holds", { value: "smallest_interpolating_width", above: 100 }],
  ["undecided", { value: "exponent", above: 100 }],
  ["undecided", { value: "exponent", within: [0, 1] }],
  ["undecided", { value: "rise", above: 0 }],
  ["holds", { value: "rise", below: 0.4 }],
  ["fails", { value: "lost", above: 0.4 }],
  ["holds", { value: "search", above: 20 }],
  ["undecided", { value: "search", within: [20, 100] }],
  ["fails", { value: "seeds.8", below: 5 }],
  ["undecided", { value: "seeds.8", above: 5 }],
  ["holds", { value: "seeds.16", within: [1, 6] }],
  ["undecided", { value: "seeds.16", within: [1, 5] }],
  ["undecided", { value: "seeds.32", above: 0 }],
  ["undecided", { value: "seeds.text", above: 0 }],
])("%s: %o", (decision, criterion) => {
  expect(decisionOf(criterion)).toBe(decision);
});

test("a claim is reproduced if all criteria hold, not if one fails, and else undecided", () => {
  const holds: Criterion = { value: "exact", above: 2, says: "" };
  const fails: Criterion = { value: "exact", above: 3, says: "" };
  const open: Criterion = { value: "wide", above: 2, says: "" };
  const verdictOf = (...all: Criterion[]) => judge(claimWith(...all), SUMMARY).verdict;
  expect(verdictOf(holds, holds)).toBe("reproduced");
  expect(verdictOf(holds, fails, open)).toBe("not reproduced");
  expect(verdictOf(open, holds)).toBe("undecided");
});

test.each<[Omit<Criterion, "says">, string | undefined]>([
  [{ value: "exact", above: 2 }, undefined],
  [{ value: "exponent", above: 2 }, undefined],
  [{ value: "exakt", above: 2 }, "summary.json has no exakt; did you mean exact?"],
  [{ value: "seeds.9", above: 2 }, "seeds has no 9; it has 8, 16, 32, text"],
  [{ value: "exact", above: "wide.valeu" }, "wide has no valeu; did you mean value?"],
  [{ value: "seeds.8[3]", above: 2 }, "seeds.8 has no [3]"],
  [{ value: "q", above: 2 }, "summary.json has no q; it has exact, smallest_interpolating_width, exponent, rise, lost, wide, low, alone, …"], // prettier-ignore
])("a path that leads nowhere is told where it ends: %o", (criterion, told) => {
  const verdict = judge(claimWith({ ...criterion, says: "it is" }), SUMMARY);
  expect(verdict.criteria[0].astray).toBe(told);
  if (told !== undefined) expect(verdictLines(verdict).join()).toContain(told);
});

test("another value that bounds it is told as it was seen, not by its path", () => {
  const lines = (bound: string) =>
    verdictLines(
      judge(claimWith({ value: "low", below: bound, says: "it is narrower" }), SUMMARY),
    ).join("\n");
  expect(lines("wide")).toContain(
    "undecided: it is narrower (below 1 (1 … 4), as seen here; seen 0 (0 … 1), 95 % something)",
  );
  expect(lines("search")).toContain("below 21 … never, as seen here;");
  expect(lines("nothing")).toContain("below another number, which there is not;");
});

test("what passes are asked for has its unit, and other numbers have none", () => {
  const asked = (criterion: Omit<Criterion, "says">) =>
    verdictLines(judge(claimWith({ ...criterion, says: "it" }), SUMMARY))
      .find((line) => line.includes(": it ("))
      ?.replace(/^.*: it \(([^;]*);.*$/, "$1");
  const value = "passes_to_interpolation.512";
  expect(asked({ value, below: 101 })).toBe("below 101 passes");
  expect(asked({ value: `median_${value}`, within: [20, 30] })).toBe("within 20 … 30 passes");
  expect(asked({ value, above: "low" })).toBe("above 0 (0 … 1), as seen here");
  expect(asked({ value: "exact", below: 101 })).toBe("below 101");
});

test("what is published stands beside what is seen in its place", () => {
  const { published } = judge(claimWith(), SUMMARY);
  expect(published.map(({ told, seen }) => [told.says, seen?.value])).toEqual([
    ["it", 3],
    ["other", undefined],
  ]);
});

describe("what is seen at a path", () => {
  test.each([
    ["exact", { value: 3, interval: [3, 3], by: "" }],
    ["smallest_interpolating_width", { value: Infinity, interval: [Infinity, Infinity], by: "" }],
    ["exponent", null],
    ["rise", { value: 0.1, interval: [-Infinity, 0.3], by: "95 % something" }],
    ["lost", { value: null, interval: [-Infinity, 0.3], by: "95 % something" }],
    ["wide", { value: 1, interval: [1, 4], by: "95 % something" }],
    ["alone", { value: 3, interval: null, by: "one seed" }],
    ["search", { value: null, interval: [21, Infinity], by: "95 %" }],
    ["seeds.8", { value: Infinity, interval: [5, Infinity], by: "range of 3 seeds" }],
    ["seeds.16", { value: 3.5, interval: [1, 6], by: "95 % order statistics over 6 seeds" }],
    ["seeds.32", { value: 7, interval: null, by: "range of 1 seed" }],
    ["nothing", null],
    ["words", null],
    ["seeds.text", null],
    ["exact.more", null],
  ])("%s", (path, seen) => {
    expect(seenAt(SUMMARY, path)).toEqual(seen);
  });

  test("keys may have dots, and the longest that leads somewhere is taken", () => {
    const summary = { a: { "width=8,dataset.label_noise=0.2": [{ "x.y": 1 }], "width=8": 2 }, "a.b": 3, "a.": 4, a2: { c: 5 }, "a2.c": 6 }; // prettier-ignore
    expect(valueAt(summary, "a.width=8,dataset.label_noise=0.2[0].x.y")).toBe(1);
    expect(valueAt(summary, "a.width=8")).toBe(2);
    expect(valueAt(summary, "a.b")).toBe(3);
    expect(valueAt(summary, "a2.c")).toBe(6);
    expect(valueAt(summary, "a.width=8,dataset.label_noise=0.2[1]")).toBeUndefined();
    expect(valueAt(summary, "a.width=8,dataset.label_noise=0.2.0")).toBeUndefined();
    expect(valueAt(summary, "ab")).toBeUndefined();
  });
});

describe("for any interval and any bounds", () => {
  const number = fc.integer({ min: -5, max: 5 });
  const interval = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

  test("a criterion holds exactly if all of the interval is inside, fails exactly if none is", () => {
    fc.assert(
      fc.property(interval, interval, ([from, to], [least, most]) => {
        // Halves, too, so that every open end has numbers on both of its sides.
        const values = Array.from({ length: 2 * (to - from) + 1 }, (_, i) => from + i / 2);
        const summary = { x: estimate(from, to) };
        const expected = (inside: (value: number) => boolean): Decision =>
          values.every(inside) ? "holds" : values.some(inside) ? "undecided" : "fails";
        expect(decisionOf({ value: "x", within: [least, most] }, summary)).toBe(
          expected((value) => value >= least && value <= most),
        );
        expect(decisionOf({ value: "x", above: most }, summary)).toBe(
          expected((value) => value > most),
        );
        expect(decisionOf({ value: "x", below: least }, summary)).toBe(
          expected((value) => value < least),
        );
      }),
    );
  });

  test("above another value is below it seen from there", () => {
    fc.assert(
      fc.property(interval, interval, ([a, b], [c, d]) => {
        const summary = { x: estimate(a, b), y: estimate(c, d) };
        const above = decisionOf({ value: "x", above: "y" }, summary);
        expect(decisionOf({ value: "y", below: "x" }, summary)).toBe(above);
        if (above === "holds")
          expect(decisionOf({ value: "y", above: "x" }, summary)).toBe("fails");
      }),
    );
  });

  test("a narrower interval never takes a decision back", () => {
    fc.assert(
      fc.property(interval, interval, number, number, ([from, to], [least, most], one, other) => {
        const clamp = (x: number) => Math.min(to, Math.max(from, x));
        const [low, high] = [clamp(Math.min(one, other)), clamp(Math.max(one, other))];
        const criterion = { value: "x", within: [least, most] as const };
        const wide = decisionOf(criterion, { x: estimate(from, to) });
        const narrow = decisionOf(criterion, { x: estimate(low, high) });
        if (wide !== "undecided") expect(narrow).toBe(wide);
      }),
    );
  });
});
