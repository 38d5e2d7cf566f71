// The reference's training by single examples: exact blocked SGD, as the kernel's function `train` does it.

import { laneSum } from "../model/arithmetic.ts";
import { ratesByKind } from "../model/layer-rates.ts";
import { blockSize } from "./blocks.ts";
import {
  powersOf,
  zeros,
  type Examples,
  type Layers,
  type ReferenceOptions,
} from "./reference-layers.ts";

/** Makes one step for each entry of `order`; the objective of each step before its update. */
export function trainExamples(
  layers: Layers,
  examples: Examples,
  order: ArrayLike<number>,
  options: ReferenceOptions,
): Float64Array {
  const objectives = zeros(order.length);
  const norms = layers.squaredNorms();
  const size = blockSize(layers.outputs[0]);
  for (let begin = 0; begin < order.length; begin += size) {
    const block = Array.from(
      { length: Math.min(size, order.length - begin) },
      (_, i) => order[begin + i],
    );
    objectives.set(trainBlock(layers, examples, block, options, norms), begin);
  }
  return objectives;
}

function trainBlock(
  layers: Layers,
  examples: Examples,
  block: readonly number[],
  { learningRate, regularization, layerRates }: ReferenceOptions,
  norms: Float64Array,
): readonly number[] {
  const { arithmetic, top } = layers;
  const { round } = arithmetic;
  const { objective } = layers.functions;
  const weights = layers.parameters.weights[0];
  const eta = round(learningRate);
  const rates = ratesByKind(layerRates, layers.outputs.length);
  const biasRate = layers.shape.bias === false ? 0 : round(rates.biases[0]);
  const decays = rates.weights.map((factor) => 1 - learningRate * factor * regularization);
  const exactPowers = powersOf(decays[0], block.length);
  const powers = exactPowers.map(round);
  const ratedPowers = exactPowers.map((power) => round(rates.weights[0] * power));
  const x = block.map((index) => layers.values(examples, index));
  const gram = x.map((xi) => x.map((xj) => layers.inner(xi, xj)));
  const products = x.map((xi) => layers.times(xi, weights));
  const startBiases = layers.biases(0).slice();
  const gradients: Float64Array[] = [];

  const objectives = block.map((index, i) => {
    const label = examples.labels[index];
    const coefficients = gradients.map((_, j) =>
      round(round(ratedPowers[i - 1 - j] * gram[i][j]) + biasRate),
    );
    const z = products[i].map((product, unit) => {
      let sum = round(round(powers[i] * product) + startBiases[unit]);
      gradients.forEach((g, j) => {
        sum = round(sum - round(coefficients[j] * g[unit]));
      });
      return sum;
    });
    const { preactivations, activations } = layers.forward(z, laneSum);
    const scores = preactivations[top];
    let value = objective.loss(scores, label, arithmetic);
    let g: Float64Array = objective
      .gradient(scores, label, arithmetic)
      .map((slope) => round(eta * slope));
    if (regularization !== 0) value += 0.5 * regularization * norms.reduce((a, b) => a + b, 0);

    const carryNorm = (layer: number, squaredInput: number) => {
      const z = preactivations[layer];
      const values = layer === top ? z : activations[layer];
      const biases = layers.biases(layer);
      const [decay, factor] = [decays[layer], rates.weights[layer]];
      norms[layer] = carriedNorm(norms[layer], decay, factor, z, values, biases, g, squaredInput);
    };
    for (let layer = top; layer > 0; layer--) {
      const below = activations[layer - 1];
      const [decay, factor] = [decays[layer], rates.weights[layer]].map(round);
      carryNorm(
        layer,
        below.reduce((sum, a) => sum + a * a, 0),
      );
      const passed = layers.backward(layer, g);
      moveWeights(layers, layer, below, g, decay, factor);
      moveBiases(layers, layer, g, round(rates.biases[layer]));
      g = layers.throughActivation(passed, preactivations[layer - 1], below);
    }
    carryNorm(0, gram[i][i]);
    moveBiases(layers, 0, g, round(rates.biases[0]));
    gradients.push(g);
    return value;
  });

  const scaled = gradients.map((g, j) =>
    g.map((value) => round(ratedPowers[block.length - 1 - j] * value)),
  );
  const width = layers.outputs[0];
  weights.forEach((start, at) => {
    const [k, unit] = [Math.floor(at / width), at % width];
    let weight = round(powers[block.length] * start);
    scaled.forEach((g, j) => {
      weight = round(weight - round(x[j][k] * g[unit]));
    });
    weights[at] = weight;
  });
  return objectives;
}

function moveWeights(
  { arithmetic: { round }, parameters }: Layers,
  layer: number,
  a: Float64Array,
  g: Float64Array,
  decay: number,
  factor: number,
): void {
  const matrix = parameters.weights[layer];
  a.forEach((activation, u) => {
    const moved = round(factor * activation);
    g.forEach((gradient, c) => {
      const at = u * g.length + c;
      matrix[at] = round(round(decay * matrix[at]) - round(moved * gradient));
    });
  });
}

function moveBiases(
  { arithmetic: { round }, parameters }: Layers,
  layer: number,
  g: Float64Array,
  factor: number,
): void {
  const biases = parameters.biases[layer];
  biases.forEach((bias, unit) => {
    biases[unit] = round(bias - round(factor * g[unit]));
  });
}

/** ‖αW − f a gᵀ‖² = α²‖W‖² − 2αf Σ_o (z_o − b_o) g_o + f²‖a‖² Σ_o g_o²; where g is 0, the value stands for z. */
function carriedNorm(
  norm: number,
  decay: number,
  factor: number,
  z: Float64Array,
  values: Float64Array,
  biases: Float64Array,
  g: Float64Array,
  squaredInput: number,
): number {
  let along = 0;
  let squared = 0;
  g.forEach((gradient, unit) => {
    along += ((gradient === 0 ? values : z)[unit] - biases[unit]) * gradient;
    squared += gradient * gradient;
  });
  return (
    decay * decay * norm - 2 * decay * factor * along + factor * factor * squaredInput * squared
  );
}
