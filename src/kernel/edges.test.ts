// What the contract (docs/numerics.md) says of the numbers at the edge: ties, NaN, infinities, the least exponential, the
// size of a block. In all implementations, so that none can take another's mistake for right.

import { describe, expect, test } from "vitest";
import { exact, kernels, rounded, type Implementation } from "../../test/support/kernels.ts";
import { randomProblem } from "../../test/support/problems.ts";
import { blockSize } from "./blocks.ts";

const all = [exact, rounded, ...kernels];
const SOFTMAX = { inputs: 1, hidden: [], classes: 2 };

/** The class predicted of an example with these scores: with label c c times among the labels, as many are right. */
function predictedClass({ evaluate }: Implementation, scores: readonly number[]): number {
  const classes = scores.length;
  const labels = scores.flatMap((_, label) => Array<number>(label).fill(label));
  const parameters = {
    weights: [new Float32Array(classes)],
    biases: [Float32Array.from(scores)],
  };
  const data = { inputs: new Float32Array(labels.length), labels };
  return evaluate({ inputs: 1, hidden: [], classes }, parameters, data).correct;
}

describe.each(all)("$name", (implementation) => {
  const { train, evaluate } = implementation;

  test.each([
    { scores: [1, NaN, 2], predicted: 1 },
    { scores: [3, 1, NaN], predicted: 2 },
    { scores: [1, NaN, NaN], predicted: 1 },
    { scores: [NaN, Infinity, 5], predicted: 0 },
    { scores: [Infinity, NaN, 5], predicted: 1 },
    { scores: [5, 5], predicted: 0 },
    { scores: [2, 7, 7, 1, 7], predicted: 1 },
    { scores: [-Infinity, -Infinity, -Infinity], predicted: 0 },
    { scores: [-3, -2, -0.5, -1, -9, -2], predicted: 2 },
    { scores: [-0, 0], predicted: 0 },
  ])("predicts class $predicted of the scores $scores", ({ scores, predicted }) => {
    expect(predictedClass(implementation, scores)).toBe(predicted);
  });

  test("a NaN in one hidden unit reaches the loss through the ReLU", () => {
    const shape = { inputs: 4, hidden: [3], classes: 3 };
    const { start, data } = randomProblem(shape, 10, 1);
    start.biases[0][1] = NaN;
    expect(evaluate(shape, start, data).loss).toBeNaN();
  });

  test("a right score of −∞ is an infinite objective, not a NaN", () => {
    const start = { weights: [Float32Array.of(-3e38, 0)], biases: [new Float32Array(2)] };
    const data = { inputs: Float32Array.of(2), labels: [0] };
    // float64 holds the product; −∞ it must be given.
    if (implementation === exact) start.weights[0][0] = -Infinity;
    const options = { learningRate: 0.01, regularization: 0 };
    expect(train(SOFTMAX, start, data, [0], options).objectives).toEqual([Infinity]);
    expect(evaluate(SOFTMAX, start, data)).toEqual({ loss: Infinity, correct: 0 });
  });
});

describe.each(kernels)("$name", ({ train }) => {
  const start = { weights: [Float32Array.of(-3e38, 0)], biases: [new Float32Array(2)] };
  const data = { inputs: Float32Array.of(2, 1), labels: [0, 1] };
  const options = { learningRate: 0.01, regularization: 0 };
  const order = [1, 1, 0, 1, 1];

  test("stops at an objective that is infinite, as at one that is NaN", () => {
    expect(train(SOFTMAX, start, data, order, options).objectives).toEqual([0, 0, Infinity]);
  });

  test.each([
    { name: "infinite", shape: SOFTMAX, start, data, order, ...options },
    ...[0, 0.01].map((regularization) => {
      const shape = { inputs: 9, hidden: [12, 5], classes: 4 };
      const { index, ...problem } = randomProblem(shape, 20, 5);
      const order = Array.from({ length: 200 }, index);
      return { name: "NaN", shape, ...problem, order, learningRate: 1e20, regularization };
    }),
  ])("goes on past an objective that is $name, λ $regularization", (given) => {
    const { shape, start, data, order, learningRate, regularization } = given;
    const asked = { learningRate, regularization, pastDivergence: true };
    const ours = train(shape, start, data, order, asked);
    const wanted = rounded.train(shape, start, data, order, asked);
    expect(wanted.objectives.every(Number.isFinite)).toBe(false);
    // All NaN are one here, as in fingerprints.
    expect(ours.objectives).toEqual(wanted.objectives);
    expect(ours.parameters.weights.map((matrix) => [...matrix])).toEqual(
      wanted.parameters.weights.map((matrix) => [...matrix]),
    );
    expect(ours.parameters.biases.map((bias) => [...bias])).toEqual(
      wanted.parameters.biases.map((bias) => [...bias]),
    );
  });
});

describe.each([rounded, ...kernels])("$name: the exponential of a score", ({ train }) => {
  /** e^score, as a step shows it: the second input's weight, zero at first, receives −e^score. */
  function exponential(score: number): number {
    const shape = { inputs: 2, hidden: [], classes: 2 };
    const start = { weights: [Float32Array.of(0, score, 0, 0)], biases: [new Float32Array(2)] };
    const data = { inputs: Float32Array.of(1, 1), labels: [0] };
    const options = { learningRate: 1, regularization: 0 };
    return Math.abs(train(shape, start, data, [0], options).parameters.weights[0][3]);
  }

  const LEAST = Math.fround(-87.33654);

  test.each([-20, -79.9, -80.1, -87, -87.3, LEAST])("is not cut off at %s", (score) => {
    expect(Math.abs(exponential(score) / Math.exp(Math.fround(score)) - 1)).toBeLessThan(
      2 * 2 ** -24,
    );
  });

  test.each([LEAST - 2 ** -17, -87.4, -1000, -Infinity])("is 0 at %s", (score) => {
    expect(exponential(score)).toBe(0);
  });
});

test("a block has 8 steps up to width 32, else 16", () => {
  expect([1, 8, 32, 33, 512].map(blockSize)).toEqual([8, 8, 8, 16, 16]);
});
