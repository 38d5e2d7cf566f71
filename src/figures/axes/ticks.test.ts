import { describe, expect, test } from "vitest";
import { logDomain, logTicks, passTicks } from "./ticks.ts";

describe("ticks", () => {
  test("of passes are round, with both ends", () => {
    expect(passTicks(100)).toEqual([0, 1, 2, 5, 10, 20, 50, 100]);
    expect(passTicks(7)).toEqual([0, 1, 2, 5, 7]);
    expect(passTicks(0)).toEqual([0]);
  });

  test("of a logarithmic scale lie in its domain and stay readable in number", () => {
    for (const domain of [
      [0.5, 2.4],
      [0.9, 1.1],
      [1e-4, 2.3],
      [1e-30, 1e30],
    ] as const) {
      const named = logTicks(domain).filter(({ label }) => label !== "");
      expect(named.length).toBeGreaterThanOrEqual(1);
      expect(named.length).toBeLessThanOrEqual(12);
      for (const { value } of named) expect(value >= domain[0] && value <= domain[1]).toBe(true);
    }
    expect(logTicks([1e-4, 2]).find(({ value }) => value === 1e-3)?.label).toBe("10⁻³");
  });

  test("have a domain even where all values agree or none is positive", () => {
    const [low, high] = logDomain([2, 2]);
    expect(high / low).toBeGreaterThanOrEqual(2);
    expect(logDomain([0, NaN, Infinity])).toEqual([0.1, 10]);
  });
});
