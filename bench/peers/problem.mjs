// The arrays that ../problem.mjs wrote, as a peer in JavaScript reads them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const folder = process.argv[2];

/** @param {string} name */
function bytes(name) {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** @typedef {{ x: Float32Array, y: Uint8Array, examples: number }} Examples */

/** @type {{ EXAMPLES: number, TEST_EXAMPLES: number, INPUTS: number, CLASSES: number, LEARNING_RATE: number, CHECKED_STEPS: number }} */
const constants = JSON.parse(readFileSync(join(folder, "problem.json"), "utf8"));

export const { INPUTS, CLASSES, LEARNING_RATE, CHECKED_STEPS } = constants;

/** @type {Examples} */
export const train = {
  x: new Float32Array(bytes("train.f32")),
  y: new Uint8Array(bytes("train-labels.u8")),
  examples: constants.EXAMPLES,
};

/** @type {Examples} */
export const test = {
  x: new Float32Array(bytes("test.f32")),
  y: new Uint8Array(bytes("test-labels.u8")),
  examples: constants.TEST_EXAMPLES,
};

export const order = new Uint32Array(bytes("order.u32"));

/**
 * W₁ (784, width) and W₂ (width, 10) of the start.
 * @param {number} width
 */
export function initialWeights(width) {
  return [1, 2].map((layer) => new Float32Array(bytes(`weights-${width}-${layer}.f32`)));
}

/**
 * (examples, 10), float32.
 * @param {Examples} examples
 */
export function oneHot({ y, examples }) {
  const rows = new Float32Array(examples * CLASSES);
  for (let n = 0; n < examples; n++) rows[n * CLASSES + y[n]] = 1;
  return rows;
}
