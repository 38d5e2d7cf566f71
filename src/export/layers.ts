// A network's layers one by one, with their sizes, as weight files write them.

import type { Parameters } from "../model/network.ts";

export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** (in, out), row-major. */
  readonly weights: Float32Array;
  /** (out), or (0) without biases. */
  readonly biases: Float32Array;
}

/** From input to output, of a network with so many inputs. */
export function layersOf({ weights, biases }: Parameters, inputs: number): Layer[] {
  let from = inputs;
  return weights.map((matrix, layer) => {
    const outputs = matrix.length / from;
    const made = { inputs: from, outputs, weights: matrix, biases: biases[layer] };
    from = outputs;
    return made;
  });
}
