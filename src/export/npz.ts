// Weights as NumPy's .npz: an uncompressed zip, as numpy.savez makes it, of w1 b1 w2 b2 … mean deviation, and predictions
// where there are some.

import { zipSync, type Zippable } from "fflate";
import { dump } from "npyjs";
import { layersOf } from "./layers.ts";
import type { Parameters } from "../model/network.ts";
import type { Standardization } from "../data/standardize.ts";

/** About the least time that a zip can tell; local as a zip's times are, so the same bytes in every time zone. */
export const earliest = () => new Date(1980, 0, 1, 12);

/**
 * float32 arrays: w of each layer (in, out), b (out) unless there are no biases, then mean and deviation of the inputs (d). The same numbers give
 * the same bytes. `predictions` are the probabilities of every class for each test example, (m, classes) row-major.
 */
export function npz(
  parameters: Parameters,
  { mean, deviation }: Standardization,
  predictions: Float32Array | null = null,
): Uint8Array<ArrayBuffer> {
  const arrays: Zippable = {};
  layersOf(parameters, mean.length).forEach(({ inputs, outputs, weights, biases }, index) => {
    arrays[`w${index + 1}.npy`] = new Uint8Array(dump(weights, [inputs, outputs]));
    if (biases.length > 0) arrays[`b${index + 1}.npy`] = new Uint8Array(dump(biases, [outputs]));
  });
  arrays["mean.npy"] = new Uint8Array(dump(mean, [mean.length]));
  arrays["deviation.npy"] = new Uint8Array(dump(deviation, [deviation.length]));
  if (predictions !== null) {
    const classes = layersOf(parameters, mean.length).at(-1)?.outputs ?? 1;
    const shape = [predictions.length / classes, classes];
    arrays["predictions.npy"] = new Uint8Array(dump(predictions, shape));
  }
  return zipSync(arrays, { level: 0, mtime: earliest() });
}
