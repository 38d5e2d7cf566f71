// The search for the largest stable learning rate, over made-up stabilities.

import fc from "fast-check";
import { expect, test } from "vitest";
import { LARGEST_RATE, rateSearch, SMALLEST_RATE } from "./rate-search.ts";

/** Searches to the end; `asked` are the rates in the order of asking. */
function search(stable: (rate: number) => boolean, ratio = 1.1, checksBelow = true) {
  const known = new Map<number, boolean>();
  const asked: number[] = [];
  for (;;) {
    const step = rateSearch((rate) => known.get(rate), ratio, checksBelow);
    if ("answer" in step) return { ...step.answer, asked };
    for (const rate of step.rates) {
      asked.push(rate);
      known.set(rate, stable(rate));
    }
  }
}

test("from 0.125 down by halves or up by doubling, then to geometric middles of six digits", () => {
  expect(search((rate) => rate <= 0.05)).toEqual({
    ...{ low: 0.0481941, high: 0.052556, against: [] },
    asked: [0.125, 0.0625, 0.03125, 0.0441942, 0.052556, 0.0481941, 0.105112, 0.02409705],
  });
  expect(search((rate) => rate <= 3, 1.5, false)).toEqual({
    ...{ low: 2.82843, high: 4, against: [] },
    asked: [0.125, 0.25, 0.5, 1, 2, 4, 2.82843, 8],
  });
  // A middle would not be asked for: 2 is ratio enough.
  expect(search((rate) => rate <= 0.05, 2, false).asked).toEqual([0.125, 0.0625, 0.03125]);
});

test("encloses whatever the rate is, within the ratio, and asks for no rate twice", () => {
  const exponent = fc.double({ min: -25.9, max: 12.9, noNaN: true });
  const ratio = fc.double({ min: 1.001, max: 2, noNaN: true });
  fc.assert(
    fc.property(exponent, ratio, fc.boolean(), (at, ratio, checksBelow) => {
      const most = 2 ** at;
      const { low, high, against, asked } = search((rate) => rate <= most, ratio, checksBelow);
      expect(low <= most && most < high && high <= ratio * low && against.length === 0).toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.every((rate) => rate >= SMALLEST_RATE && rate <= LARGEST_RATE)).toBe(true);
    }),
  );
});

test("says where nothing is stable, or nothing unstable, and looks no further", () => {
  const none = search(() => false);
  expect(none).toMatchObject({ low: 0, high: SMALLEST_RATE, against: [] });
  expect(Math.min(...none.asked)).toBe(2 ** -26);
  const all = search(() => true);
  expect(all).toMatchObject({ low: LARGEST_RATE, high: Infinity, against: [] });
  expect(Math.max(...all.asked)).toBe(8192);
  expect([none.asked.length, all.asked.length]).toEqual([24, 17]);
});

test("where small rates are too slow to be stable, larger ones are tried", () => {
  const window = (from: number, to: number) =>
    search((rate) => rate >= from && rate < to, 1.1, false);
  expect(window(0.9, 3)).toMatchObject({ low: 2.82843, high: 3.08443, against: [] });
  expect(window(0.2, 0.3)).toMatchObject({ low: 0.297302, high: 0.32421 });
  expect(window(8000, 1e6)).toMatchObject({ low: LARGEST_RATE, high: Infinity });
  const none = window(Infinity, 0);
  expect(none).toMatchObject({ low: 0, high: SMALLEST_RATE, against: [] });
  expect([none.asked.length, new Set(none.asked).size, Math.max(...none.asked)]).toEqual([
    ...[40, 40, LARGEST_RATE],
  ]);
});

test("a stable rate beyond the bracket, or an unstable one below it, is told and changes nothing", () => {
  const island = search((rate) => rate <= 0.05 || Math.abs(rate - 0.105) < 0.01);
  expect(island).toMatchObject({ low: 0.0481941, high: 0.052556, against: [0.105112] });
  const hole = (rate: number) => rate <= 0.05 && Math.abs(rate - 0.024) > 0.002;
  expect(search(hole)).toMatchObject({ low: 0.0481941, against: [0.02409705] });
  expect(search(hole, 1.1, false).against).toEqual([]);
});
