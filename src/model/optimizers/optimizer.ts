// How one number of a network is stepped. table.ts has all of them; docs/numerics.md says each, with every rounding.

import type { Arithmetic } from "../arithmetic.ts";

/** A step as the weights or the biases of one layer take it. */
export interface LayerStep {
  /** η */
  readonly learningRate: number;
  /** The layer's factor on it. */
  readonly factor: number;
  /** λ in loss + λ/2 · Σ‖W‖². */
  readonly regularization: number;
  /** Biases are neither regularized nor do they decay. */
  readonly of: "weights" | "biases";
  /** The step's own, of an optimizer that has them. */
  readonly rates: ArrayLike<number>;
}

/** A number after a step, and then what is kept of it; the gradient is a sum over the step's examples, each by its share. */
export type Move = (
  value: number,
  gradient: number,
  state: readonly number[],
) => readonly [number, ...number[]];

export interface Optimizer {
  /** How many numbers it keeps of each parameter; 0 at first. */
  readonly states: number;
  /** By what an example's gradient with respect to the scores is multiplied in a step of m examples. */
  readonly share: (learningRate: number, m: number) => number;
  readonly move: (step: LayerStep, arithmetic: Arithmetic) => Move;
  /** (count, 2): what differs from step to step. */
  readonly rates?: (learningRate: number, stepsBefore: number, count: number) => Float64Array;
}

/** +0 in place of what is below `floor` in magnitude, so that what fades away does not slow processors down; a NaN stays. */
export function flushed(value: number, floor: number): number {
  return Math.abs(value) < floor ? 0 : value;
}
