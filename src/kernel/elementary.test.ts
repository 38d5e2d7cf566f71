import { describe, expect, test } from "vitest";
import { cos, exp, expFloat32, log, sin } from "./elementary.ts";

// The engine's own functions are within 1 ulp; ours may differ from them by one more.
function ulps(ours: number, theirs: number): number {
  return Math.abs(ours - theirs) / (Math.abs(theirs) * 2 ** -52 + Number.MIN_VALUE);
}

function* sweep(from: number, to: number, count: number): Generator<number> {
  for (let i = 0; i <= count; i++) yield from + ((to - from) * i) / count;
}

function worst(from: number, to: number, error: (x: number) => number): number {
  let largest = 0;
  for (const x of sweep(from, to, 100_003)) largest = Math.max(largest, error(x));
  return largest;
}

describe("elementary functions", () => {
  test("exp is within 2 ulp from −700 to 700", () => {
    expect(worst(-700, 700, (x) => ulps(exp(x), Math.exp(x)))).toBeLessThan(2);
  });
  test("log is within 2 ulp from the smallest to the largest double", () => {
    const error = (x: number) => ulps(log(x), Math.log(x));
    expect(worst(-1073, 1023, (e) => error(2 ** e))).toBeLessThan(2);
    expect(worst(0.5, 2, error)).toBeLessThan(2);
  });
  test("sin and cos are within 2.3e-16 from −100 to 100", () => {
    expect(worst(-100, 100, (x) => Math.abs(sin(x) - Math.sin(x)))).toBeLessThan(2.3e-16);
    expect(worst(-100, 100, (x) => Math.abs(cos(x) - Math.cos(x)))).toBeLessThan(2.3e-16);
  });
  test("float32 exp is within 2 ulp and vanishes below −87.33654", () => {
    const error = (x: number) => Math.abs(expFloat32(x) / Math.exp(x) - 1);
    expect(worst(-87.3, 0, (x) => error(Math.fround(x)))).toBeLessThan(2 * 2 ** -24);
    expect(expFloat32(-88)).toBe(0);
    expect(expFloat32(-Infinity)).toBe(0);
    expect(expFloat32(NaN)).toBeNaN();
    expect(expFloat32(0)).toBe(1);
  });
  test("the edges", () => {
    expect([exp(-Infinity), exp(Infinity), exp(0)]).toEqual([0, Infinity, 1]);
    expect([log(0), log(1), log(Infinity)]).toEqual([-Infinity, 0, Infinity]);
    expect(log(-1)).toBeNaN();
    expect(exp(-745)).toBe(5e-324);
  });
});
