// Adam (Kingma and Ba, 2015) as PyTorch has it, with the decoupled decay of AdamW (Loshchilov and Hutter, 2019) of weights alone.

import { adamRates } from "./adam-rates.ts";
import { flushed, type Optimizer } from "./optimizer.ts";

export interface Adam {
  readonly kind: "adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled, of weights alone; left out for 0. */
  readonly weight_decay?: number;
}

export const FIRST_FLOOR = 2 ** -100;
export const SECOND_FLOOR = 2 ** -120;

export const adam = (choice: Adam): Optimizer => ({
  states: 2,
  share: (_, m) => 1 / m,
  rates: (...steps) => adamRates(choice, ...steps),
  move({ learningRate, factor, regularization, of, rates }, { round }) {
    const [beta1, beta2, epsilon, lambda] = [
      choice.beta1,
      choice.beta2,
      choice.epsilon,
      of === "weights" ? regularization : 0,
    ].map(round);
    const [rest1, rest2] = [1 - choice.beta1, 1 - choice.beta2].map(round);
    const decay = of === "weights" ? (choice.weight_decay ?? 0) : 0;
    const kept = round(1 - learningRate * factor * decay);
    const rate = round(round(rates[0]) * round(factor));
    const scale = round(rates[1]);
    return (value, gradient, [first, second]) => {
      const g = lambda === 0 ? gradient : round(gradient + round(lambda * value));
      const m = flushed(round(round(beta1 * first) + round(rest1 * g)), FIRST_FLOOR);
      const v = flushed(round(round(beta2 * second) + round(rest2 * round(g * g))), SECOND_FLOOR);
      const spread = round(round(round(Math.sqrt(v)) * scale) + epsilon);
      return [round(round(kept * value) - round(round(rate * m) / spread)), m, v];
    };
  },
});
