// What batches and momentum have in common with steps of one example and with the textbook, and what becomes of numbers that
// fade away. src/kernel/pytorch.test.ts has PyTorch's values.

import { describe, expect, test } from "vitest";
import { exact, rounded, type TrainedWith } from "../../test/support/kernels.ts";
import { randomProblem } from "../../test/support/problems.ts";
import type { Adam } from "../model/optimizers/adam.ts";
import type { Momentum } from "../model/optimizers/momentum.ts";
import { stepsOfBlock } from "./blocks.ts";

type Numbers = ArrayLike<number>;

const MOMENTUM: Momentum = { kind: "sgd", momentum: 0.9 };
const NESTEROV: Momentum = { kind: "sgd", momentum: 0.7, nesterov: true };
const ADAM: Adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const SETTINGS = {
  learningRate: 0.05,
  regularization: 0.02,
  layerRates: { weights: [0.7, 1.3], biases: [1.1, 0.4] },
};

function flat({ weights, biases }: { weights: readonly Numbers[]; biases: readonly Numbers[] }) {
  return [...weights, ...biases].flatMap((values) => Array.from(values));
}

function largestDifference(a: number[], b: number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, at) => Math.abs(value - b[at])));
}

test.each([
  { width: 8, batch: 1, steps: 8 },
  { width: 8, batch: 3, steps: 2 },
  { width: 32, batch: 8, steps: 1 },
  { width: 33, batch: 5, steps: 3 },
  { width: 33, batch: 17, steps: 1 },
])("a block of a layer of width $width has $steps steps of $batch", ({ width, batch, steps }) => {
  for (const optimizer of [undefined, MOMENTUM, NESTEROV])
    expect(stepsOfBlock(width, { optimizer, batch })).toBe(steps);
  expect(stepsOfBlock(width, { optimizer: ADAM, batch })).toBe(1);
});

describe.each([undefined, MOMENTUM, NESTEROV, ADAM])("%o", (optimizer) => {
  test.each([2, 5, 40])("a batch of %d equal examples is a step of one", (batch) => {
    const shape = { inputs: 6, hidden: [9], classes: 3 };
    const { start, data, index } = randomProblem(shape, 20, 1);
    const order = Array.from({ length: 21 }, index);
    const repeated = order.flatMap((example) => Array<number>(batch).fill(example));
    const one = exact.train(shape, start, data, order, {
      ...SETTINGS,
      stepping: { optimizer },
    });
    const many = exact.train(shape, start, data, repeated, {
      ...SETTINGS,
      stepping: { optimizer, batch },
    });
    expect(many.objectives.length).toBe(order.length);
    expect(largestDifference(flat(many.parameters), flat(one.parameters))).toBeLessThan(1e-12);
    many.state.forEach((state, at) => {
      expect(largestDifference(flat(state), flat(one.state[at]))).toBeLessThan(1e-12);
    });
  });
});

describe.each([MOMENTUM, NESTEROV])("%o", (optimizer) => {
  test.each([1, 2, 3])("blocks of steps of %d are the textbook's steps", (batch) => {
    const shape = { inputs: 6, hidden: [], classes: 3 };
    const { start, data, index } = randomProblem(shape, 20, 1);
    const order = Array.from({ length: 64 }, index);
    const factors = { weights: [0.7], biases: [1.1] };
    const options: TrainedWith = {
      ...SETTINGS,
      layerRates: factors,
      stepping: { optimizer, batch },
    };
    const trained = exact.train(shape, start, data, order, options);

    const [w, b] = [Float64Array.from(start.weights[0]), Float64Array.from(start.biases[0])];
    const [vw, vb] = [w.map(() => 0), b.map(() => 0)];
    const move = (values: Float64Array, v: Float64Array, g: Float64Array, rate: number) => {
      values.forEach((_, at) => {
        v[at] = optimizer.momentum * v[at] + g[at];
        values[at] -= rate * (optimizer.nesterov ? g[at] + optimizer.momentum * v[at] : v[at]);
      });
    };
    for (let begin = 0; begin < order.length; begin += batch) {
      const examples = order.slice(begin, begin + batch);
      const gw = w.map((value) => SETTINGS.regularization * value);
      const gb = b.map(() => 0);
      for (const example of examples) {
        const x = [...data.inputs.slice(6 * example, 6 * example + 6)];
        const e = [...b].map((bias, c) =>
          Math.exp(x.reduce((o, v, k) => o + v * w[3 * k + c], bias)),
        );
        const total = e.reduce((sum, value) => sum + value);
        e.forEach((value, c) => {
          const slope = (value / total - (c === data.labels[example] ? 1 : 0)) / examples.length;
          gb[c] += slope;
          x.forEach((v, k) => (gw[3 * k + c] += v * slope));
        });
      }
      move(w, vw, gw, SETTINGS.learningRate * factors.weights[0]);
      move(b, vb, gb, SETTINGS.learningRate * factors.biases[0]);
    }
    const wanted = flat({ weights: [w], biases: [b] });
    expect(largestDifference(flat(trained.parameters), wanted)).toBeLessThan(1e-12);
    const velocity = flat({ weights: [vw], biases: [vb] });
    expect(largestDifference(flat(trained.state[0]), velocity)).toBeLessThan(1e-12);
  });
});

describe.each([rounded])("$name", ({ train }) => {
  test.each([1, 20])("velocities that fade away become 0, in steps of %d", (batch) => {
    const shape = { inputs: 4, hidden: [5], classes: 3 };
    const { start, data } = randomProblem(shape, 20, 0);
    // Inputs are 0, and so are the units' values: the weights' velocities only fade.
    start.biases[0].fill(0);
    const velocity = {
      weights: start.weights.map((matrix) => matrix.map((_, at) => (at % 2 ? 1.5 : -1) * 2 ** -99)),
      biases: start.biases.map((values) => values.map(() => 0)),
    };
    const zerosAfter = (steps: number) => {
      const order = Array.from({ length: steps * batch }, (_, at) => at % 20);
      const stepping = { optimizer: MOMENTUM, batch };
      const options = { learningRate: 0.1, regularization: 0, stepping, state: [velocity] };
      return train(shape, start, data, order, options).state[0].weights.map(
        (matrix) => Array.from(matrix).filter((value) => Object.is(value, 0)).length,
      );
    };
    // 0.9⁶ × 2 is above 1 and 0.9⁷ × 2 below; 0.9¹⁰ × 3 is above 1 and 0.9¹¹ × 3 below.
    expect(zerosAfter(6)).toEqual([0, 0]);
    expect(zerosAfter(7)).toEqual([10, 8]);
    expect(zerosAfter(11)).toEqual([20, 15]);
  });
});
