// The kernel's algorithm in all of its implementations behind one interface: the reference in float64 and in float32,
// and the wasm kernel in both of its builds and sizes of tiles.

import { readFileSync } from "node:fs";
import {
  createLocalHost,
  instantiate,
  privateMemory,
  sharedMemory,
} from "../../src/kernel/host.ts";
import {
  KernelNetwork,
  paddedInputs,
  type TrainingOptions,
} from "../../src/kernel/kernel-network.ts";
import { EVALUATION_BATCH, EVALUATION_CHUNK } from "../../src/kernel/blocks.ts";
import { ReferenceNetwork, type Examples } from "../../src/kernel/reference.ts";
import { float32, float64, type Arithmetic } from "../../src/model/arithmetic.ts";
import type { Parameters, Shape } from "../../src/model/network.ts";
import { adamRates } from "../../src/model/optimizers/adam-rates.ts";
import { stepsOfPass, type Stepping } from "../../src/model/optimizers/choice.ts";
import type { NetworkFunctions } from "../../src/model/parts.ts";
import { evaluationBytes, evaluationCall } from "../../src/training/evaluate.ts";

type Reals = Parameters<Float32Array | Float64Array>;

/** A training; without `stepping` by single examples and no optimizer's state. */
export interface TrainedWith extends TrainingOptions {
  readonly stepping?: Stepping;
  /** What the optimizer has kept of each parameter; defaults to 0. */
  readonly state?: readonly Reals[];
  /** Steps that were made before, which Adam counts; defaults to 0. */
  readonly stepsBefore?: number;
  /** Passes over the examples in the order, which has as many of each; defaults to 1. */
  readonly passes?: number;
}

export interface Trained {
  /** One a step. */
  objectives: number[];
  parameters: Reals;
  state: readonly Reals[];
  squaredNorms: number[];
}

export interface Implementation {
  name: string;
  /** A reference goes on past an objective that is not finite, a kernel where it is asked to. */
  train: (
    shape: Shape,
    start: Reals,
    data: Examples,
    order: number[],
    options: TrainedWith,
    functions?: NetworkFunctions,
  ) => Trained;
  evaluate: (
    shape: Shape,
    parameters: Reals,
    data: Examples,
    functions?: NetworkFunctions,
  ) => { loss: number; correct: number };
}

function reference(name: string, arithmetic: Arithmetic): Implementation {
  return {
    name,
    train(shape, start, data, order, options, functions) {
      const { stepping, state, stepsBefore = 0, passes = 1 } = options;
      const network = new ReferenceNetwork(shape, start, arithmetic, functions, stepping, state);
      const objectives: number[] = [];
      for (let pass = 0; pass < passes; pass++) {
        const examples = passOf(order, pass, passes);
        const before = stepsBefore + objectives.length;
        objectives.push(...network.train(data, examples, { ...options, stepsBefore: before }));
      }
      return {
        objectives,
        parameters: network.parameters,
        state: network.state,
        squaredNorms: [...network.squaredNorms()],
      };
    },
    evaluate: (shape, parameters, data, functions) =>
      new ReferenceNetwork(shape, parameters, arithmetic, functions).evaluate(
        data,
        EVALUATION_CHUNK,
      ),
  };
}

/** The part of an order that pass `pass` takes, from 0. */
function passOf(order: readonly number[], pass: number, passes: number): number[] {
  const examples = order.length / passes;
  return order.slice(pass * examples, (pass + 1) * examples);
}

function float32Copy({ weights, biases }: Reals): Parameters {
  const copy = (values: ArrayLike<number>) => Float32Array.from(values);
  return { weights: weights.map(copy), biases: biases.map(copy) };
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
  function network(
    shape: Shape,
    parameters: Reals,
    functions?: NetworkFunctions,
    { stepping, state }: Pick<TrainedWith, "stepping" | "state"> = {},
  ): KernelNetwork {
    const made = new KernelNetwork(host, shape, functions, stepping);
    made.write(float32Copy(parameters), state?.map(float32Copy));
    return made;
  }
  return {
    name: `wasm, ${kind} memory, ${wide ? "wide" : "narrow"} tiles`,
    train(shape, start, data, order, options, functions) {
      const made = network(shape, start, functions, options);
      const { stepping = {}, learningRate, stepsBefore = 0, passes = 1 } = options;
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
      const { optimizer } = stepping;
      const examples = order.length / passes;
      const count = passes * stepsOfPass(stepping, examples);
      const rates =
        optimizer?.kind === "adam" ? adamRates(optimizer, learningRate, stepsBefore, count) : [];
      const stepRates = place(Float32Array.from(rates));
      const given = [rows, labels, indices];
      const steps = call({
        name: made.trainingCall,
        args:
          made.trainingCall === "train"
            ? [made.address, ...given, order.length, objectives]
            : [made.address, ...given, examples, passes, objectives, stepRates],
      });
      const result = {
        objectives: [...new Float64Array(memory.buffer, objectives, steps)],
        parameters: made.read(),
        state: made.readState(),
        squaredNorms: [] as number[],
      };
      call({ name: "measureNorms", args: [made.address] });
      result.squaredNorms = [...made.squaredNorms()];
      for (const address of [rows, labels, indices, objectives, stepRates])
        host.arena.free(address);
      made.free();
      return result;
    },
    evaluate(shape, parameters, data, functions) {
      const made = network(shape, parameters, functions);
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
      const sharedInputs = place(sharedBeginnings(order, data.inputs, shape.inputs));
      const labels = place(Uint8Array.from(data.labels));
      const chunks = Math.ceil(count / EVALUATION_CHUNK);
      const losses = host.arena.allocate(evaluationBytes(shape, count));
      const set = { examples: count, groups, indices, sharedInputs, labels };
      const correct = call(evaluationCall(made, set, count, losses));
      const sums = new Float64Array(memory.buffer, losses + 8 * count, chunks);
      const loss = sums.reduce((a, b) => a + b, 0);
      for (const address of [groups, indices, sharedInputs, labels, losses])
        host.arena.free(address);
      made.free();
      return { loss, correct };
    },
  };
}

/** For each batch of 64 the number of inputs, fewer than all, with which its examples begin with the same values. */
function sharedBeginnings(order: number[], inputs: ArrayLike<number>, size: number): Uint32Array {
  const sharedInputs = new Uint32Array(Math.ceil(order.length / EVALUATION_BATCH)).fill(size - 1);
  order.forEach((n, at) => {
    const batch = Math.floor(at / EVALUATION_BATCH);
    const first = order[batch * EVALUATION_BATCH];
    let same = 0;
    while (same < sharedInputs[batch] && inputs[n * size + same] === inputs[first * size + same])
      same++;
    sharedInputs[batch] = same;
  });
  return sharedInputs;
}

/** The exact computation. */
export const exact = reference("reference, float64", float64);
/** What the kernels are to equal, bit by bit. */
export const rounded = reference("reference, float32", float32);
/** Over both kinds of memory, with both sizes of tiles. */
export const kernels = (["private", "shared"] as const).flatMap((kind) => [
  wasm(kind, false),
  wasm(kind, true),
]);
