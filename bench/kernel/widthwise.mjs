// The runner of widthwise's own kernel, on one thread: what the product's workers call, called here.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createLocalHost, instantiate, sharedMemory } from "../../dist/kernel/host.js";
import { KernelNetwork } from "../../dist/kernel/kernel-network.js";
import { evaluationCall, lossBytes } from "../../dist/training/evaluate.js";
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
const losses = host.arena.allocate(lossBytes(dataset.test.examples));

/** @type {Map<number, KernelNetwork>} */
const networks = new Map();

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
  return [examples.train, examples.test].map((set) =>
    call(evaluationCall(networkOf(width), set, set.examples, losses)),
  );
}

const peak = peakMeter(await readFile(join(process.argv[2], "peak.wasm")));

await serve(
  { version: process.versions.node },
  {
    check({ width }) {
      train(width, CHECKED_STEPS);
      const made = new Float64Array(memory.buffer, objectives, CHECKED_STEPS);
      const objective = made.reduce((sum, value) => sum + value, 0) / CHECKED_STEPS;
      return { objective, right: evaluate(width) };
    },
    async steps({ width, seconds }) {
      return { value: await microsecondsPerStep(seconds, () => train(width, EXAMPLES)) };
    },
    evaluation: async ({ width }) => ({ value: await milliseconds(() => evaluate(width)) }),
    /** GMAC/s of 128-bit multiply then add. */
    peak: () => ({ value: Math.max(...Array.from({ length: 5 }, peak)) }),
  },
);
