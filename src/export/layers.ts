// A network's layers one by one, with their sizes, as weight files write them.

import type { Parameters } from "../model/network.ts";

export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** (in, out), row-major. */
  readonly weights: Float32Array;
  /** (out) */
  readonly biases: Float32Array;
}

/** From input to output. */
export function layersOf({ weights, biases }: Parameters): Layer[] {
  return weights.map((matrix, layer) => {
    const outputs = biases[layer].length;
    return { inputs: matrix.length / outputs, outputs, weights: matrix, biases: biases[layer] };
  });
}
