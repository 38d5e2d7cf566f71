// The kernel's training by batches, with momentum and Adam, has the bits of the reference in float32: weights, what the
// optimizer keeps of them, objectives. (pytorch.test.ts holds both against PyTorch.)

import { describe, expect, test } from "vitest";
import { kernels, rounded, type Trained, type TrainedWith } from "../../test/support/kernels.ts";
import { randomProblem } from "../../test/support/problems.ts";
import type { LayerRates } from "../model/layer-rates.ts";
import { layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import { stepsOfPass, type OptimizerChoice } from "../model/optimizers/choice.ts";
import { MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import { SLAB } from "./blocks.ts";

const OPTIMIZERS: readonly (OptimizerChoice | undefined)[] = [
  undefined,
  { kind: "sgd", momentum: 0.9 },
  { kind: "sgd", momentum: 0.8, nesterov: true },
  { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  { kind: "adam", beta1: 0.8, beta2: 0.99, epsilon: 1e-4, weight_decay: 0.1 },
];
const BATCHES = [1, 2, 3, 5, 8, 16, 100, SLAB + 2];
const NETWORKS: readonly (Shape & { layerRates?: LayerRates })[] = [
  { inputs: 7, hidden: [], classes: 10 },
  { inputs: 5, hidden: [3], classes: 2 },
  { inputs: 18, hidden: [37], classes: 17, bias: false },
  { inputs: 12, hidden: [33, 5], classes: 4 },
  { inputs: 11, hidden: [16, 9, 6], classes: 6 },
  {
    ...{ inputs: 9, hidden: [10, 12], classes: 9 },
    layerRates: { weights: [0.3, 1.7, 0.9], biases: [1.1, 0, 0.7] },
  },
];
const activations = Object.values(MODEL_PARTS.activation.table);
const objectives = Object.values(TRAINING_PARTS.objective.table);

type Reals = Parameters<Float32Array | Float64Array>;

const bits = ({ weights, biases }: Reals) =>
  [...weights, ...biases].map((values) =>
    Array.from(new Uint32Array(Float32Array.from(values).buffer)),
  );

function expectSame(ours: Trained, wanted: Trained): void {
  expect(ours.objectives).toEqual(wanted.objectives);
  expect(ours.squaredNorms).toEqual(wanted.squaredNorms);
  expect(bits(ours.parameters)).toEqual(bits(wanted.parameters));
  expect(ours.state.map(bits)).toEqual(wanted.state.map(bits));
}

/** Every optimizer with every batch on every network; the other choices take turns. */
const problems = OPTIMIZERS.flatMap((optimizer) =>
  BATCHES.filter((batch) => batch > 1 || optimizer !== undefined).flatMap((batch) =>
    NETWORKS.map((network) => ({ optimizer, batch, network })),
  ),
).map(({ optimizer, batch, network: { layerRates, ...shape } }, at) => {
  // The last batch is shorter, and so is the last block.
  const examples = Math.ceil(2.4 * batch) + (batch < 16 ? 20 : 0);
  const passes = 1 + (at % 2);
  const { start, data, index } = randomProblem(shape, Math.min(60, examples), 1);
  const order = Array.from({ length: passes * examples }, index);
  const regularization = at % 3 === 0 ? 0.02 : 0;
  const width = layerOutputs(shape)[0];
  // So small that training diverges with no activation and no objective.
  const learningRate = 0.3 * Math.min(0.1, 1 / width, 0.3 / shape.inputs);
  const functions = {
    activation: activations[at % activations.length],
    objective: objectives[(at >> 2) % objectives.length],
  };
  const stepping = { optimizer, batch };
  const options: TrainedWith = { learningRate, regularization, layerRates, stepping, passes };
  return {
    ...{ optimizer, batch, stepping, shape, start, data, order },
    options,
    functions,
    passes,
    examples,
  };
});

const known = new Map<number[], Trained>();

/** What the reference gives, computed once. */
function wantedOf(...args: globalThis.Parameters<typeof rounded.train>): Trained {
  const [, , , order] = args;
  const trained = known.get(order) ?? rounded.train(...args);
  known.set(order, trained);
  return trained;
}

describe.each(kernels)("$name has the reference's bits in float32", ({ train }) => {
  test.each(problems)(
    "$optimizer, batch $batch, hidden $shape.hidden, λ $options.regularization",
    ({ shape, start, data, order, options, functions, passes, examples, stepping }) => {
      const wanted = wantedOf(shape, start, data, order, options, functions);
      expect(wanted.objectives.length).toBe(passes * stepsOfPass(stepping, examples));
      expect(wanted.objectives.every(Number.isFinite)).toBe(true);
      expectSame(train(shape, start, data, order, options, functions), wanted);
    },
  );

  describe.each(OPTIMIZERS.filter((optimizer) => optimizer !== undefined))("%o", (optimizer) => {
    const shape = { inputs: 9, hidden: [12, 5], classes: 4 };
    const { start, data, index } = randomProblem(shape, 30, 1);
    const order = Array.from({ length: 30 }, index);

    test.each([1, 5, 16])("two calls are one of two passes, batch %d", (batch) => {
      const stepping = { optimizer, batch };
      const options = { learningRate: 0.05, regularization: 0.01, stepping };
      const twice = train(shape, start, data, [...order, ...order], { ...options, passes: 2 });
      const first = train(shape, start, data, order, options);
      const stepsBefore = first.objectives.length;
      const { parameters, state } = first;
      const second = train(shape, parameters, data, order, { ...options, state, stepsBefore });
      expect(second.objectives).toEqual(twice.objectives.slice(stepsBefore));
      expect(bits(second.parameters)).toEqual(bits(twice.parameters));
      expect(second.state.map(bits)).toEqual(twice.state.map(bits));
    });

    test.each([1, 5, 16])("what fades away is flushed, batch %d", (batch) => {
      // Of a unit at rest, whose gradients are 0.
      start.biases[0][3] = -100;
      const [like] = [start];
      const small = (size: number): Parameters => ({
        weights: like.weights.map((values) => values.map((_, at) => size * (1 + (at % 50)))),
        biases: like.biases.map((values) => values.map((_, at) => size * (1 + (at % 50)))),
      });
      const state = [small(2 ** -104), small(2 ** -124)];
      const stepping = { optimizer, batch };
      const options = { learningRate: 0.05, regularization: 0, stepping, state };
      const ours = train(shape, start, data, order.slice(0, batch), options);
      expectSame(ours, rounded.train(shape, start, data, order.slice(0, batch), options));
      const ofUnit = ours.state.map(({ weights }) => weights[0].filter((_, at) => at % 12 === 3));
      for (const values of ofUnit) {
        expect(values.some((value) => value === 0)).toBe(true);
        expect(values.some((value) => value !== 0)).toBe(true);
      }
    });
  });

  test.each(
    [1, 5, 16, 100].flatMap((batch) => [0, 0.01].map((regularization) => [batch, regularization])),
  )("a diverging training stops at the same step, batch %d, λ %d", (batch, regularization) => {
    const shape = { inputs: 9, hidden: [12, 5], classes: 4 };
    const { start, data, index } = randomProblem(shape, 200, 5);
    const order = Array.from({ length: 600 }, index);
    const functions = {
      activation: MODEL_PARTS.activation.table.tanh,
      objective: TRAINING_PARTS.objective.table["squared error"],
    };
    const stepping = { optimizer: { kind: "sgd", momentum: 0.9 } as const, batch };
    const learningRate = batch < 100 ? 50 : 1e8;
    const options = { learningRate, regularization, stepping, passes: 3 };
    const wanted = rounded.train(shape, start, data, order, options, functions);
    const end = wanted.objectives.findIndex((objective) => !Number.isFinite(objective));
    expect(end).toBeGreaterThan(0);
    expect(train(shape, start, data, order, options, functions).objectives).toEqual(
      wanted.objectives.slice(0, end + 1),
    );
    const past = train(shape, start, data, order, { ...options, pastDivergence: true }, functions);
    expect(past.objectives).toEqual(wanted.objectives);
    const values = ({ parameters, state }: Trained) =>
      [parameters, ...state].map(({ weights, biases }) =>
        [...weights, ...biases].map((v) => [...v]),
      );
    // All NaN are one here, as in fingerprints.
    expect(values(past)).toEqual(values(wanted));
  });
});
