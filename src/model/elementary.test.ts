import { describe, expect, test } from "vitest";
import { hex } from "../base/sha256.ts";
import { sha256 } from "../base/sha256.node.ts";
import { cos, exp, expFloat32, log, sin, tanh, tanhFloat32 } from "./elementary.ts";

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

/** SHA-256 of the bits of f over a sweep. */
function digest(f: (x: number) => number, from: number, to: number): string {
  const values = Float64Array.from(sweep(from, to, 20_011), f);
  return hex(sha256(new Uint8Array(values.buffer))).slice(0, 16);
}

// Digests of what these functions themselves gave when they were written: no proof that they are right, which
// the tests below are up to an ulp, but a change by an ulp breaks the promise of the same bits.
test.each([
  { name: "exp", f: exp, from: -700, to: 700, bits: "ce110b0f43a28b91" },
  { name: "log", f: log, from: 1, to: 1000, bits: "aa96d7f6b97aef92" },
  { name: "log near 0", f: log, from: 2 ** -53, to: 1, bits: "27d3c2fe76c7e3ea" },
  { name: "sin", f: sin, from: -7, to: 7, bits: "e1541781cd1e9ed9" },
  { name: "cos", f: cos, from: -7, to: 7, bits: "e99cefc77ed22b47" },
  { name: "tanh", f: tanh, from: -20, to: 20, bits: "4dd9c037ea381586" },
  {
    name: "tanhFloat32",
    f: (x: number) => tanhFloat32(Math.fround(x)),
    from: -20,
    to: 20,
    bits: "e8cfc9736aa3920f",
  },
  {
    name: "expFloat32",
    f: (x: number) => expFloat32(Math.fround(x)),
    from: -90,
    to: 0,
    bits: "293e26ad3e00384d",
  },
])("$name has the bits of its version", ({ f, from, to, bits }) => {
  expect(digest(f, from, to)).toBe(bits);
});

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
    const least = Math.fround(-87.33654);
    expect(error(least)).toBeLessThan(2 * 2 ** -24);
    expect(expFloat32(least - 2 ** -17)).toBe(0);
    expect(expFloat32(-88)).toBe(0);
    expect(expFloat32(-Infinity)).toBe(0);
    expect(expFloat32(NaN)).toBeNaN();
    expect(expFloat32(0)).toBe(1);
  });
  test("tanh is within 3 ulp from −20 to 20, and 1 beyond", () => {
    expect(worst(-20, 20, (x) => ulps(tanh(x), Math.tanh(x)))).toBeLessThan(3);
    expect(worst(-300, 0, (e) => ulps(tanh(2 ** e), Math.tanh(2 ** e)))).toBeLessThan(3);
    expect([tanh(Infinity), tanh(-Infinity), tanh(0)]).toEqual([1, -1, 0]);
    expect([tanh(-0), tanh(NaN)]).toEqual([-0, NaN]);
  });
  test("float32 tanh is within 3 · 2⁻²⁴", () => {
    const error = (x: number) => Math.abs(tanhFloat32(x) / Math.tanh(x) - 1);
    expect(worst(-20, 20, (x) => error(Math.fround(x) || 1))).toBeLessThan(3 * 2 ** -24);
    expect(worst(-120, 0, (e) => error(Math.fround(2 ** e)))).toBeLessThan(3 * 2 ** -24);
    expect([tanhFloat32(Infinity), tanhFloat32(-Infinity), tanhFloat32(0)]).toEqual([1, -1, 0]);
    expect([tanhFloat32(-0), tanhFloat32(NaN)]).toEqual([0, NaN]);
  });
  test("the edges", () => {
    expect([exp(-Infinity), exp(Infinity), exp(0)]).toEqual([0, Infinity, 1]);
    expect([log(0), log(1), log(Infinity)]).toEqual([-Infinity, 0, Infinity]);
    expect(log(-1)).toBeNaN();
    expect(exp(-745)).toBe(5e-324);
    // From 1023.5 · ln 2 on, 2^n alone would be too large; below −1022.5 · ln 2 too small.
    expect(worst(709.5, 709.782712893384, (x) => ulps(exp(x), Math.exp(x)))).toBeLessThan(2);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect([exp(-745.1332191019411), exp(-745.1332191019412)]).toEqual([5e-324, 0]);
  });
});
