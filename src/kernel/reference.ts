// The kernel written to be read: the same algorithm in the same order of operations. With `float32` it gives
// the wasm kernel's bits; with `float64` it is the exact computation that both are measured against.

import { laneSum, type Arithmetic } from "../model/arithmetic.ts";
import { ratesByKind, type LayerRates } from "../model/layer-rates.ts";
import { layerInputs, layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import type { Optimizer } from "../model/optimizers/optimizer.ts";
import { DEFAULT_FUNCTIONS, DEFAULT_OPTIMIZER, type NetworkFunctions } from "../model/parts.ts";
import { blockSize } from "./blocks.ts";

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
  /** Factors on the learning rate; defaults to 1. */
  readonly layerRates?: LayerRates | undefined;
  readonly optimizer?: Optimizer;
}

type Reals = Parameters<Float64Array>;

const zeros = (count: number): Float64Array => new Float64Array(count);

/** What an example makes of the layers, from input to output. */
interface Pass {
  /** The last ones are the scores. */
  readonly preactivations: readonly Float64Array[];
  /** Of the hidden layers. */
  readonly activations: readonly Float64Array[];
}

/** A perceptron that trains by exact blocked SGD; holds float64 copies of the parameters it is given. */
export class ReferenceNetwork {
  readonly parameters: Reals;
  readonly #shape: Shape;
  readonly #arithmetic: Arithmetic;
  readonly #functions: NetworkFunctions;
  readonly #inputs: number[];
  readonly #outputs: number[];

  constructor(
    shape: Shape,
    parameters: Parameters<Float32Array | Float64Array>,
    arithmetic: Arithmetic,
    functions: NetworkFunctions = DEFAULT_FUNCTIONS,
  ) {
    this.#shape = shape;
    this.#arithmetic = arithmetic;
    this.#functions = functions;
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
    { learningRate, regularization, layerRates, optimizer = DEFAULT_OPTIMIZER }: ReferenceOptions,
    norms: Float64Array,
  ): Float64Array {
    const { round } = this.#arithmetic;
    const { objective } = this.#functions;
    const { weights } = this.parameters;
    const d = this.#shape.inputs;
    const width = this.#outputs[0];
    const top = this.#outputs.length - 1;
    const eta = round(learningRate);
    const rates = ratesByKind(layerRates, this.#outputs.length);
    const biasRate = this.#shape.bias === false ? 0 : round(rates.biases[0]);
    const decays = rates.weights.map((factor) =>
      optimizer.decay(learningRate * factor, regularization),
    );
    const exactPowers = powersOf(decays[0], block.length);
    const powers = exactPowers.map(round);
    const ratedPowers = exactPowers.map((power) => round(rates.weights[0] * power));
    const x = block.map((index) => Array.from({ length: d }, (_, k) => inputs[index * d + k]));
    const gram = x.map((xi) => x.map((xj) => this.#inner(xi, xj)));
    const products = x.map((xi) => this.#times(xi, weights[0], width));
    const startBiases = this.#layerBiases(0).slice();
    const gradients: Float64Array[] = [];

    const objectives = block.map((index, i) => {
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
      const { preactivations, activations } = this.#forward(z);
      const scores = preactivations[top];
      let value = objective.loss(scores, labels[index], this.#arithmetic);
      let g: Float64Array = objective
        .gradient(scores, labels[index], this.#arithmetic)
        .map((slope) => round(eta * slope));
      if (regularization !== 0) value += 0.5 * regularization * norms.reduce((a, b) => a + b, 0);

      const carryNorm = (layer: number, squaredInput: number) => {
        const z = preactivations[layer];
        const values = layer === top ? z : activations[layer];
        const biases = this.#layerBiases(layer);
        const [decay, factor] = [decays[layer], rates.weights[layer]];
        norms[layer] = carriedNorm(norms[layer], decay, factor, z, values, biases, g, squaredInput);
      };
      for (let layer = top; layer > 0; layer--) {
        const below = activations[layer - 1];
        carryNorm(
          layer,
          below.reduce((sum, a) => sum + a * a, 0),
        );
        const passed = this.#stepDense(
          layer,
          below,
          g,
          round(decays[layer]),
          round(rates.weights[layer]),
        );
        this.#moveBiases(layer, g, round(rates.biases[layer]));
        g = this.#throughActivation(passed, preactivations[layer - 1], below);
      }
      carryNorm(0, gram[i][i]);
      this.#moveBiases(0, g, round(rates.biases[0]));
      gradients.push(g);
      return value;
    });

    const scaled = gradients.map((g, j) =>
      g.map((value) => round(ratedPowers[block.length - 1 - j] * value)),
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
    const { weights } = this.parameters;
    const biases = this.#layerBiases(0);
    const d = this.#shape.inputs;
    let loss = 0;
    let correct = 0;
    for (let begin = 0; begin < labels.length; begin += chunk) {
      let sum = 0;
      for (let n = begin; n < Math.min(begin + chunk, labels.length); n++) {
        const x = Array.from({ length: d }, (_, k) => inputs[n * d + k]);
        const z = this.#times(x, weights[0], this.#outputs[0]).map((product, unit) =>
          round(product + biases[unit]),
        );
        const scores = this.#forward(z).preactivations[this.#outputs.length - 1];
        sum += this.#functions.objective.loss(scores, labels[n], this.#arithmetic);
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

  /** From the first layer's pre-activations to the scores. */
  #forward(z: Float64Array): Pass {
    const { round } = this.#arithmetic;
    const { activation } = this.#functions;
    const preactivations = [z];
    const activations: Float64Array[] = [];
    for (let layer = 1; layer < this.#outputs.length; layer++) {
      const a = preactivations[layer - 1].map((value) => activation.value(value, this.#arithmetic));
      activations.push(a);
      const matrix = this.parameters.weights[layer];
      const outputs = this.#outputs[layer];
      preactivations.push(
        this.#layerBiases(layer).map((bias, c) => {
          const terms = a.map((value, u) => round(value * matrix[u * outputs + c]));
          return round(laneSum(terms, this.#arithmetic) + bias);
        }),
      );
    }
    return { preactivations, activations };
  }

  /** The gradient with respect to z from that with respect to a: 0 where the slope is. */
  #throughActivation(g: Float64Array, z: Float64Array, a: Float64Array): Float64Array {
    return g.map((value, u) => {
      const slope = this.#functions.activation.slope(z[u], a[u], this.#arithmetic);
      return slope === 0 ? 0 : this.#arithmetic.round(slope * value);
    });
  }

  /** Passes the gradient down through the weights as they were, then moves them. */
  #stepDense(
    layer: number,
    a: Float64Array,
    g: Float64Array,
    decay: number,
    factor: number,
  ): Float64Array {
    const { round } = this.#arithmetic;
    const matrix = this.parameters.weights[layer];
    const outputs = this.#outputs[layer];
    return a.map((activation, u) => {
      const moved = round(factor * activation);
      let sum = 0;
      for (let c = 0; c < outputs; c++) {
        const at = u * outputs + c;
        sum = round(sum + round(matrix[at] * g[c]));
        matrix[at] = round(round(decay * matrix[at]) - round(moved * g[c]));
      }
      return sum;
    });
  }

  /** Zeros where there are none. */
  #layerBiases(layer: number): Float64Array {
    return this.#shape.bias === false ? zeros(this.#outputs[layer]) : this.parameters.biases[layer];
  }

  #moveBiases(layer: number, g: Float64Array, factor: number): void {
    const { round } = this.#arithmetic;
    const biases = this.parameters.biases[layer];
    biases.forEach((bias, unit) => {
      biases[unit] = round(bias - round(factor * g[unit]));
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

function powersOf(base: number, count: number): number[] {
  const powers = [1];
  for (let i = 0; i < count; i++) powers.push(powers[i] * base);
  return powers;
}
