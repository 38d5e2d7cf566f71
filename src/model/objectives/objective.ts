// What an objective is: the loss of one example, to which training adds the penalty. table.ts has all of them by name.

import type { Arithmetic } from "../arithmetic.ts";

/** An objective as it is read; assembly/objectives/ has its twin, with the same operations in the same order. */
export interface Objective {
  /** By which the kernel knows the twin. */
  readonly code: number;
  /** What a loss is measured in. */
  readonly unit: "nats" | "squared errors";
  /** What a score that is there for padding alone must be, so that it adds nothing to loss and gradient. */
  readonly paddedScore: number;
  /** Loss of the scores (classes) of an example of class `label`, in float64. */
  readonly loss: (scores: Float64Array, label: number, arithmetic: Arithmetic) => number;
  /** Its gradient with respect to the scores (classes). */
  readonly gradient: (scores: Float64Array, label: number, arithmetic: Arithmetic) => Float64Array;
  /**
   * The loss's Hessian with respect to the scores times a direction (classes); in float64. Has no twin: the kernel needs
   * none.
   */
  readonly curvature: (
    scores: Float64Array,
    label: number,
    direction: Float64Array,
  ) => Float64Array;
}
