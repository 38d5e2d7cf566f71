// The runner of widthwise's own kernel, on one thread: what the product's workers call, called here.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createLocalHost, instantiate, sharedMemory } from "../../dist/kernel/host.js";
import { KernelNetwork } from "../../dist/kernel/kernel-network.js";
import { adamRates } from "../../dist/model/optimizers/adam-rates.js";
import { evaluationBytes, evaluationCall } from "../../dist/training/evaluate.js";
import { prepareExamples } from "../../dist/training/examples.js";
import { compileKernel } from "../../dist/pool/node/compile.js";
import { peakMeter } from "../peak/peak.mjs";
import {
  CHECKED_STEPS,
  CLASSES,
  drawOrder,
  EXAMPLES,
  initialWeights,
  INPUTS,
  LEARNING_RATE,
  loadHomework,
} from "./problem.mjs";
import { drawShape, OPTIMIZERS, SHAPES, sizesOf } from "./shapes.mjs";
import { microsecondsPerStep, milliseconds, serve } from "./protocol.mjs";

const kernel = await compileKernel();
const memory = sharedMemory();
const host = createLocalHost(kernel, memory);
const call = instantiate(kernel, memory);

const { dataset, subset } = await loadHomework();
const examples = await prepareExamples(host, dataset, subset);
const orderAddress = host.arena.allocate(4 * EXAMPLES);
new Uint32Array(memory.buffer, orderAddress, EXAMPLES).set(drawOrder(EXAMPLES));
const objectives = host.arena.allocate(8 * EXAMPLES);

/** @type {Map<number, KernelNetwork>} */
const networks = new Map();
/** @type {Map<number, () => number>} */
const passes = new Map();

/** @param {number} width */
function networkOf(width) {
  let network = networks.get(width);
  if (!network) {
    network = new KernelNetwork(host, { inputs: INPUTS, hidden: [width], classes: CLASSES });
    const biases = [width, CLASSES].map((count) => new Float32Array(count));
    network.write({ weights: initialWeights(width), biases });
    network.configure({ learningRate: LEARNING_RATE, regularization: 0 });
    networks.set(width, network);
  }
  return network;
}

/**
 * @param {number} width
 * @param {number} steps
 */
function train(width, steps) {
  const { rows, train: set } = examples;
  const args = [networkOf(width).address, rows, set.labels, orderAddress, steps, objectives];
  const made = call({ name: "train", args });
  if (made !== steps) throw new Error(`training diverged at step ${made}`);
  return made;
}

/** @param {number} width */
function evaluate(width) {
  return [examples.train, examples.test].map((set) => {
    const network = networkOf(width);
    const losses = host.arena.allocate(evaluationBytes(network.shape, set.examples));
    const right = call(evaluationCall(network, set, set.examples, losses));
    host.arena.free(losses);
    return right;
  });
}

/**
 * What makes a pass of a shape (shapes.mjs) and gives its mean objective.
 * @param {number} index
 */
function passOf(index) {
  const known = passes.get(index);
  if (known) return known;
  const shape = SHAPES[index];
  const { inputs, hidden, batch, learningRate } = shape;
  const drawn = drawShape(shape);
  const stepping = { batch, optimizer: OPTIMIZERS[shape.optimizer] };
  const network = new KernelNetwork(
    host,
    { inputs, hidden, classes: CLASSES },
    undefined,
    stepping,
  );
  const biases = sizesOf(shape)
    .slice(1)
    .map((count) => new Float32Array(count));
  network.write({ weights: drawn.weights, biases });
  network.configure({ learningRate, regularization: 0 });
  const [rows, labels, order] = [drawn.inputs, drawn.labels, drawn.order].map(place);
  const steps = Math.floor(shape.examples / batch);
  const rates = host.arena.allocate(8 * steps);
  let before = 0;
  const pass = () => {
    if (stepping.optimizer.kind === "adam") {
      const pairs = adamRates(stepping.optimizer, learningRate, before, steps);
      new Float32Array(memory.buffer, rates, 2 * steps).set(pairs);
      before += steps;
    }
    const args = [network.address, rows, labels, order, steps * batch, 1, objectives, rates];
    if (call({ name: "trainBatches", args }) !== steps) throw new Error("training diverged");
    return new Float64Array(memory.buffer, objectives, steps).reduce((a, b) => a + b, 0) / steps;
  };
  passes.set(index, pass);
  return pass;
}

/** @param {Uint8Array | Uint32Array | Float32Array} values */
function place(values) {
  const address = host.arena.allocate(values.byteLength);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  new Uint8Array(memory.buffer).set(bytes, address);
  return address;
}

const peak = peakMeter(await readFile(join(process.argv[2], "peak.wasm")));

await serve(
  { version: process.versions.node },
  {
    check({ width, shape }) {
      if (shape !== undefined) return { objective: passOf(shape)(), right: [] };
      train(width, CHECKED_STEPS);
      const made = new Float64Array(memory.buffer, objectives, CHECKED_STEPS);
      const objective = made.reduce((sum, value) => sum + value, 0) / CHECKED_STEPS;
      return { objective, right: evaluate(width) };
    },
    async steps({ width, shape, seconds }) {
      if (shape !== undefined) {
        const { examples: n, batch } = SHAPES[shape];
        const pass = passOf(shape);
        const chunk = () => {
          pass();
          return n - (n % batch);
        };
        return { value: await microsecondsPerStep(seconds, chunk) };
      }
      return { value: await microsecondsPerStep(seconds, () => train(width, EXAMPLES)) };
    },
    evaluation: async ({ width }) => ({ value: await milliseconds(() => evaluate(width)) }),
    /** GMAC/s of 128-bit multiply then add. */
    peak: () => ({ value: Math.max(...Array.from({ length: 5 }, peak)) }),
  },
);
