// Schedules against their formulas; the numbers of the cosine are those of PyTorch 1.13's CosineAnnealingLR.

import { expect, test } from "vitest";
import { rateOf } from "./rates.ts";

const first = <Value>(count: number, of: (pass: number) => Value) =>
  Array.from({ length: count }, (_, pass) => of(pass));

test("without a schedule the rate stays", () => {
  expect(first(3, (pass) => rateOf(undefined, 0.3, pass))).toEqual([0.3, 0.3, 0.3]);
});

test("cosine", () => {
  const rates = first(11, (pass) => rateOf({ kind: "cosine", passes: 10 }, 0.3, pass));
  expect([rates[0], rates[10]]).toEqual([0.3, 0]);
  rates.forEach((rate, pass) => {
    expect(rate).toBeCloseTo(0.3 * 0.5 * (1 + Math.cos((Math.PI * pass) / 10)), 15);
  });
  // Our own cosine's bits; those of V8 give 0.07938926261462366.
  expect(rateOf({ kind: "cosine", passes: 10 }, 0.1, 3)).toBe(0.07938926261462367);
  const torch = [0.3, 0.29265847744427304, 0.2713525491562421, 0.23816778784387094];
  torch.forEach((rate, pass) => {
    expect(rates[pass]).toBeCloseTo(rate, 15);
  });
});

test("inverse square root", () => {
  const rates = first(4, (pass) => rateOf({ kind: "inverse square root" }, 0.3, pass));
  expect(rates).toEqual([0.3, 0.3 / Math.sqrt(2), 0.3 / Math.sqrt(3), 0.15]);
});

test("steps: from pass `at` on, by repeated multiplication", () => {
  const rates = first(5, (pass) => rateOf({ kind: "steps", at: [1, 3], factor: 0.1 }, 0.3, pass));
  expect(rates).toEqual([0.3, 0.3 * 0.1, 0.3 * 0.1, 0.3 * 0.1 * 0.1, 0.3 * 0.1 * 0.1]);
});
