// What all of the reference's ways of training have in common: a network's layers, forward and backward.

import type { Arithmetic } from "../model/arithmetic.ts";
import type { LayerRates } from "../model/layer-rates.ts";
import { layerInputs, layerOutputs, type Parameters, type Shape } from "../model/network.ts";
import type { NetworkFunctions } from "../model/parts.ts";

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
  /** Steps of the trial that were made before, which Adam counts; defaults to 0. */
  readonly stepsBefore?: number | undefined;
}

export type Reals = Parameters<Float64Array>;

/** What an example makes of the layers, from input to output. */
export interface Pass {
  /** The last ones are the scores. */
  readonly preactivations: readonly Float64Array[];
  /** Of the hidden layers. */
  readonly activations: readonly Float64Array[];
}

/** Adds products of a layer's inputs with the weights of one of its outputs. */
export type Sum = (terms: Float64Array, arithmetic: Arithmetic) => number;

/** Starts at zero and takes the terms in ascending order. */
export const ascending: Sum = (terms, { round }) => {
  let sum = 0;
  for (const term of terms) sum = round(sum + term);
  return sum;
};

export const zeros = (count: number): Float64Array => new Float64Array(count);

export function copied(parameters: Parameters<Float32Array | Float64Array>): Reals {
  return {
    weights: parameters.weights.map((values) => Float64Array.from(values)),
    biases: parameters.biases.map((values) => Float64Array.from(values)),
  };
}

/** A network's layers; their parameters are moved in place. */
export class Layers {
  readonly shape: Shape;
  readonly parameters: Reals;
  readonly arithmetic: Arithmetic;
  readonly functions: NetworkFunctions;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly top: number;

  constructor(
    shape: Shape,
    parameters: Reals,
    arithmetic: Arithmetic,
    functions: NetworkFunctions,
  ) {
    this.shape = shape;
    this.parameters = parameters;
    this.arithmetic = arithmetic;
    this.functions = functions;
    this.inputs = layerInputs(shape);
    this.outputs = layerOutputs(shape);
    this.top = this.outputs.length - 1;
  }

  /** Zeros where there are none. */
  biases(layer: number): Float64Array {
    return this.shape.bias === false ? zeros(this.outputs[layer]) : this.parameters.biases[layer];
  }

  /** From the first layer's pre-activations to the scores. */
  forward(z: Float64Array, sum: Sum): Pass {
    const { round } = this.arithmetic;
    const { activation } = this.functions;
    const preactivations = [z];
    const activations: Float64Array[] = [];
    for (let layer = 1; layer <= this.top; layer++) {
      const below = preactivations[layer - 1];
      const a = zeros(below.length);
      for (let u = 0; u < a.length; u++) a[u] = activation.value(below[u], this.arithmetic);
      activations.push(a);
      const matrix = this.parameters.weights[layer];
      const biases = this.biases(layer);
      const outputs = this.outputs[layer];
      const terms = zeros(a.length);
      const scores = zeros(outputs);
      for (let c = 0; c < outputs; c++) {
        for (let u = 0; u < a.length; u++) terms[u] = round(a[u] * matrix[u * outputs + c]);
        scores[c] = round(sum(terms, this.arithmetic) + biases[c]);
      }
      preactivations.push(scores);
    }
    return { preactivations, activations };
  }

  /** The gradient with respect to a layer's inputs, with the weights as they are. */
  backward(layer: number, g: Float64Array): Float64Array {
    const { round } = this.arithmetic;
    const matrix = this.parameters.weights[layer];
    const outputs = this.outputs[layer];
    const gradient = zeros(this.inputs[layer]);
    for (let u = 0; u < gradient.length; u++)
      for (let c = 0; c < outputs; c++)
        gradient[u] = round(gradient[u] + round(matrix[u * outputs + c] * g[c]));
    return gradient;
  }

  /** The gradient with respect to z from that with respect to a: 0 where the slope is. */
  throughActivation(g: Float64Array, z: Float64Array, a: Float64Array): Float64Array {
    const gradient = zeros(g.length);
    for (let u = 0; u < g.length; u++) {
      const slope = this.functions.activation.slope(z[u], a[u], this.arithmetic);
      if (slope !== 0) gradient[u] = this.arithmetic.round(slope * g[u]);
    }
    return gradient;
  }

  /** x M of a matrix (in, out), k ascending. */
  times(x: readonly number[], matrix: Float64Array): Float64Array {
    const { round } = this.arithmetic;
    const width = matrix.length / x.length;
    const out = zeros(width);
    for (let k = 0; k < x.length; k++)
      for (let u = 0; u < width; u++) out[u] = round(out[u] + round(x[k] * matrix[k * width + u]));
    return out;
  }

  inner(a: readonly number[], b: readonly number[]): number {
    const { round } = this.arithmetic;
    let sum = 0;
    for (let k = 0; k < a.length; k++) sum = round(sum + round(a[k] * b[k]));
    return sum;
  }

  /** Example `index`'s values. */
  values({ inputs }: Examples, index: number): number[] {
    const d = this.shape.inputs;
    const values = Array<number>(d);
    for (let k = 0; k < d; k++) values[k] = inputs[index * d + k];
    return values;
  }

  /** ‖W‖² of each weight matrix, in the order of the kernel's memory. */
  squaredNorms(): Float64Array {
    return Float64Array.from(this.parameters.weights, (matrix, layer) => {
      const inputs = this.inputs[layer];
      const outputs = this.outputs[layer];
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
}

/** base⁰ … base^count, by repeated multiplication. */
export function powersOf(base: number, count: number): number[] {
  const powers = [1];
  for (let i = 0; i < count; i++) powers.push(powers[i] * base);
  return powers;
}
