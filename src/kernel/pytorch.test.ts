// Every kind of training as PyTorch's autograd makes it in float64, from test/reference/make-training.py: the reference within
// 1e-10, the kernel within 1e-4.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  exact,
  kernels,
  rounded,
  type Implementation,
  type Trained,
} from "../../test/support/kernels.ts";
import { sampled } from "../../test/support/extent.ts";
import { noise, randomProblem } from "../../test/support/problems.ts";
import type { RatesByKind } from "../model/layer-rates.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { stepsOfPass, type OptimizerChoice } from "../model/optimizers/choice.ts";
import { functionsOf, type MODEL_PARTS, type TRAINING_PARTS } from "../model/parts.ts";

interface Case {
  activation: keyof (typeof MODEL_PARTS)["activation"]["table"];
  objective: keyof (typeof TRAINING_PARTS)["objective"]["table"];
  hidden: number[];
  bias: boolean;
  regularization: number;
  rates?: RatesByKind;
  /** Sum of the steps' objectives, projection of the final parameters, mean loss at the end. */
  wanted: number[];
}

interface BatchCase extends Case {
  optimizer?: OptimizerChoice;
  learning_rate: number;
  batch: number;
  /** Of a pass. */
  examples: number;
}

function read(name: string): unknown {
  const text = readFileSync(new URL(`../../test/reference/${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: unknown }).cases;
}

const cases = read("training") as Case[];
const batchCases = read("batches") as BatchCase[];
const largeCases = read("large-batches") as BatchCase[];

const EXAMPLES = 100;
const STEPS = 120;
const LEAST_STEPS = 100;

function problem({ activation, objective, hidden, bias }: Case) {
  const shape: Shape = { inputs: 5, hidden, classes: 3, ...(!bias && { bias }) };
  const { start, data, index } = randomProblem(shape, EXAMPLES, 1);
  const doubled = { ...start, weights: start.weights.map((w) => w.map((value) => 2 * value)) };
  const functions = functionsOf({ model: { activation }, training: { objective } });
  return { shape, start: doubled, data, index, functions };
}

function compare(
  { wanted }: Case,
  parameters: Parameters<Float32Array | Float64Array>,
  objectives: readonly number[],
  loss: number,
  tolerance: number,
): void {
  const drawn = noise(1);
  const projection = parameters.weights
    .flatMap((matrix, layer) => [...matrix, ...parameters.biases[layer]])
    .reduce((sum, value) => sum + drawn() * value, 0);
  const found = [objectives.reduce((a, b) => a + b, 0), projection, loss / EXAMPLES];
  found.forEach((value, at) => {
    // A sum of so many objectives is as near as each of them.
    const scale = at === 0 ? objectives.length : 1;
    expect(Math.abs(value - wanted[at]) / scale).toBeLessThan(tolerance);
  });
}

let turn = 0;
const next = () => kernels[turn++ % kernels.length];

/** Kernels by turns: batches.test.ts and kernel.test.ts hold each of them to the bits of `rounded`. */
const kernel: Implementation = {
  name: "the kernel",
  train: (...given) => next().train(...given),
  evaluate: (...given) => next().evaluate(...given),
};

const implementations = [
  { implementation: exact, tolerance: 1e-10 },
  { implementation: rounded, tolerance: 1e-4 },
  { implementation: kernel, tolerance: 1e-4 },
];

const name = "$activation, $objective, hidden $hidden, bias $bias, λ $regularization, rates $rates";

describe.each(implementations)(
  "$implementation.name within $tolerance of PyTorch",
  ({ implementation, tolerance }) => {
    test.each(cases)(name, (given) => {
      const { regularization, rates } = given;
      const { shape, start, data, index, functions } = problem(given);
      const order = Array.from({ length: STEPS }, index);
      const options = { learningRate: 0.02, regularization, layerRates: rates };
      const { parameters, objectives } = implementation.train(
        shape,
        start,
        data,
        order,
        options,
        functions,
      );
      const { loss } = implementation.evaluate(shape, parameters, data, functions);
      compare(given, parameters, objectives, loss, tolerance);
    });
  },
);

describe.each(implementations)("$implementation.name within $tolerance of PyTorch", (one) => {
  test.each(batchCases)(`${name}, $optimizer, batch $batch of $examples`, (given) => {
    holdBatches(one, given);
  });
});

// All with all takes long: the float64 reference, and the kernel.
describe.each([
  { ...implementations[0], nth: 11 },
  { ...implementations[2], nth: 1 },
])("$implementation.name within $tolerance of PyTorch in large batches", ({ nth, ...one }) => {
  test.each(sampled(largeCases, nth))(`${name}, $optimizer, batch $batch of $examples`, (given) => {
    holdBatches(one, given);
  });
});

function holdBatches(
  { implementation, tolerance }: (typeof implementations)[number],
  given: BatchCase,
): void {
  const { regularization, rates, optimizer, learning_rate, batch, examples } = given;
  const { shape, start, data, index, functions } = problem(given);
  const stepping = { optimizer, batch };
  const steps = stepsOfPass(stepping, examples);
  const objectives: number[] = [];
  let { parameters, state }: Pick<Trained, "parameters" | "state"> = {
    parameters: start,
    state: [],
  };
  while (objectives.length < LEAST_STEPS) {
    const order = Array.from({ length: examples }, index);
    const stepsBefore = objectives.length;
    const options = { learningRate: learning_rate, regularization, layerRates: rates };
    const trained = implementation.train(
      shape,
      parameters,
      data,
      order,
      { ...options, stepping, state, stepsBefore },
      functions,
    );
    ({ parameters, state } = trained);
    expect(trained.objectives.length).toBe(steps);
    objectives.push(...trained.objectives);
  }
  const { loss } = implementation.evaluate(shape, parameters, data, functions);
  compare(given, parameters, objectives, loss, tolerance);
}
