// Stochastic gradient descent: W ← (1 − ηλ)W − G, where the rate is in G already.

import type { Optimizer } from "./optimizer.ts";

export const sgd: Optimizer = {
  states: 0,
  share: (learningRate, m) => learningRate / m,
  move({ learningRate, factor, regularization, of }, { round }) {
    const rated = round(factor);
    const kept = of === "weights" ? round(1 - learningRate * factor * regularization) : 1;
    return (value, gradient) => [round(round(kept * value) - round(rated * gradient))];
  },
};
