// Spreads over seeds and within them, on made-up numbers.

import { expect, test } from "vitest";
import { outcome } from "../../test/support/outcomes.ts";
import { sha256 } from "../base/sha256.node.ts";
import { namedStream } from "../random/named.ts";
import type { Outcome } from "./outcome.ts";
import { dispersion, roundingSpreads, shareWithin } from "./rounding.ts";

const bootstrap = () => namedStream(sha256, 0, 0, "bootstrap");

test("a dispersion has its ends, quartiles that are values, and the sample's deviation", () => {
  expect(dispersion([5, 1, 3, 4, 2, 9, 8, 7])).toEqual({
    ...{ n: 8, median: 4.5, range: [1, 9], quartiles: [2, 8] },
    deviation: expect.closeTo(Math.sqrt(58.875 / 7), 12) as number,
  });
  expect(dispersion([3])).toEqual({
    ...{ n: 1, median: 3, range: [3, 3], quartiles: [3, 3], deviation: null },
  });
  expect(dispersion([7, Infinity, 3, Infinity, Infinity])).toEqual({
    ...{ n: 5, median: Infinity, range: [3, Infinity], quartiles: [7, Infinity], deviation: null },
  });
  for (const wrong of [[], [1, NaN]]) expect(() => dispersion(wrong)).toThrow(RangeError);
});

test("the share within groups is that of a one-way analysis of variance", () => {
  // Means 2, 6 and 10; variances within 1, 4 and 1, so σ² = 2, and τ² = 16 − 2/3.
  const groups = [
    [1, 2, 3],
    [4, 6, 8],
    [9, 10, 11],
  ];
  expect(shareWithin(groups)).toBeCloseTo(2 / (2 + 16 - 2 / 3), 14);
  // Means that lie nearer than chance would have them: τ² is none.
  expect(
    shareWithin([
      [0, 10],
      [10, 0],
      [1, 9],
    ]),
  ).toBe(1);
  expect(
    shareWithin([
      [1, 1],
      [2, 2],
    ]),
  ).toBe(0);
  expect(
    shareWithin([
      [1, 1],
      [1, 1],
    ]),
  ).toBeNaN();
});

/** Trials of a width and seed with these numbers, which stand in their rates: the seed's own and the perturbed ones. */
function trials(width: number, seed: number | null, own: number, ...moved: number[]) {
  const at = (learning_rate: number): Outcome => ({
    ...outcome(width, [[1, 1, 1, 1]], { learning_rate }),
    point: { values: { width }, seed },
  });
  return { own: at(own), moved: moved.map(at) };
}

const rateOf = ({ record }: Outcome) => record.specification.training.learning_rate;

const spreads = (all: readonly ReturnType<typeof trials>[]) =>
  roundingSpreads(
    all.map(({ own }) => own),
    all.flatMap(({ moved }) => moved),
    rateOf,
    bootstrap,
  );

test("seeds are spread by their own trials, rounding by each perturbed seed's", () => {
  const [narrow, wide] = spreads([
    trials(32, 0, 10, 11, 12),
    trials(8, 0, 1, 2, 3),
    trials(8, 1, 6, 4, 8),
    trials(8, 2, 10, 9, 11),
    trials(8, 3, 20),
  ]);
  expect([narrow.width, wide.width]).toEqual([8, 32]);
  expect(narrow.seeds).toMatchObject({ n: 4, range: [1, 20] });
  expect(narrow.rounding.map(({ seed, n, range }) => [seed, n, ...range])).toEqual([
    [0, 3, 1, 3],
    [1, 3, 4, 8],
    [2, 3, 9, 11],
  ]);
  expect(narrow.deviation).toBeCloseTo(Math.SQRT2, 14);
  const { value = NaN, low = NaN, high = NaN, level } = narrow.share ?? {};
  expect(value).toBeCloseTo(2 / (2 + 16 - 2 / 3), 14);
  // Draws of one seed alone have no spread but rounding's.
  expect([low < value, high, level]).toEqual([true, 1, 0.95]);
  expect(spreads([trials(8, 0, 1, 2, 3), trials(8, 1, 6, 4, 8)])[0].share?.high).toBe(1);
  expect([wide.share, wide.deviation]).toEqual([null, 1]);
});

test("there is no share of what is not finite or does not differ, and no deviation of what is not finite", () => {
  const [never] = spreads([trials(8, 0, 1, Infinity), trials(8, 1, 2, 3)]);
  expect([never.share, never.deviation]).toEqual([null, null]);
  const [same] = spreads([trials(8, 0, 5, 5), trials(8, 1, 5, 5)]);
  expect([same.share, same.deviation]).toEqual([null, 0]);
  const [notebook] = spreads([trials(8, null, 5, 7)]);
  expect([notebook.share, notebook.rounding[0].seed]).toEqual([null, null]);
  // Seeds with no spread at all beside one with some.
  const [some] = spreads([trials(8, 0, 5, 5), trials(8, 1, 5, 5), trials(8, 2, 4, 6)]);
  expect(some.share).toMatchObject({ value: 1, high: 1 });
});
