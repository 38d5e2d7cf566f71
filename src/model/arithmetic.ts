// Real numbers as results are computed with: in float32, as the kernel does, or in float64, as it is measured against.

import { exp, expFloat32, log, tanh, tanhFloat32 } from "./elementary.ts";

/** Rounding after each operation, and the elementary functions that go with it. */
export interface Arithmetic {
  readonly round: (x: number) => number;
  readonly exp: (x: number) => number;
  readonly tanh: (x: number) => number;
  /** In float64, whatever the rest is computed in. */
  readonly log: (x: number) => number;
}

export const float32: Arithmetic = { round: Math.fround, exp: expFloat32, tanh: tanhFloat32, log };
export const float64: Arithmetic = { round: (x) => x, exp, tanh, log };

/** Four running sums, of the terms l, l + 4, l + 8, …, combined as (l0 + l2) + (l1 + l3). */
export function laneSum(terms: Float64Array, { round }: Arithmetic): number {
  const lanes = [0, 0, 0, 0];
  for (let index = 0; index < terms.length; index++)
    lanes[index & 3] = round(lanes[index & 3] + terms[index]);
  return round(round(lanes[0] + lanes[2]) + round(lanes[1] + lanes[3]));
}
