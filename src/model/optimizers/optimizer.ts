// What an optimizer is. table.ts has all of them by name.

export interface Optimizer {
  /** The kernel's function that makes its steps. */
  readonly call: "train";
  /** α: by what a step multiplies the weights before it subtracts the gradient; in float64. */
  readonly decay: (learningRate: number, regularization: number) => number;
}
