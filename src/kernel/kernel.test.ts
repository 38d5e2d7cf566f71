// One contract for the reference in float64, the reference in float32 and the wasm kernel in both of its
// builds and sizes of tiles: PyTorch's float64 trajectories (test/reference/README.md says where they come from), and bit
// equality of the reference in float32 with the kernel.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  createLocalHost,
  instantiate,
  privateMemory,
  sharedMemory,
  type KernelHost,
} from "./host.ts";
import { KernelNetwork, paddedInputs } from "./network.ts";
import {
  EVALUATION_BATCH,
  EVALUATION_CHUNK,
  layerInputs,
  layerOutputs,
  type Parameters,
  type Shape,
} from "./parameters.ts";
import {
  float32,
  float64,
  ReferenceNetwork,
  type Examples,
  type ReferenceOptions,
} from "./reference.ts";

interface Data {
  /** (n, d) */
  inputs: Float32Array;
  labels: Uint8Array;
}

type Reals = Parameters<Float32Array | Float64Array>;

interface Trained {
  objectives: number[];
  parameters: Reals;
  squaredNorms: number[];
}

interface Implementation {
  name: string;
  train: (
    shape: Shape,
    start: Reals,
    data: Examples,
    order: number[],
    options: ReferenceOptions,
  ) => Trained;
  evaluate: (shape: Shape, parameters: Reals, data: Examples) => { loss: number; correct: number };
}

function reference(name: string, arithmetic: typeof float32): Implementation {
  return {
    name,
    train(shape, start, data, order, options) {
      const network = new ReferenceNetwork(shape, start, arithmetic);
      const objectives = [...network.train(data, order, options)];
      return {
        objectives,
        parameters: network.parameters,
        squaredNorms: [...network.squaredNorms()],
      };
    },
    evaluate: (shape, parameters, data) =>
      new ReferenceNetwork(shape, parameters, arithmetic).evaluate(data, EVALUATION_CHUNK),
  };
}

function wasm(kind: "private" | "shared", wide: boolean): Implementation {
  const bytes = readFileSync(new URL(`../../dist/kernel/${kind}.wasm`, import.meta.url));
  const memory = kind === "shared" ? sharedMemory() : privateMemory();
  const kernel = { module: new WebAssembly.Module(bytes), wide };
  const host = createLocalHost(kernel, memory);
  const call = instantiate(kernel, memory);

  function place(array: Float32Array | Uint8Array | Uint32Array): number {
    const address = host.arena.allocate(array.byteLength);
    new Uint8Array(memory.buffer).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      address,
    );
    return address;
  }
  function network(shape: Shape, parameters: Reals): KernelNetwork {
    const made = new KernelNetwork(host, shape);
    made.write({
      weights: parameters.weights.map((values) => Float32Array.from(values)),
      biases: parameters.biases.map((values) => Float32Array.from(values)),
    });
    return made;
  }
  return {
    name: `wasm, ${kind} memory, ${wide ? "wide" : "narrow"} tiles`,
    train(shape, start, data, order, options) {
      const made = network(shape, start);
      made.configure(options);
      const stride = paddedInputs(shape.inputs);
      const padded = new Float32Array(data.labels.length * stride);
      for (let n = 0; n < data.labels.length; n++)
        for (let k = 0; k < shape.inputs; k++)
          padded[n * stride + k] = data.inputs[n * shape.inputs + k];
      const rows = place(padded);
      const labels = place(Uint8Array.from(data.labels));
      const indices = place(Uint32Array.from(order));
      const objectives = host.arena.allocate(8 * order.length);
      const steps = call({
        name: "train",
        args: [made.address, rows, labels, indices, order.length, objectives],
      });
      const result = {
        objectives: [...new Float64Array(memory.buffer, objectives, steps)],
        parameters: made.read(),
        squaredNorms: [] as number[],
      };
      call({ name: "measureNorms", args: [made.address] });
      result.squaredNorms = [...made.squaredNorms()];
      for (const address of [rows, labels, indices, objectives]) host.arena.free(address);
      made.free();
      return result;
    },
    evaluate(shape, parameters, data) {
      const made = network(shape, parameters);
      const stride = paddedInputs(shape.inputs);
      const count = data.labels.length;
      // From the last to the first: an evaluation's order decides nothing.
      const order = Array.from({ length: count }, (_, n) => count - 1 - n);
      const grouped = new Float32Array(Math.ceil(count / 8) * 8 * stride);
      order.forEach((n, at) => {
        for (let k = 0; k < shape.inputs; k++)
          grouped[((at >> 3) * stride + k) * 8 + (at & 7)] = data.inputs[n * shape.inputs + k];
      });
      const groups = place(grouped);
      const indices = place(Uint32Array.from(order));
      const alike = place(beginAlike(order, data.inputs, shape.inputs));
      const labels = place(Uint8Array.from(data.labels));
      const chunks = Math.ceil(count / EVALUATION_CHUNK);
      const losses = host.arena.allocate(8 * (count + chunks));
      const correct = call({
        name: "evaluate",
        args: [made.address, groups, indices, alike, labels, count, losses],
      });
      const sums = new Float64Array(memory.buffer, losses + 8 * count, chunks);
      const loss = sums.reduce((a, b) => a + b, 0);
      for (const address of [groups, indices, alike, labels, losses]) host.arena.free(address);
      made.free();
      return { loss, correct };
    },
  };
}

/** For each batch of 64 the number of inputs, fewer than all, with which its examples begin alike. */
function beginAlike(order: number[], inputs: ArrayLike<number>, size: number): Uint32Array {
  const alike = new Uint32Array(Math.ceil(order.length / EVALUATION_BATCH)).fill(size - 1);
  order.forEach((n, at) => {
    const batch = Math.floor(at / EVALUATION_BATCH);
    const first = order[batch * EVALUATION_BATCH];
    let same = 0;
    while (same < alike[batch] && inputs[n * size + same] === inputs[first * size + same]) same++;
    alike[batch] = same;
  });
  return alike;
}

const exact = reference("reference, float64", float64);
const rounded = reference("reference, float32", float32);
const kernels = (["private", "shared"] as const).flatMap((kind) => [
  wasm(kind, false),
  wasm(kind, true),
]);

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

/** A small generator for test data only. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function randomProblem(shape: Shape, examples: number, scale: number) {
  const next = noise(examples * 7919 + shape.inputs);
  const floats = (count: number, size: number) =>
    Float32Array.from({ length: count }, () => size * next());
  const start: Parameters = {
    weights: layerInputs(shape).map((inputs, l) => floats(inputs * layerOutputs(shape)[l], 0.3)),
    biases: layerOutputs(shape).map((outputs) => floats(outputs, 0.1)),
  };
  const data: Data = {
    inputs: floats(examples * shape.inputs, scale),
    labels: Uint8Array.from({ length: examples }, () =>
      Math.floor((next() + 1) * 0.5 * shape.classes),
    ),
  };
  return { start, data, index: () => Math.floor((next() + 1) * 0.5 * examples) };
}

const bits = (values: ArrayLike<number>) =>
  Array.from(new Uint32Array(Float32Array.from(values).buffer));

describe.each(kernels)("$name has the reference's bits in float32", ({ train, evaluate }) => {
  test.each([
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
  ])("hidden $hidden, d $inputs, λ $regularization", ({ steps, regularization, ...shape }) => {
    const { start, data, index } = randomProblem(shape, 30, 1);
    const order = Array.from({ length: steps }, index);
    const options = { learningRate: 0.03, regularization };
    const ours = train(shape, start, data, order, options);
    const wanted = rounded.train(shape, start, data, order, options);
    expect(ours.objectives).toEqual(wanted.objectives);
    expect(ours.squaredNorms).toEqual(wanted.squaredNorms);
    wanted.parameters.weights.forEach((matrix, layer) => {
      expect(bits(ours.parameters.weights[layer])).toEqual(bits(matrix));
      expect(bits(ours.parameters.biases[layer])).toEqual(bits(wanted.parameters.biases[layer]));
    });
    expect(evaluate(shape, ours.parameters, data)).toEqual(
      rounded.evaluate(shape, ours.parameters, data),
    );
  });

  test("evaluation over several chunks", () => {
    const shape = { inputs: 6, hidden: [5], classes: 3 };
    const { start, data } = randomProblem(shape, 1301, 2);
    expect(evaluate(shape, start, data)).toEqual(rounded.evaluate(shape, start, data));
  });

  test.each([3, 8, 37])("evaluation of examples that begin alike, width %d", (width) => {
    const shape = { inputs: 13, hidden: [width], classes: 3 };
    const { start, data } = randomProblem(shape, 150, 2);
    // The batches begin with 0, 5 and 13 inputs that all of their examples have.
    data.inputs.forEach((_, at) => {
      const [n, k] = [Math.floor(at / 13), at % 13];
      if (n < 150 - 64 && (k < 5 || n < 150 - 128)) data.inputs[at] = 0.7 - k;
    });
    expect(evaluate(shape, start, data)).toEqual(rounded.evaluate(shape, start, data));
  });

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
