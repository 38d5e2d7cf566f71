// The kernel written to be read: the same algorithm in the same order of operations. With `float32` it gives
// the wasm kernel's bits; with `float64` it is the exact computation that both are measured against.

import { laneSum, type Arithmetic } from "../model/arithmetic.ts";
import type { Parameters, Shape } from "../model/network.ts";
import { statesOf, type Stepping } from "../model/optimizers/choice.ts";
import { DEFAULT_FUNCTIONS, type NetworkFunctions } from "../model/parts.ts";
import { trainBatches } from "./reference-batches.ts";
import { trainExamples } from "./reference-examples.ts";
import {
  copied,
  Layers,
  type Examples,
  type Reals,
  type ReferenceOptions,
} from "./reference-layers.ts";

export type { Examples, ReferenceOptions } from "./reference-layers.ts";

/** A perceptron that trains by its specification's steps; holds float64 copies of what it is given. */
export class ReferenceNetwork {
  readonly parameters: Reals;
  /** What the optimizer keeps of each parameter; 0 at first. */
  readonly state: readonly Reals[];
  readonly #layers: Layers;
  readonly #stepping: Stepping;

  constructor(
    shape: Shape,
    parameters: Parameters<Float32Array | Float64Array>,
    arithmetic: Arithmetic,
    functions: NetworkFunctions = DEFAULT_FUNCTIONS,
    stepping: Stepping = {},
    state?: readonly Parameters<Float32Array | Float64Array>[],
  ) {
    this.parameters = copied(parameters);
    this.state = Array.from({ length: statesOf(stepping) }, (_, at) =>
      copied(state?.[at] ?? zerosLike(parameters)),
    );
    this.#layers = new Layers(shape, this.parameters, arithmetic, functions);
    this.#stepping = stepping;
  }

  /** Makes one pass over the examples in `order`; the objective of each of its steps, before the step's update. */
  train(examples: Examples, order: ArrayLike<number>, options: ReferenceOptions): Float64Array {
    const { optimizer, batch = 1 } = this.#stepping;
    return optimizer === undefined && batch === 1
      ? trainExamples(this.#layers, examples, order, options)
      : trainBatches(this.#layers, this.state, this.#stepping, examples, order, options);
  }

  /** Losses summed in chunks and right predictions of all examples. */
  evaluate(examples: Examples, chunk: number): { loss: number; correct: number } {
    const layers = this.#layers;
    const { round } = layers.arithmetic;
    const { labels } = examples;
    const biases = layers.biases(0);
    let loss = 0;
    let correct = 0;
    for (let begin = 0; begin < labels.length; begin += chunk) {
      let sum = 0;
      for (let n = begin; n < Math.min(begin + chunk, labels.length); n++) {
        const z = layers
          .times(layers.values(examples, n), this.parameters.weights[0])
          .map((product, unit) => round(product + biases[unit]));
        const scores = layers.forward(z, laneSum).preactivations[layers.top];
        sum += layers.functions.objective.loss(scores, labels[n], layers.arithmetic);
        if (predicted(scores) === labels[n]) correct++;
      }
      loss += sum;
    }
    return { loss, correct };
  }

  /** ‖W‖² of each weight matrix, in the order of the kernel's memory. */
  squaredNorms(): Float64Array {
    return this.#layers.squaredNorms();
  }
}

function zerosLike({ weights, biases }: Parameters<Float32Array | Float64Array>): Reals {
  const zeros = (values: ArrayLike<number>) => new Float64Array(values.length);
  return { weights: weights.map(zeros), biases: biases.map(zeros) };
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
