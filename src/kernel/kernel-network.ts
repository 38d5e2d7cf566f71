// A network in the kernel's memory, and the packing of parameters between their logical order and the kernel's.

import type { KernelCall, KernelMemory } from "./host.ts";
import { layerBiases, type Parameters, type Shape } from "../model/network.ts";
import type { Objective } from "../model/objectives/objective.ts";
import type { Stepping } from "../model/optimizers/choice.ts";
import { DEFAULT_FUNCTIONS, type NetworkFunctions } from "../model/parts.ts";
import { writeSettings, type TrainingOptions } from "./settings.ts";
import {
  HEADER_BYTES,
  isBatched,
  LAYER_BYTES,
  structureOf,
  type LayerStructure,
} from "./structure.ts";

export { paddedInputs } from "./structure.ts";
export type { TrainingOptions } from "./settings.ts";

interface Layer extends LayerStructure {
  /** See `places`. */
  readonly inputPlaces: Uint32Array;
  readonly outputPlaces: Uint32Array;
  /** As many as outputs, or none. */
  readonly biases: number;
}

/** A network's numbers in the memory, which is another buffer once it has grown. */
interface Views {
  readonly buffer: ArrayBufferLike;
  readonly header: DataView;
  /** Of each layer its padded weights and biases; then what the optimizer keeps of them. */
  readonly numbers: readonly (readonly { weights: Float32Array; biases: Float32Array }[])[];
}

export class KernelNetwork {
  /** Address of the structure: the first argument of the kernel's functions. */
  readonly address: number;
  readonly shape: Shape;
  /** The kernel's function that trains it; what evaluates is a network that `train` could train. */
  readonly trainingCall: KernelCall["name"] & `train${string}`;
  readonly #host: KernelMemory;
  readonly #layers: readonly Layer[];
  readonly #objective: Objective;
  readonly #stepping: Stepping;
  #latest: Views | null = null;

  /** `stepping` may be left out for single examples and no optimizer's state, and for a network that only evaluates. */
  constructor(
    host: KernelMemory,
    shape: Shape,
    { activation, objective }: NetworkFunctions = DEFAULT_FUNCTIONS,
    stepping: Stepping = {},
  ) {
    this.#host = host;
    this.shape = shape;
    this.#objective = objective;
    this.#stepping = stepping;
    this.trainingCall = isBatched(stepping) ? "trainBatches" : "train";
    const { bytes, header, scratch, layers } = structureOf(shape, stepping);
    this.address = host.arena.allocate(bytes);
    const biases = layerBiases(shape);
    this.#layers = layers.map((layer, index) => ({
      ...{ ...layer, ...places(layer) },
      biases: biases[index],
    }));

    const view = this.#header;
    const write = (at: number, values: Readonly<Record<number, number>>, base: number) => {
      for (const [place, value] of Object.entries(values))
        view.setUint32(at + Number(place), base + value, true);
    };
    write(0, { ...header, 80: activation.code, 84: objective.code }, 0);
    write(0, scratch, this.address);
    layers.forEach((layer, index) => {
      const { inputs, outputs, paddedInputs, paddedOutputs, numbers } = layer;
      const at = HEADER_BYTES + LAYER_BYTES * index;
      const [{ weights, biases }, ...states] = numbers;
      write(at, { 0: outputs, 4: paddedOutputs, 8: paddedInputs, 60: inputs }, 0);
      write(at, { 12: weights, 16: biases, ...layer.scratch }, this.address);
      states.forEach((state, which) => {
        write(at + 64 + 8 * which, { 0: state.weights, 4: state.biases }, this.address);
      });
    });
  }

  free(): void {
    this.#host.arena.free(this.address);
  }

  configure(options: TrainingOptions): void {
    writeSettings(this.#header, this.#layers.length, this.#stepping, options);
  }

  /** `state` is what the optimizer has kept of each parameter: zeros where it is left out. */
  write(parameters: Parameters, state: readonly Parameters[] = []): void {
    this.#views.numbers.forEach((numbers, which) => {
      const from = which === 0 ? parameters : state.at(which - 1);
      this.#layers.forEach((layer, index) => {
        const { weights, biases } = numbers[index];
        if (from === undefined) {
          weights.fill(0);
          biases.fill(0);
          return;
        }
        const isScores = which === 0 && index === this.#layers.length - 1;
        biases.fill(0, 0, layer.outputs);
        biases.fill(isScores ? this.#objective.paddedScore : 0, layer.outputs);
        biases.set(from.biases[index]);
        scatter(weights, layer, from.weights[index]);
      });
    });
  }

  /** The network, of the same shape, that is evaluated together with this one. */
  set nextEvaluated(next: KernelNetwork | undefined) {
    this.#header.setUint32(172, next?.address ?? 0, true);
  }

  /** Examples whose label the last evaluation has predicted. */
  get predictedRight(): number {
    return this.#header.getInt32(176, true);
  }

  read(): Parameters {
    return this.#read(0);
  }

  /** What the optimizer keeps of each parameter. */
  readState(): Parameters[] {
    return this.#views.numbers.slice(1).map((_, before) => this.#read(before + 1));
  }

  /** ‖W‖² of each weight matrix as `measureNorms` or training left them. */
  squaredNorms(): Float64Array {
    const at = this.#header.getUint32(60, true);
    return new Float64Array(this.#host.memory.buffer, at, this.#layers.length).slice();
  }

  #read(which: number): Parameters {
    const numbers = this.#views.numbers[which];
    return {
      weights: this.#layers.map((layer, index) => gathered(numbers[index].weights, layer)),
      biases: this.#layers.map((layer, index) => numbers[index].biases.slice(0, layer.biases)),
    };
  }

  get #header(): DataView {
    return this.#views.header;
  }

  get #views(): Views {
    const { buffer } = this.#host.memory;
    if (this.#latest?.buffer === buffer) return this.#latest;
    const floats = (offset: number, count: number) =>
      new Float32Array(buffer, this.address + offset, count);
    const sets = this.#layers[0].numbers.map((_, which) =>
      this.#layers.map(({ numbers, paddedInputs, paddedOutputs }) => ({
        weights: floats(numbers[which].weights, paddedInputs * paddedOutputs),
        biases: floats(numbers[which].biases, paddedOutputs),
      })),
    );
    this.#latest = { buffer, header: new DataView(buffer, this.address), numbers: sets };
    return this.#latest;
  }
}

/** Writes a matrix (in, out) to its places. */
function scatter(to: Float32Array, { inputPlaces, outputPlaces }: Layer, from: Float32Array): void {
  const outputs = outputPlaces.length;
  for (let input = 0; input < inputPlaces.length; input++) {
    const place = inputPlaces[input];
    for (let output = 0; output < outputs; output++)
      to[place + outputPlaces[output]] = from[input * outputs + output];
  }
}

/** The matrix (in, out) at its places. */
function gathered(from: Float32Array, { inputPlaces, outputPlaces }: Layer): Float32Array {
  const outputs = outputPlaces.length;
  const to = new Float32Array(inputPlaces.length * outputs);
  for (let input = 0; input < inputPlaces.length; input++) {
    const place = inputPlaces[input];
    for (let output = 0; output < outputs; output++)
      to[input * outputs + output] = from[place + outputPlaces[output]];
  }
  return to;
}

/** Where W[in][out] lies: at the sum of its input's place and its output's. */
function places({ inputs, outputs, paddedInputs, paddedOutputs, inPanels }: LayerStructure) {
  return {
    inputPlaces: Uint32Array.from({ length: inputs }, (_, i) =>
      inPanels ? 8 * i : (i >> 2) * paddedOutputs * 4 + (i & 3),
    ),
    outputPlaces: Uint32Array.from({ length: outputs }, (_, o) =>
      inPanels ? (o >> 3) * paddedInputs * 8 + (o & 7) : 4 * o,
    ),
  };
}
