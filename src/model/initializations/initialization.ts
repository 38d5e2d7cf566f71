// What an initialization is, and the parameters that it gives. table.ts has all of them by name.

import {
  layerBiases,
  layerInputs,
  layerOutputs,
  layerWeights,
  type Parameters,
  type Shape,
} from "../network.ts";
import { inParts, type Parts } from "../../base/parts.ts";
import type { Parametrization } from "../parametrizations/parametrization.ts";

/** How widely the initial weights of a layer are spread: they are normal with mean 0. Biases are 0. */
export interface Initialization {
  /** Standard deviation in a layer of so many inputs and outputs, where the study gives `std`. */
  readonly deviation: (std: number, inputs: number, outputs: number) => number;
}

/**
 * Initial parameters: float32(deviation) × standard normal in float32, layer by layer in (in, out) order. `randn` draws so
 * many standard normals.
 */
export function* initialParameters(
  shape: Shape,
  std: number,
  initialization: Initialization,
  parametrization: Parametrization,
  randn: (size: number) => Parts<Float32Array>,
): Parts<Parameters> {
  const inputs = layerInputs(shape);
  const outputs = layerOutputs(shape);
  const weights: Float32Array[] = [];
  for (const [layer, size] of layerWeights(shape).entries()) {
    const deviation = initialization.deviation(std, inputs[layer], outputs[layer]);
    const scale = Math.fround(deviation * parametrization.deviationFactor(shape, layer));
    const matrix = yield* randn(size);
    // In place: a wide network's weights fill a good part of the memory.
    yield* inParts(size, (from, to) => {
      for (let i = from; i < to; i++) matrix[i] *= scale;
    });
    weights.push(matrix);
  }
  return { weights, biases: layerBiases(shape).map((count) => new Float32Array(count)) };
}
