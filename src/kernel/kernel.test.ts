// One contract for the reference in float64, the reference in float32 and the wasm kernel in both of its
// builds and sizes of tiles: PyTorch's float64 trajectories (test/reference/README.md says where they come from), and bit
// equality of the reference in float32 with the kernel.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exact, kernels, rounded } from "../../test/support/kernels.ts";
import { noise, randomProblem } from "../../test/support/problems.ts";
import { createLocalHost, privateMemory, type KernelHost } from "./host.ts";
import { float64 } from "../model/arithmetic.ts";
import type { LayerRates } from "../model/layer-rates.ts";
import { layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import { MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";

type Reals = Parameters<Float32Array | Float64Array>;

interface Case {
  name: string;
  inputs_n_by_d: number[][];
  labels: number[];
  classes: number;
  hidden: number[];
  reg_param: number;
  learning_rate: number;
  sample_order: number[];
  initial: { weights_in_by_out: number[][][]; biases: number[][] };
  before: { objective: number; accuracy: number };
  objective_of_each_step_before_its_update: number[];
  final: { weights_in_by_out: number[][][]; biases: number[][] };
  after: { objective: number; accuracy: number };
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../test/reference/trajectories.json", import.meta.url), "utf8"),
) as { cases: Case[] };

function parametersOf(state: Case["initial"]): Parameters<Float64Array> {
  return {
    weights: state.weights_in_by_out.map((matrix) => Float64Array.from(matrix.flat())),
    biases: state.biases.map((bias) => Float64Array.from(bias)),
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe.each([
  [exact, 1e-10],
  [rounded, 1e-4],
  ...kernels.map((kernel) => [kernel, 1e-4] as const),
] as const)("PyTorch's trajectories", ({ name, train, evaluate }, tolerance) => {
  test.each(cases)(`${name} within ${tolerance}: $name`, (given) => {
    const shape = {
      inputs: given.inputs_n_by_d[0].length,
      hidden: given.hidden,
      classes: given.classes,
    };
    const data = { inputs: given.inputs_n_by_d.flat(), labels: given.labels };
    const options = { learningRate: given.learning_rate, regularization: given.reg_param };
    const start = parametersOf(given.initial);
    const trained = train(shape, start, data, given.sample_order, options);
    const wanted = parametersOf(given.final);
    expect(
      largestDifference(trained.objectives, given.objective_of_each_step_before_its_update),
    ).toBeLessThan(tolerance);
    wanted.weights.forEach((matrix, layer) => {
      expect(largestDifference(trained.parameters.weights[layer], matrix)).toBeLessThan(tolerance);
      expect(
        largestDifference(trained.parameters.biases[layer], wanted.biases[layer]),
      ).toBeLessThan(tolerance);
    });
    for (const [parameters, found] of [
      [start, given.before],
      [trained.parameters, given.after],
    ] as const) {
      const { loss, correct } = evaluate(shape, parameters, data);
      expect(correct / data.labels.length).toBeCloseTo(found.accuracy, 12);
      let penalty = 0;
      for (const matrix of parameters.weights)
        for (const weight of matrix) penalty += weight * weight;
      const objective = loss / data.labels.length + 0.5 * given.reg_param * penalty;
      expect(Math.abs(objective - found.objective)).toBeLessThan(tolerance);
    }
  });
});

const bits = (values: ArrayLike<number>) =>
  Array.from(new Uint32Array(Float32Array.from(values).buffer));

/** Every activation with every objective. */
const pairs = Object.entries(MODEL_PARTS.activation.table).flatMap(([activationName, activation]) =>
  Object.entries(TRAINING_PARTS.objective.table).map(([objectiveName, objective]) => ({
    name: `${activationName} with ${objectiveName}`,
    functions: { activation, objective },
  })),
);

const SHAPES: (Shape & { steps: number; regularization: number; layerRates?: LayerRates })[] = [
  { hidden: [1], inputs: 5, classes: 2, steps: 40, regularization: 0 },
  { hidden: [3], inputs: 7, classes: 10, steps: 61, regularization: 0.01 },
  { hidden: [8], inputs: 784, classes: 10, steps: 43, regularization: 0 },
  { hidden: [37], inputs: 16, classes: 5, steps: 100, regularization: 0 },
  { hidden: [37], inputs: 18, classes: 3, steps: 77, regularization: 0.1 },
  { hidden: [1000], inputs: 30, classes: 10, steps: 45, regularization: 0.01 },
  { hidden: [], inputs: 20, classes: 10, steps: 50, regularization: 0.02 },
  { hidden: [], inputs: 20, classes: 17, steps: 50, regularization: 0 },
  { hidden: [33, 5], inputs: 12, classes: 4, steps: 70, regularization: 0.003 },
  { hidden: [16, 9, 6], inputs: 11, classes: 6, steps: 70, regularization: 0 },
  {
    ...{ hidden: [33, 5], inputs: 12, classes: 4, steps: 70, regularization: 0.003 },
    layerRates: { weights: [0.3, 1.7, 0.9], biases: [1.1, 0, 0.7] },
  },
  { hidden: [9], inputs: 12, classes: 4, steps: 70, regularization: 0, layerRates: [0.3, 1.7] },
  { hidden: [], inputs: 20, classes: 7, steps: 50, regularization: 0.02, bias: false },
  { hidden: [33, 5], inputs: 12, classes: 4, steps: 70, regularization: 0.003, bias: false },
];

describe.each(pairs)("$name", ({ functions }) => {
  const problems = SHAPES.map(({ steps, regularization, layerRates, ...shape }) => {
    const { start, data, index } = randomProblem(shape, 30, 1);
    const order = Array.from({ length: steps }, index);
    // So small that training diverges with no activation and no objective.
    const learningRate = Math.min(0.03, 1 / layerOutputs(shape)[0], 0.1 / shape.inputs);
    return { shape, start, data, order, options: { learningRate, regularization, layerRates } };
  });
  const wanted = problems.map(({ shape, start, data, order, options }) => {
    const trained = rounded.train(shape, start, data, order, options, functions);
    return { trained, score: rounded.evaluate(shape, trained.parameters, data, functions) };
  });

  describe.each(kernels)("$name has the reference's bits in float32", ({ train, evaluate }) => {
    test.each(problems.map((problem, at) => ({ ...problem, ...problem.shape, at })))(
      "hidden $hidden, d $inputs, λ $options.regularization, bias $bias",
      ({ at, shape, start, data, order, options }) => {
        const ours = train(shape, start, data, order, options, functions);
        const { trained, score } = wanted[at];
        expect(ours.objectives).toEqual(trained.objectives);
        expect(ours.objectives.every(Number.isFinite)).toBe(true);
        expect(ours.squaredNorms).toEqual(trained.squaredNorms);
        trained.parameters.weights.forEach((matrix, layer) => {
          expect(bits(ours.parameters.weights[layer])).toEqual(bits(matrix));
          expect(bits(ours.parameters.biases[layer])).toEqual(
            bits(trained.parameters.biases[layer]),
          );
        });
        expect(evaluate(shape, ours.parameters, data, functions)).toEqual(score);
      },
    );
  });

  test("a step in float64 follows the numeric gradient of its objective", () => {
    const shape = { inputs: 5, hidden: [4, 3], classes: 3 };
    const { start, data } = randomProblem(shape, 1, 1);
    const [learningRate, regularization] = [1e-3, 0.1];
    const objective = (parameters: Reals) =>
      exact.evaluate(shape, parameters, data, functions).loss +
      0.5 * regularization * squaredSum(parameters.weights.flatMap((matrix) => [...matrix]));
    const options = { learningRate, regularization };
    const { parameters, objectives } = exact.train(shape, start, data, [0], options, functions);
    expect(objectives[0]).toBeCloseTo(objective(start), 12);
    for (const kind of ["weights", "biases"] as const) {
      start[kind].forEach((values, layer) => {
        values.forEach((value, at) => {
          const moved = (by: number): Reals => ({
            ...start,
            [kind]: start[kind].map((other, l) =>
              l === layer ? Float64Array.from(other, (v, i) => (i === at ? v + by : v)) : other,
            ),
          });
          const slope = centralDifference((by) => objective(moved(by)), 0);
          const step = (value - parameters[kind][layer][at]) / learningRate;
          expect(Math.abs(step - slope)).toBeLessThan(1e-7);
        });
      });
    }
  });
});

test.each(Object.entries(MODEL_PARTS.activation.table))(
  "%s: the slope is the derivative of the value, the curvature that of the slope",
  (_, { value, slope, curvature }) => {
    // Steps of 1e-5 from these do not cross a kink at 0, ±1 and the like.
    for (let z = -5.0123; z < 5; z += 0.0371) {
      const wanted = centralDifference((x) => value(x, float64), z);
      expect(Math.abs(slope(z, value(z, float64), float64) - wanted)).toBeLessThan(1e-8);
      const bend = centralDifference((x) => slope(x, value(x, float64), float64), z);
      expect(Math.abs(curvature(z, value(z, float64)) - bend)).toBeLessThan(1e-8);
    }
  },
);

test.each(Object.entries(TRAINING_PARTS.objective.table))(
  "%s: the gradient is that of the loss, the curvature its derivative along a direction",
  (_, { loss, gradient, curvature }) => {
    const next = noise(3);
    for (const classes of [2, 3, 10]) {
      const scores = Float64Array.from({ length: classes }, () => 3 * next());
      for (let label = 0; label < classes; label++) {
        gradient(scores, label, float64).forEach((found, c) => {
          const wanted = centralDifference(
            (score) => loss(scores.with(c, score), label, float64),
            scores[c],
          );
          expect(Math.abs(found - wanted)).toBeLessThan(1e-8);
        });
        const direction = scores.map(() => next());
        curvature(scores, label, direction).forEach((found, c) => {
          const along = (step: number) => scores.map((score, i) => score + step * direction[i]);
          const wanted = centralDifference((x) => gradient(along(x), label, float64)[c], 0);
          expect(Math.abs(found - wanted)).toBeLessThan(1e-8);
        });
      }
    }
  },
);

test.each([
  ["activation", MODEL_PARTS.activation.table],
  ["objective", TRAINING_PARTS.objective.table],
])("every %s has a code of its own", (_, table) => {
  const codes = Object.values<{ readonly code: number }>(table).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

/** Derivative of `f` at x; its error is about 1e-10 where third derivatives are of the order of one. */
function centralDifference(f: (x: number) => number, x: number): number {
  const h = 1e-5;
  return (f(x + h) - f(x - h)) / (2 * h);
}

function squaredSum(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

describe.each(kernels)("$name in particular", ({ train, evaluate }) => {
  test("evaluation over several chunks", () => {
    const shape = { inputs: 6, hidden: [5], classes: 3 };
    const { start, data } = randomProblem(shape, 1301, 2);
    expect(evaluate(shape, start, data)).toEqual(rounded.evaluate(shape, start, data));
  });

  test.each([3, 8, 37])(
    "evaluation of examples that begin with the same values, width %d",
    (width) => {
      const shape = { inputs: 13, hidden: [width], classes: 3 };
      const { start, data } = randomProblem(shape, 150, 2);
      // The batches begin with 0, 5 and 13 inputs that all of their examples have.
      data.inputs.forEach((_, at) => {
        const [n, k] = [Math.floor(at / 13), at % 13];
        if (n < 150 - 64 && (k < 5 || n < 150 - 128)) data.inputs[at] = 0.7 - k;
      });
      expect(evaluate(shape, start, data)).toEqual(rounded.evaluate(shape, start, data));
    },
  );

  test("a diverging training stops at the same step with the same objectives", () => {
    const shape = { inputs: 9, hidden: [12], classes: 4 };
    const { start, data, index } = randomProblem(shape, 20, 5);
    const order = Array.from({ length: 400 }, index);
    const options = { learningRate: 50, regularization: 0 };
    const ours = train(shape, start, data, order, options).objectives;
    const wanted = rounded.train(shape, start, data, order, options).objectives;
    const end = wanted.findIndex((objective) => !Number.isFinite(objective));
    expect(end).toBeGreaterThan(0);
    expect(ours).toEqual(wanted.slice(0, end + 1));
  });

  test("NaN scores: the loss is NaN and class 0 is predicted", () => {
    const shape = { inputs: 4, hidden: [3], classes: 3 };
    const { start, data } = randomProblem(shape, 10, 1);
    start.weights[0].fill(NaN);
    const { loss, correct } = evaluate(shape, start, data);
    expect(loss).toBeNaN();
    expect(correct).toBe(data.labels.filter((label) => label === 0).length);
  });
});

test("arena: what is freed is used again, and neighbours grow together", () => {
  const host: KernelHost = createLocalHost(
    {
      module: new WebAssembly.Module(
        readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url)),
      ),
      wide: false,
    },
    privateMemory(),
  );
  const a = host.arena.allocate(1000);
  const b = host.arena.allocate(100);
  const c = host.arena.allocate(10);
  host.arena.free(b);
  host.arena.free(a);
  expect(host.arena.allocate(1100)).toBe(a);
  expect(host.arena.allocate(2 ** 20)).toBeGreaterThan(c);
  expect(() => {
    host.arena.free(12345);
  }).toThrow();
  expect(() => host.arena.allocate(2 ** 33)).toThrow(/out of memory/);
});
