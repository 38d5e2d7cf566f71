// Stochastic gradient descent with batch size 1: W ← (1 − ηλ) W − η ∇loss.

import type { Optimizer } from "./optimizer.ts";

export const sgd: Optimizer = {
  call: "train",
  decay: (learningRate, regularization) => 1 - learningRate * regularization,
};
