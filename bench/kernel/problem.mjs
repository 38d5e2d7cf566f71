// The problem that all runners solve: the homework's own data and learning rate, with initial weights and an order
// of examples, written as plain arrays for the peers. Everything little-endian, row-major.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadFashionMnist } from "../../dist/data/load.node.js";
import { standardizationOf, standardizeInto } from "../../dist/data/standardize.js";
import { subsetLabels } from "../../dist/data/subset.js";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { TorchGenerator } from "../../dist/random/torch.js";

export const EXAMPLES = 6000;
export const TEST_EXAMPLES = 10_000;
export const INPUTS = 784;
export const CLASSES = 10;
export const LEARNING_RATE = 0.005;
/** The order of examples is NumPy's legacy stream of this seed, which a peer may draw itself. */
const ORDER_SEED = 2;
/** Steps of the check: long enough to see a wrong update, too short for chaos to part two right runs. */
export const CHECKED_STEPS = 300;

/** @param {number} count */
export function drawOrder(count) {
  return new NumpyRandomState(ORDER_SEED).randints(EXAMPLES, count);
}

/**
 * Initial weights for one hidden layer: W₁ (784, width), W₂ (width, 10). Biases are zero. They are larger than the
 * homework's, from which so few steps would move the objective by no more than a wrong update might.
 * @param {number} width
 */
export function initialWeights(width) {
  const generator = new TorchGenerator(0);
  const matrix = (/** @type {number} */ size) => generator.randn(size).map((value) => 0.05 * value);
  return [matrix(INPUTS * width), matrix(width * CLASSES)];
}

export async function loadHomework() {
  const { dataset } = await loadFashionMnist();
  const subset = new NumpyRandomState(1).choiceWithoutReplacement(dataset.train.examples, EXAMPLES);
  return { dataset, subset };
}

/**
 * @param {string} folder
 * @param {readonly number[]} widths
 */
export async function writeProblem(folder, widths) {
  const { dataset, subset } = await loadHomework();
  const inputs = standardizationOf(dataset.train, subset);
  const train = new Float32Array(EXAMPLES * INPUTS);
  const test = new Float32Array(TEST_EXAMPLES * INPUTS);
  standardizeInto(train, dataset.train, subset, inputs);
  standardizeInto(test, dataset.test, null, inputs);
  const constants = {
    EXAMPLES,
    TEST_EXAMPLES,
    INPUTS,
    CLASSES,
    LEARNING_RATE,
    ORDER_SEED,
    CHECKED_STEPS,
  };
  await Promise.all([
    writeFile(join(folder, "problem.json"), JSON.stringify(constants)),
    writeFile(join(folder, "train.f32"), train),
    writeFile(join(folder, "test.f32"), test),
    writeFile(join(folder, "train-labels.u8"), subsetLabels(dataset.train, subset)),
    writeFile(join(folder, "test-labels.u8"), subsetLabels(dataset.test, null)),
    writeFile(join(folder, "order.u32"), drawOrder(EXAMPLES)),
    ...widths.flatMap((width) =>
      initialWeights(width).map((matrix, layer) =>
        writeFile(join(folder, `weights-${width}-${layer + 1}.f32`), matrix),
      ),
    ),
  ]);
}
