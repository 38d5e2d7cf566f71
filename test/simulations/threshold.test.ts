// The threshold's interval covers the truth where the share of seeds that interpolate rises, steeply or not, and
// says where it does not rise, if that lies within the widths visited.

import { afterAll, describe, expect, test } from "vitest";
import { dipped, logistic, simulate, type Curve, type Simulated } from "./threshold.ts";

const DRAWS = Number(process.env.DRAWS ?? 200);
const SEED = 20;

const told: Record<string, Simulated> = {};

function simulated(name: string, curve: Curve, shared = false): Simulated {
  const found = simulate(curve, DRAWS, SEED, shared);
  told[shared ? `${name}, shared` : name] = found;
  return found;
}

afterAll(() => {
  if (process.env.DRAWS === undefined) return;
  for (const [name, one] of Object.entries(told))
    console.log(`| ${[name, ...Object.values<number>({ ...one })].join(" | ")} |`);
});

const RISING = [1.5, 24.5, 3000.5].flatMap((middle) =>
  [1.01, 1.05, 1.5, 3, 10].map((factor) => ({ middle, factor })),
);

describe("where the share rises from 12 to 88 %", () => {
  test.each(RISING)("within a factor of $factor around $middle", ({ middle, factor }) => {
    for (const shared of [false, true]) {
      const found = simulated(`${middle} × ${factor}`, logistic(middle, factor), shared);
      expect(found.covered).toBeGreaterThanOrEqual(0.93);
      expect(found.told).toBeLessThanOrEqual(0.05);
      expect(found.low <= found.truth && found.truth <= found.high).toBe(true);
    }
  });

  test("the steeper, the closer, and for fewer trainings", () => {
    const [steep, flat] = [1.01, 10].map((factor) => simulate(logistic(24.5, factor), 50, SEED));
    expect([steep.low, steep.high]).toEqual([25, 25]);
    expect(flat.high - flat.low).toBeGreaterThan(20);
    expect(steep.trainings).toBeLessThan(flat.trainings / 1.5);
  });
});

describe("where it falls again", () => {
  const steep = logistic(24.5, 1.01);
  const beside = (from: number, to: number, share: number) =>
    simulated(`${from} … ${to} at ${share}`, dipped(steep, from, to, share));

  test("at a width that is checked, to nothing: it is told", () => {
    for (const width of [26, 27, 50]) {
      const found = beside(width, width, 0);
      expect(found.violating).toBeGreaterThan(0.9);
      expect(found.toldOfViolating).toBeGreaterThanOrEqual(0.95);
    }
  });

  test("to a fifth: it is told in a third of the searches or so", () => {
    const found = beside(26, 26, 0.2);
    expect(found.toldOfViolating).toBeGreaterThan(0.2);
    expect(found.toldOfViolating).toBeLessThan(0.6);
  });

  test("to two fifths: it is seldom told", () => {
    expect(beside(26, 26, 0.4).toldOfViolating).toBeLessThan(0.2);
  });

  test("where it is not visited, nothing is told, and the interval is that of another crossing", () => {
    // 25 alone interpolates below 41; the bisection between 32 and 64 does not come by.
    const found = beside(26, 40, 0);
    expect(found.violating).toBeLessThan(0.05);
    expect(found.missedSilently).toBeGreaterThan(0.95);
    expect([found.low, found.high]).toEqual([41, 41]);
  });
});
