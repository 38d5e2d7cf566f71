// Stochastic gradient descent with momentum, as PyTorch has it: V ← μV + G; W ← W − ηV, or Nesterov's W − η(G + μV).

import { flushed, type Optimizer } from "./optimizer.ts";

export interface Momentum {
  readonly kind: "sgd";
  /** μ; above 0. */
  readonly momentum: number;
  readonly nesterov?: true;
}

/** Velocities below this are 0. */
export const VELOCITY_FLOOR = 2 ** -100;

export const momentum = (choice: Momentum): Optimizer => ({
  states: 1,
  share: (_, m) => 1 / m,
  move({ learningRate, factor, regularization, of }, { round }) {
    const [mu, lambda] = [choice.momentum, regularization].map(round);
    const rate = round(learningRate * factor);
    const regularized = of === "weights" && lambda !== 0;
    return (value, gradient, [velocity]) => {
      const g = regularized ? round(gradient + round(lambda * value)) : gradient;
      const v = flushed(round(round(mu * velocity) + g), VELOCITY_FLOOR);
      const along = choice.nesterov ? round(g + round(mu * v)) : v;
      return [round(value - round(rate * along)), v];
    };
  },
});
