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

test("a difference of shared seeds is the mean of theirs, whatever other seeds do", () => {
  const point = only(losses([1, 2, 4, 99]), losses([-7, 2.5, 4.5, 6], 0).concat(losses([3], 9)));
  expect(point.seeds).toEqual({ a: 4, b: 5, shared: 4 });
  const shifted = only(losses([1, 2, 4]), losses([3, 5, 7], 1));
  expect(shifted.seeds).toEqual({ a: 3, b: 3, shared: 2 });
  // Seeds 1 and 2: 3 − 2 and 5 − 4.
  expect(shifted.metrics.test_loss?.difference).toEqual({
    value: 1,
    interval: [1, 1],
    by: "mean, 95 % Student's t over 2 shared seeds",
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

test.each<[string, Outcome[], Outcome[], boolean]>([
  ["seeds are other ones", losses([1, 2, 3]), losses([5, 6, 7], 3), true],
  ["one seed is shared", losses([1, 2, 3]), losses([5, 6, 7], 2), true],
  ["seeds draw other examples", losses([1, 2, 3]), losses([5, 6, 7]), false],
])("where %s it is that of medians, without an interval", (_, a, b, paired) => {
  expect(only(a, b, paired).metrics.test_loss?.difference).toEqual({
    value: 4,
    interval: null,
    by: "of medians, unpaired: seeds are not shared",
  });
});

test("what may never come is compared by medians, and not where it comes in neither", () => {
  const of = (a: (number | null)[], b: (number | null)[]) =>
    only(passes(a), passes(b)).metrics.passes_to_interpolation?.difference;
  expect(of([10, 20, 30], [12, 25, null])).toEqual({
    value: 5,
    interval: [2, Infinity],
    by: "median, range of 3 shared seeds",
  });
  expect(of([1, 2, 3, 4, 5, null], [2, 4, 6, 8, 10, 12])).toEqual({
    value: 2.5,
    interval: [-Infinity, 5],
    by: "median, 95 % order statistics over 6 shared seeds",
  });
  expect(of([10, null], [12, null])).toBeNull();
});

test("what is no number is left out, and points that one of both has, too", () => {
  const diverged = losses([NaN, 2]);
  expect(Object.keys(only(diverged, losses([1, 2])).metrics)).not.toContain("test_loss");
  expect(Object.keys(only(losses([1, 2]), diverged).metrics)).toContain("test_accuracy");
  expect(comparedPoints([timedOutcome(8, 1), timedOutcome(16, 1)], [timedOutcome(16, 2)], true).map(({ values }) => values)).toEqual([{ width: 16 }]); // prettier-ignore
  expect(comparedPoints([timedOutcome(8, 1)], [timedOutcome(16, 2)], true)).toEqual([]);
});

test("trials that both have are counted", () => {
  const all = losses([1, 2, 3]);
  expect(only(all, all.slice(1)).same).toBe(2);
  expect(only(all, losses([7, 8], 5)).same).toBe(0);
});
