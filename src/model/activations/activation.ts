// What an activation is. table.ts has all of them by name.

import type { Arithmetic } from "../arithmetic.ts";

/** An activation as it is read; assembly/activations/ has its twin, with the same operations in the same order. */
export interface Activation {
  /** By which the kernel knows the twin. */
  readonly code: number;
  /** a, of a hidden unit's pre-activation z. */
  readonly value: (z: number, arithmetic: Arithmetic) => number;
  /** da/dz at z, where the value is a. Where it is 0 no gradient passes, not even an infinite one. */
  readonly slope: (z: number, a: number, arithmetic: Arithmetic) => number;
  /** d²a/dz² at z, where the value is a; in float64. Has no twin: the kernel needs none. */
  readonly curvature: (z: number, a: number) => number;
}
