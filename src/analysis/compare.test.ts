// How far apart two studies end.

import { expect, test } from "vitest";
import { outcome, timedOutcome, type Row } from "../../test/support/outcomes.ts";
import { comparedPoints } from "./compare.ts";
import type { Outcome } from "./outcome.ts";

const BEFORE: Row = [2.3, 0.1, 2.3, 0.1];

/** At width 8, a seed each, with these test losses at the end. */
const losses = (values: readonly number[], from = 0): Outcome[] =>
  values.map((loss, place) => outcome(8, [BEFORE, [0.1, 0.9, loss, 0.5]], { seed: from + place }));

const passes = (values: readonly (number | null)[]): Outcome[] =>
  values.map((at, seed) => timedOutcome(8, at, { seed }));

const only = (a: readonly Outcome[], b: readonly Outcome[], paired = true) =>
  comparedPoints(a, b, paired)[0];

test("a difference of shared seeds is the median of theirs, whatever other seeds do", () => {
  const point = only(losses([1, 2, 4, 99]), losses([-7, 2.5, 4.5, 6], 0).concat(losses([3], 9)));
  expect(point.seeds).toEqual({ a: 4, b: 5, shared: 4 });
  const shifted = only(losses([1, 2, 4]), losses([3, 5, 7], 1));
  expect(shifted.seeds).toEqual({ a: 3, b: 3, shared: 2 });
  // Seeds 1 and 2: 3 − 2 and 5 − 4.
  expect(shifted.metrics.test_loss.difference).toEqual({
    value: 1,
    interval: [1, 1],
    by: "median of differences, range of 2 shared seeds",
    paired: true,
  });
  expect(shifted.metrics.test_loss).toMatchObject({ a: { median: 2 }, b: { median: 5 } });
});

test("each number is that of the last evaluation", () => {
  const last = outcome(8, [BEFORE, [0.25, 0.9, 0.5, 0.75]], { seed: 0 });
  const { metrics } = only([last], [last]);
  expect(Object.entries(metrics).map(([name, { a }]) => [name, a.median])).toEqual([
    ["test_accuracy", 0.75],
    ["test_loss", 0.5],
    ["train_loss", 0.25],
    ["passes_to_interpolation", Infinity],
  ]);
});

test("the median of differences is no difference of medians, and has its own order statistics", () => {
  // Differences 5, 1, 1, 1, 1, 1, −9: the first and the last of seven hold the median at 98.4 %.
  const [a, b] = [losses([1, 2, 3, 4, 5, 6, 10]), losses([6, 3, 4, 5, 6, 7, 1])];
  const { a: before, b: after, difference } = only(a, b).metrics.test_loss;
  expect([before.median, after.median]).toEqual([4, 5]);
  expect(difference).toEqual({
    value: 1,
    interval: [-9, 5],
    by: "median of differences, 95 % order statistics over 7 shared seeds",
    paired: true,
  });
  const apart = only(losses([0, 0, 9]), losses([8, 1, 9])).metrics.test_loss;
  expect(apart.b.median - apart.a.median).toBe(8);
  expect(apart.difference).toMatchObject({ value: 1, interval: [0, 8] });
});

test.each<[string, Outcome[], Outcome[], boolean, string]>([
  ["seeds are other ones", losses([1, 2, 3]), losses([5, 6, 7], 3), true, "seeds are not shared"],
  ["one seed is shared", losses([1, 2, 3]), losses([5, 6, 7], 2), true, "one seed alone is shared"],
  [
    "seeds draw other examples",
    losses([1, 2, 3]),
    losses([5, 6, 7]),
    false,
    "a seed draws other examples in each",
  ],
])("where %s it is that of medians, without an interval", (_, a, b, paired, why) => {
  expect(only(a, b, paired).metrics.test_loss.difference).toEqual({
    value: 4,
    interval: null,
    by: `difference of the medians, as ${why}`,
    paired: false,
  });
});

test("of one seed each it is the difference of these", () => {
  const of = (paired: boolean) => only(losses([1]), losses([4]), paired).metrics.test_loss;
  expect(of(true).difference).toMatchObject({ value: 3, by: "difference of one seed" });
  expect(of(false).difference).toMatchObject({ value: 3, by: "difference of one seed of each" });
});

test("what may never come is compared by medians, and not where it comes in neither", () => {
  const of = (a: (number | null)[], b: (number | null)[]) =>
    only(passes(a), passes(b)).metrics.passes_to_interpolation.difference;
  expect(of([10, 20, 30], [12, 25, null])).toEqual({
    value: 5,
    interval: [2, Infinity],
    by: "median of differences, range of 3 shared seeds",
    paired: true,
  });
  expect(of([1, 2, 3, 4, 5, null], [2, 4, 6, 8, 10, 12])).toEqual({
    value: 2.5,
    interval: [-Infinity, 5],
    by: "median of differences, 95 % order statistics over 6 shared seeds",
    paired: true,
  });
  expect(of([10, null], [12, null])).toBeNull();
  // Differences ∞ and −∞, between which nothing is in the middle.
  expect(of([10, null], [null, 12])).toBeNull();
  expect(of([10, null, 3], [null, 12, 5])).toMatchObject({ value: 2 });
  expect(of([null, null, 3, 4], [12, 12, null, 5])).toMatchObject({ value: -Infinity });
});

test("a trial that diverged ends worse than any", () => {
  const ending = { kind: "diverged", pass: 2, step: 1 } as const;
  const diverged = outcome(8, [BEFORE, [0.1, 0.9, 0.2, 0.9]], { seed: 1, ending });
  const { test_loss, test_accuracy } = only(losses([1, 2, 3]), [
    ...losses([2]),
    diverged,
    ...losses([1], 2),
  ]).metrics;
  expect([test_loss.b.high, test_accuracy.b.low]).toEqual([Infinity, -Infinity]);
  expect(test_loss.difference).toMatchObject({ value: 1, interval: [-2, Infinity] });
  expect(test_accuracy.difference).toMatchObject({ value: 0, interval: [-Infinity, 0] });
  const both = [diverged, ...losses([2], 2)];
  expect(only(both, both).metrics.test_loss.difference).toBeNull();
});

test("points that one of both has are left out", () => {
  expect(comparedPoints([timedOutcome(8, 1), timedOutcome(16, 1)], [timedOutcome(16, 2)], true).map(({ values }) => values)).toEqual([{ width: 16 }]); // prettier-ignore
  expect(comparedPoints([timedOutcome(8, 1)], [timedOutcome(16, 2)], true)).toEqual([]);
});

test("trials that both have are counted", () => {
  const all = losses([1, 2, 3]);
  expect(only(all, all.slice(1)).same).toBe(2);
  expect(only(all, losses([7, 8], 5)).same).toBe(0);
});
