// The kernel written to be read: the same algorithm in the same order of operations. With `float32` it gives
// the wasm kernel's bits; with `float64` it is the exact computation that both are measured against.

import { exp, expFloat32, log } from "./elementary.ts";
import {
  blockSize,
  layerInputs,
  layerOutputs,
  type Parameters,
  type Shape,
} from "../model/network.ts";

/** Rounding after each operation, and the exponential that goes with it. */
export interface Arithmetic {
  readonly round: (x: number) => number;
  readonly exp: (x: number) => number;
}

export const float32: Arithmetic = { round: Math.fround, exp: expFloat32 };
export const float64: Arithmetic = { round: (x) => x, exp };

export interface Examples {
  /** (n, d) row-major. */
  readonly inputs: ArrayLike<number>;
  /** (n), class indices. */
  readonly labels: ArrayLike<number>;
}

export interface ReferenceOptions {
  readonly learningRate: number;
  /** λ in loss + λ/2 · Σ‖W‖². */
  readonly regularization: number;
}

type Reals = Parameters<Float64Array>;

const relu = (z: number): number => (z < 0 ? 0 : z);
const zeros = (count: number): Float64Array => new Float64Array(count);

/** A perceptron that trains by exact blocked SGD; holds float64 copies of the parameters it is given. */
export class ReferenceNetwork {
  readonly parameters: Reals;
  readonly #shape: Shape;
  readonly #arithmetic: Arithmetic;
  readonly #inputs: number[];
  readonly #outputs: number[];

  constructor(
    shape: Shape,
    parameters: Parameters<Float32Array | Float64Array>,
    arithmetic: Arithmetic,
  ) {
    this.#shape = shape;
    this.#arithmetic = arithmetic;
    this.#inputs = layerInputs(shape);
    this.#outputs = layerOutputs(shape);
    this.parameters = {
      weights: parameters.weights.map((values) => Float64Array.from(values)),
      biases: parameters.biases.map((values) => Float64Array.from(values)),
    };
  }

  /** Makes one step for each entry of `order`; the objective of each step before its update. */
  train(examples: Examples, order: ArrayLike<number>, options: ReferenceOptions): Float64Array {
    const objectives = zeros(order.length);
    const norms = this.squaredNorms();
    const size = blockSize(this.#outputs[0]);
    for (let begin = 0; begin < order.length; begin += size) {
      const block = Array.from(
        { length: Math.min(size, order.length - begin) },
        (_, i) => order[begin + i],
      );
      objectives.set(this.#trainBlock(examples, block, options, norms), begin);
    }
    return objectives;
  }

  #trainBlock(
    { inputs, labels }: Examples,
    block: readonly number[],
    { learningRate, regularization }: ReferenceOptions,
    norms: Float64Array,
  ): Float64Array {
    const { round } = this.#arithmetic;
    const { weights, biases } = this.parameters;
    const d = this.#shape.inputs;
    const width = this.#outputs[0];
    const top = this.#outputs.length - 1;
    const eta = round(learningRate);
    const decay = 1 - learningRate * regularization;
    const powers = powersOf(decay, block.length).map(round);
    const x = block.map((index) => Array.from({ length: d }, (_, k) => inputs[index * d + k]));
    const gram = x.map((xi) => x.map((xj) => this.#inner(xi, xj)));
    const products = x.map((xi) => this.#times(xi, weights[0], width));
    const startBiases = biases[0].slice();
    const gradients: Float64Array[] = [];

    const objectives = block.map((index, i) => {
      const coefficients = gradients.map((_, j) =>
        round(round(powers[i - 1 - j] * gram[i][j]) + 1),
      );
      const z = products[i].map((product, unit) => {
        let sum = round(round(powers[i] * product) + startBiases[unit]);
        gradients.forEach((g, j) => {
          sum = round(sum - round(coefficients[j] * g[unit]));
        });
        return sum;
      });
      const activations = this.#forward(z);
      const { loss, gradient } = this.#softmax(activations[top], labels[index]);
      let objective = loss;
      let g: Float64Array = gradient.map((value) => round(eta * value));
      if (regularization !== 0)
        objective += 0.5 * regularization * norms.reduce((a, b) => a + b, 0);

      for (let layer = top; layer > 0; layer--) {
        const below = activations[layer - 1];
        const squared = below.reduce((sum, a) => sum + a * a, 0);
        norms[layer] = carriedNorm(
          norms[layer],
          decay,
          activations[layer],
          biases[layer],
          g,
          squared,
        );
        const passed = this.#stepDense(layer, below, g, powers[1] ?? 1);
        this.#moveBiases(layer, g);
        g = passed;
      }
      norms[0] = carriedNorm(norms[0], decay, activations[0], biases[0], g, gram[i][i]);
      this.#moveBiases(0, g);
      gradients.push(g);
      return objective;
    });

    const scaled = gradients.map((g, j) =>
      g.map((value) => round(powers[block.length - 1 - j] * value)),
    );
    for (let k = 0; k < d; k++) {
      for (let unit = 0; unit < width; unit++) {
        let weight = round(powers[block.length] * weights[0][k * width + unit]);
        scaled.forEach((g, j) => {
          weight = round(weight - round(x[j][k] * g[unit]));
        });
        weights[0][k * width + unit] = weight;
      }
    }
    return Float64Array.from(objectives);
  }

  /** Losses summed in chunks and right predictions of all examples. */
  evaluate({ inputs, labels }: Examples, chunk: number): { loss: number; correct: number } {
    const { round } = this.#arithmetic;
    const { weights, biases } = this.parameters;
    const d = this.#shape.inputs;
    let loss = 0;
    let correct = 0;
    for (let begin = 0; begin < labels.length; begin += chunk) {
      let sum = 0;
      for (let n = begin; n < Math.min(begin + chunk, labels.length); n++) {
        const x = Array.from({ length: d }, (_, k) => inputs[n * d + k]);
        const z = this.#times(x, weights[0], this.#outputs[0]).map((product, unit) =>
          round(product + biases[0][unit]),
        );
        const scores = this.#forward(z)[this.#outputs.length - 1];
        sum += this.#softmax(scores, labels[n]).loss;
        if (predicted(scores) === labels[n]) correct++;
      }
      loss += sum;
    }
    return { loss, correct };
  }

  /** ‖W‖² of each weight matrix, in the order of the kernel's memory. */
  squaredNorms(): Float64Array {
    return Float64Array.from(this.parameters.weights, (matrix, layer) => {
      const inputs = this.#inputs[layer];
      const outputs = this.#outputs[layer];
      let sum = 0;
      const add = (input: number, output: number) => {
        if (input < inputs && output < outputs) sum += matrix[input * outputs + output] ** 2;
      };
      if (layer === 0)
        for (let panel = 0; panel < outputs; panel += 8)
          for (let k = 0; k < inputs; k++) for (let u = 0; u < 8; u++) add(k, panel + u);
      else
        for (let group = 0; group < inputs; group += 4)
          for (let c = 0; c < outputs; c++) for (let u = 0; u < 4; u++) add(group + u, c);
      return sum;
    });
  }

  /** Activations of every layer from the first layer's pre-activations; the last ones are the scores. */
  #forward(z: Float64Array): Float64Array[] {
    const { round } = this.#arithmetic;
    const activations: Float64Array[] = [];
    const top = this.#outputs.length - 1;
    for (let layer = 0; ; layer++) {
      if (layer === top) return [...activations, z];
      const a = z.map(relu);
      activations.push(a);
      const matrix = this.parameters.weights[layer + 1];
      const outputs = this.#outputs[layer + 1];
      z = this.parameters.biases[layer + 1].map((bias, c) =>
        round(this.#laneSum(a.map((value, u) => round(value * matrix[u * outputs + c]))) + bias),
      );
    }
  }

  /** Loss in float64 and its gradient with respect to the scores: softmax − onehot. */
  #softmax(scores: Float64Array, label: number): { loss: number; gradient: Float64Array } {
    const { round, exp } = this.#arithmetic;
    const largest = scores.reduce((a, b) => (a < b ? b : a));
    const exponentials = scores.map((score) => exp(round(score - largest)));
    const total = this.#laneSum(exponentials);
    return {
      loss: log(total) - (scores[label] - largest),
      gradient: exponentials.map((e, c) => round(round(e / total) - (c === label ? 1 : 0))),
    };
  }

  /** Passes the gradient down through the weights as they were, then moves them. */
  #stepDense(layer: number, a: Float64Array, g: Float64Array, decay: number): Float64Array {
    const { round } = this.#arithmetic;
    const matrix = this.parameters.weights[layer];
    const outputs = this.#outputs[layer];
    return a.map((activation, u) => {
      let sum = 0;
      for (let c = 0; c < outputs; c++) {
        const at = u * outputs + c;
        sum = round(sum + round(matrix[at] * g[c]));
        matrix[at] = round(round(decay * matrix[at]) - round(activation * g[c]));
      }
      return activation > 0 ? sum : 0;
    });
  }

  #moveBiases(layer: number, g: Float64Array): void {
    const { round } = this.#arithmetic;
    const biases = this.parameters.biases[layer];
    g.forEach((value, unit) => {
      biases[unit] = round(biases[unit] - value);
    });
  }

  /** Every sum starts at zero and takes k in ascending order. */
  #inner(a: readonly number[], b: readonly number[]): number {
    const { round } = this.#arithmetic;
    return a.reduce((sum, value, k) => round(sum + round(value * b[k])), 0);
  }

  #times(x: readonly number[], matrix: Float64Array, width: number): Float64Array {
    const { round } = this.#arithmetic;
    const out = zeros(width);
    for (let k = 0; k < x.length; k++)
      for (let u = 0; u < width; u++) out[u] = round(out[u] + round(x[k] * matrix[k * width + u]));
    return out;
  }

  /** Four running sums, of the terms l, l + 4, l + 8, …, combined as (l0 + l2) + (l1 + l3). */
  #laneSum(terms: Float64Array): number {
    const { round } = this.#arithmetic;
    const lanes = [0, 0, 0, 0];
    terms.forEach((term, index) => {
      lanes[index & 3] = round(lanes[index & 3] + term);
    });
    return round(round(lanes[0] + lanes[2]) + round(lanes[1] + lanes[3]));
  }
}

/** The lowest index of the largest score; a NaN counts as largest. */
function predicted(scores: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) {
    if (Number.isNaN(scores[best])) return best;
    if (scores[c] > scores[best] || Number.isNaN(scores[c])) best = c;
  }
  return best;
}

/** ‖αW − a gᵀ‖² = α²‖W‖² − 2α Σ_o (z_o − b_o) g_o + ‖a‖² Σ_o g_o². */
function carriedNorm(
  norm: number,
  decay: number,
  z: Float64Array,
  biases: Float64Array,
  g: Float64Array,
  squaredInput: number,
): number {
  let along = 0;
  let squared = 0;
  g.forEach((gradient, unit) => {
    along += (z[unit] - biases[unit]) * gradient;
    squared += gradient * gradient;
  });
  return decay * decay * norm - 2 * decay * along + squaredInput * squared;
}

function powersOf(base: number, count: number): number[] {
  const powers = [1];
  for (let i = 0; i < count; i++) powers.push(powers[i] * base);
  return powers;
}
