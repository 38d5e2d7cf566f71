// Networks and trainings beyond the homework's: momentum, batches, several hidden layers. What they compute on decides no
// time, so the inputs of the small ones are drawn.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { CLASSES, EXAMPLES, INPUTS } from "./problem.mjs";

/**
 * @typedef {object} Shape
 * @property {string} name
 * @property {number} inputs
 * @property {readonly number[]} hidden
 * @property {number} examples
 * @property {number} batch
 * @property {"momentum" | "adam"} optimizer
 * @property {number} learningRate
 * @property {readonly [number, number]} goals how many times as fast as JAX at its best: before Node 24, and from then on
 */

const [SMALL_INPUTS, SMALL_EXAMPLES] = [40, 4000];

/**
 * @param {number} batch
 * @param {readonly number[]} hidden
 * @param {readonly [number, number]} goals
 * @param {Shape["optimizer"]} optimizer
 * @returns {Shape}
 */
function shape(batch, hidden, goals, optimizer = "momentum") {
  const small = hidden.length > 1;
  const inputs = small ? SMALL_INPUTS : INPUTS;
  const name = `${[inputs, ...hidden, CLASSES].join("-")}, batch ${batch}, ${optimizer}`;
  const examples = small ? SMALL_EXAMPLES : EXAMPLES;
  const learningRate = optimizer === "adam" || batch === 1 ? 0.0005 : 0.01;
  return { name, inputs, hidden, examples, batch, optimizer, learningRate, goals };
}

export const SHAPES = [
  shape(1, [32], [2.3, 4]),
  shape(1, [512], [1.4, 2.4]),
  shape(32, [32], [0.9, 1.5]),
  shape(32, [512], [0.55, 1]),
  shape(100, [30, 30], [0.8, 1.3]),
  shape(100, [100, 100], [0.55, 0.95]),
  shape(100, [300, 300], [0.45, 0.8]),
  shape(100, [300, 300], [0.45, 0.8], "adam"),
];

/** Of momentum, and of Adam with its usual β and ε. */
export const OPTIMIZERS = {
  momentum: { kind: /** @type {const} */ ("sgd"), momentum: 0.9 },
  adam: { kind: /** @type {const} */ ("adam"), beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

/** @param {Shape} shape */
export function sizesOf({ inputs, hidden }) {
  return [inputs, ...hidden, CLASSES];
}

/** Inputs (n, d), labels and weights (in, out) of a shape, and the order of a pass. @param {Shape} shape */
export function drawShape(shape) {
  const random = new NumpyRandomState(3);
  const normals = (/** @type {number} */ count, /** @type {number} */ scale) =>
    Float32Array.from({ length: count }, () => scale * random.standardNormal());
  const sizes = sizesOf(shape);
  return {
    inputs: normals(shape.examples * shape.inputs, 1),
    labels: Uint8Array.from(random.randints(CLASSES, shape.examples)),
    order: random.permutation(shape.examples),
    weights: sizes
      .slice(1)
      .map((out, layer) => normals(sizes[layer] * out, 1 / Math.sqrt(sizes[layer]))),
  };
}

/** @param {string} folder */
export async function writeShapes(folder) {
  await writeFile(
    join(folder, "shapes.json"),
    JSON.stringify(SHAPES.map((shape) => ({ ...shape, sizes: sizesOf(shape) }))),
  );
  for (const [index, shape] of SHAPES.entries()) {
    const { inputs, labels, order, weights } = drawShape(shape);
    const write = (
      /** @type {string} */ what,
      /** @type {Uint8Array | Float32Array | Uint32Array} */ values,
    ) => writeFile(join(folder, `shape-${index}-${what}`), values);
    await write("inputs.f32", inputs);
    await write("labels.u8", labels);
    await write("order.u32", order);
    for (const [layer, matrix] of weights.entries())
      await write(`weights-${layer + 1}.f32`, matrix);
  }
}
