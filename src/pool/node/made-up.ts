// Examples and weights of no meaning, on which this machine is timed.

import { randomFillSync } from "node:crypto";
import { inParts, type Parts } from "../../base/parts.ts";
import type { Dataset, LabelledExamples } from "../../data/dataset.ts";
import { layerOutputs, layerWeights, type Parameters, type Shape } from "../../model/network.ts";

export function madeUpDataset(train: number, test: number, size: number, classes: number): Dataset {
  const images = (examples: number): LabelledExamples => ({
    examples,
    size,
    values: randomFillSync(new Uint8Array(examples * size)),
    labels: Uint8Array.from({ length: examples }, (_, n) => n % classes),
  });
  return { name: "made up", classes, train: images(train), test: images(test), digest: "" };
}

/** Weights within ±0.05, so that about half of the units are active, as in training. */
export function* madeUpParameters(shape: Shape): Parts<Parameters> {
  const weights: Float32Array[] = [];
  for (const size of layerWeights(shape)) {
    const matrix = new Float32Array(size);
    yield* inParts(size, (from, to) => {
      for (let i = from; i < to; i++) matrix[i] = 0.1 * (Math.random() - 0.5);
    });
    weights.push(matrix);
  }
  return { weights, biases: layerOutputs(shape).map((count) => new Float32Array(count)) };
}
