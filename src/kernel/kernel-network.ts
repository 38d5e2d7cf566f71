// A network in the kernel's memory: the structure that assembly/network.ts reads, and the packing of
// parameters between their logical order and the kernel's panels.

import type { KernelMemory } from "./host.ts";
import { ratesByKind, type LayerRates } from "../model/layer-rates.ts";
import {
  layerBiases,
  layerInputs,
  layerOutputs,
  type Parameters,
  type Shape,
} from "../model/network.ts";
import type { Objective } from "../model/objectives/objective.ts";
import type { Optimizer } from "../model/optimizers/optimizer.ts";
import { DEFAULT_FUNCTIONS, DEFAULT_OPTIMIZER, type NetworkFunctions } from "../model/parts.ts";
import { blockSize, EVALUATION_BATCH } from "./blocks.ts";

export interface TrainingOptions {
  readonly learningRate: number;
  /** λ in loss + λ/2 · Σ‖W‖². */
  readonly regularization: number;
  /** Factors on the learning rate; defaults to 1. */
  readonly layerRates?: LayerRates | undefined;
  readonly optimizer?: Optimizer;
  /** Train on after an objective that is not finite; defaults to false. */
  readonly pastDivergence?: boolean;
}

const HEADER_BYTES = 96;
const LAYER_BYTES = 64;

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

interface Layer {
  /** Padded as the kernel stores them: the first layer's outputs to 8, the others' to 4. */
  readonly paddedInputs: number;
  readonly paddedOutputs: number;
  /** See `places`. */
  readonly inputPlaces: Uint32Array;
  readonly outputPlaces: Uint32Array;
  /** Addresses. */
  readonly weights: number;
  readonly biases: number;
}

/** Values per example as the kernel stores them: d rounded up to a multiple of 4, the rest zero. */
export function paddedInputs(inputs: number): number {
  return roundUp(inputs, 4);
}

export class KernelNetwork {
  /** Address of the structure: the first argument of the kernel's functions. */
  readonly address: number;
  readonly shape: Shape;
  readonly #host: KernelMemory;
  readonly #layers: readonly Layer[];
  readonly #objective: Objective;

  constructor(
    host: KernelMemory,
    shape: Shape,
    { activation, objective }: NetworkFunctions = DEFAULT_FUNCTIONS,
  ) {
    this.#host = host;
    this.shape = shape;
    this.#objective = objective;
    const outputs = layerOutputs(shape);
    const inputs = layerInputs(shape);
    const padded = outputs.map((count, index) => roundUp(count, index === 0 ? 8 : 4));
    const block = blockSize(outputs[0]);
    const dense = paddedInputs(shape.inputs);
    const first = padded[0];

    let bytes = 0;
    const reserve = (floats: number): number => {
      const offset = bytes;
      bytes = roundUp(bytes + 4 * floats, 64);
      return offset;
    };
    reserve((HEADER_BYTES + LAYER_BYTES * outputs.length) / 4);
    const scratch = [
      reserve(block + 1), // decay powers
      reserve(block * dense), // block inputs
      reserve(block * block), // inner products
      reserve(first * block), // products
      reserve(first * block), // gradients
      reserve(first), // biases at the block's start
      reserve(block), // coefficients
      reserve(2 * outputs.length), // squared norms
      reserve(first * EVALUATION_BATCH), // products of the examples under evaluation
      reserve(first), // zeros that sums start with
      reserve(first), // what sums start with in an evaluation
      reserve(block), // decay powers times the first layer's factor
    ];
    const offsets = padded.map((count, index) => {
      const weights = reserve((index === 0 ? dense : padded[index - 1]) * count);
      const biases = reserve(count);
      const activations = reserve(count);
      const gradients = reserve(count);
      // The scores are not activated.
      const preactivations = index === outputs.length - 1 ? activations : reserve(count);
      return { weights, biases, activations, gradients, preactivations };
    });

    this.address = host.arena.allocate(bytes);
    this.#layers = outputs.map((count, index) => {
      const paddedInputs = index === 0 ? dense : padded[index - 1];
      const paddedOutputs = padded[index];
      return {
        paddedInputs,
        paddedOutputs,
        ...places(index, inputs[index], paddedInputs, count, paddedOutputs),
        weights: this.address + offsets[index].weights,
        biases: this.address + offsets[index].biases,
      };
    });

    const header = new Int32Array(host.memory.buffer, this.address, HEADER_BYTES / 4);
    header.set([shape.inputs, dense, outputs.length, block]);
    header.set(
      scratch.map((offset) => this.address + offset),
      8,
    );
    header.set([activation.code, objective.code], 20);
    offsets.forEach((layer, index) => {
      const entry = this.address + HEADER_BYTES + LAYER_BYTES * index;
      new Int32Array(host.memory.buffer, entry, LAYER_BYTES / 4).set([
        outputs[index],
        padded[index],
        index === 0 ? shape.inputs : padded[index - 1],
        this.address + layer.weights,
        this.address + layer.biases,
        this.address + layer.activations,
        this.address + layer.gradients,
        this.address + layer.preactivations,
      ]);
    });
  }

  free(): void {
    this.#host.arena.free(this.address);
  }

  configure({
    learningRate,
    regularization,
    layerRates,
    optimizer = DEFAULT_OPTIMIZER,
    pastDivergence = false,
  }: TrainingOptions): void {
    const view = new DataView(this.#host.memory.buffer, this.address);
    const rates = ratesByKind(layerRates, this.#layers.length);
    view.setFloat32(16, learningRate, true);
    view.setInt32(20, pastDivergence ? 1 : 0, true);
    view.setFloat64(24, regularization, true);
    const decays = rates.weights.map((factor) =>
      optimizer.decay(learningRate * factor, regularization),
    );
    decays.forEach((decay, layer) => {
      const entry = HEADER_BYTES + LAYER_BYTES * layer;
      view.setFloat64(entry + 32, decay, true);
      view.setFloat64(entry + 40, rates.weights[layer], true);
      view.setFloat32(entry + 48, decay, true);
      view.setFloat32(entry + 52, rates.weights[layer], true);
      view.setFloat32(entry + 56, this.shape.bias === false ? 0 : rates.biases[layer], true);
    });
    const block = view.getInt32(12, true);
    const floats = (at: number, count: number) =>
      new Float32Array(this.#host.memory.buffer, view.getUint32(at, true), count);
    const powers = floats(32, block + 1);
    const ratedPowers = floats(76, block);
    let power = 1;
    for (let i = 0; i <= block; i++) {
      powers[i] = power;
      if (i < block) ratedPowers[i] = rates.weights[0] * power;
      power *= decays[0];
    }
  }

  write(parameters: Parameters): void {
    this.#layers.forEach((layer, index) => {
      const { inputPlaces, outputPlaces } = layer;
      const to = this.#weights(layer);
      const from = parameters.weights[index];
      const outputs = outputPlaces.length;
      for (let input = 0; input < inputPlaces.length; input++) {
        const place = inputPlaces[input];
        for (let output = 0; output < outputs; output++)
          to[place + outputPlaces[output]] = from[input * outputs + output];
      }
      const biases = this.#biases(layer);
      const padding = index === this.#layers.length - 1 ? this.#objective.paddedScore : 0;
      biases.fill(0).fill(padding, outputs);
      biases.set(parameters.biases[index]);
    });
  }

  read(): Parameters {
    return {
      weights: this.#layers.map((layer) => {
        const { inputPlaces, outputPlaces } = layer;
        const from = this.#weights(layer);
        const outputs = outputPlaces.length;
        const to = new Float32Array(inputPlaces.length * outputs);
        for (let input = 0; input < inputPlaces.length; input++) {
          const place = inputPlaces[input];
          for (let output = 0; output < outputs; output++)
            to[input * outputs + output] = from[place + outputPlaces[output]];
        }
        return to;
      }),
      biases: layerBiases(this.shape).map((count, index) =>
        this.#biases(this.#layers[index]).slice(0, count),
      ),
    };
  }

  /** ‖W‖² of each weight matrix as `measureNorms` or training left them. */
  squaredNorms(): Float64Array {
    const view = new DataView(this.#host.memory.buffer, this.address);
    return new Float64Array(
      this.#host.memory.buffer,
      view.getUint32(60, true),
      this.#layers.length,
    ).slice();
  }

  #weights(layer: Layer): Float32Array {
    return new Float32Array(
      this.#host.memory.buffer,
      layer.weights,
      layer.paddedInputs * layer.paddedOutputs,
    );
  }

  #biases(layer: Layer): Float32Array {
    return new Float32Array(this.#host.memory.buffer, layer.biases, layer.paddedOutputs);
  }
}

/**
 * Where W[in][out] lies: at the sum of its input's place and its output's. The first layer lies in panels of 8 outputs
 * (outputs / 8, in, 8), the others in groups of 4 inputs (in / 4, outputs, 4).
 */
function places(
  index: number,
  inputs: number,
  paddedInputs: number,
  outputs: number,
  paddedOutputs: number,
) {
  const first = index === 0;
  return {
    inputPlaces: Uint32Array.from({ length: inputs }, (_, i) =>
      first ? 8 * i : (i >> 2) * paddedOutputs * 4 + (i & 3),
    ),
    outputPlaces: Uint32Array.from({ length: outputs }, (_, o) =>
      first ? (o >> 3) * paddedInputs * 8 + (o & 7) : 4 * o,
    ),
  };
}
