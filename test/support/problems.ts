// Made-up networks and examples for tests of the kernel.

import { layerBiases, layerWeights, type Parameters, type Shape } from "../../src/model/network.ts";

export interface Data {
  /** (n, d) */
  inputs: Float32Array;
  labels: Uint8Array;
}

/** A small generator for test data only. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A network and `examples` examples, and a draw of the index of one of them. */
export function randomProblem(shape: Shape, examples: number, scale: number) {
  const next = noise(examples * 7919 + shape.inputs);
  const floats = (count: number, size: number) =>
    Float32Array.from({ length: count }, () => size * next());
  const start: Parameters = {
    weights: layerWeights(shape).map((count) => floats(count, 0.3)),
    biases: layerBiases(shape).map((count) => floats(count, 0.1)),
  };
  const data: Data = {
    inputs: floats(examples * shape.inputs, scale),
    labels: Uint8Array.from({ length: examples }, () =>
      Math.floor((next() + 1) * 0.5 * shape.classes),
    ),
  };
  return { start, data, index: () => Math.floor((next() + 1) * 0.5 * examples) };
}
