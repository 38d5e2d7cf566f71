// What optimizers keep as it fades away, and how Adam counts its steps. src/kernel/pytorch.test.ts has PyTorch's values.

import { describe, expect, test } from "vitest";
import { float64 } from "../arithmetic.ts";
import { adamRates } from "./adam-rates.ts";
import { optimizerOf } from "./table.ts";

const MOMENTUM = { kind: "sgd", momentum: 0.9 } as const;
const ADAM = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

describe("what an optimizer keeps", () => {
  const LAYER = {
    learningRate: 0.1,
    factor: 1,
    regularization: 0,
    of: "weights",
    rates: [0.1, 1],
  } as const;

  test.each([
    { floor: 2 ** -100, at: 0, optimizer: MOMENTUM, decay: 0.9 },
    { floor: 2 ** -100, at: 0, optimizer: ADAM, decay: 0.9 },
    { floor: 2 ** -120, at: 1, optimizer: ADAM, decay: 0.999 },
  ])("becomes +0 below $floor: number $at that $optimizer.kind keeps", (given) => {
    const { floor, at, optimizer, decay } = given;
    const move = optimizerOf(optimizer).move(LAYER, float64);
    const kept = (value: number) => move(1, 0, [0, 0].with(at, value / decay))[1 + at];
    expect(kept(1.01 * floor)).not.toBe(0);
    expect(kept(0.99 * floor)).toBe(0);
    if (at === 0) {
      expect(kept(-1.01 * floor)).not.toBe(0);
      expect(kept(-0.99 * floor)).toBe(0);
    }
    expect(kept(NaN)).toBeNaN();
  });
});

test.each([0, 1, 417, 500, 60_000])(
  "Adam's rates after %d steps have powers by repeated multiplication",
  (before) => {
    let [first, second] = [1, 1];
    const all = Array.from({ length: before + 3 }, () => {
      first *= ADAM.beta1;
      second *= ADAM.beta2;
      return [0.1 / (1 - first), 1 / Math.sqrt(1 - second)];
    });
    expect([...adamRates(ADAM, 0.1, before, 3)]).toEqual(all.slice(before).flat());
  },
);
