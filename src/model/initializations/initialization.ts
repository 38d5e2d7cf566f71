// What an initialization is, and the parameters that it gives. table.ts has those by name that scale normal weights.

import {
  layerBiases,
  layerInputs,
  layerOutputs,
  layerWeights,
  type Parameters,
  type Shape,
} from "../network.ts";
import { inParts, type Parts } from "../../base/parts.ts";

/** How widely the initial weights of a layer are spread by its size: they are normal with mean 0. Biases are 0. */
export interface Scale {
  /** Standard deviation in a layer of so many inputs and outputs. */
  readonly deviation: (inputs: number, outputs: number) => number;
}

/** How a specification says what its initial parameters are. */
export interface Initialization {
  /** Standard deviation of normal weights, the same in every layer or one for each; biases start at zero. Or: */
  readonly init_std?: number | readonly number[];
  /** Weights and biases uniform in ±1/√fan_in, as torch.nn.Linear has them; or those of a file. */
  readonly init?: "torch" | GivenInitialization;
}

/** Parameters that nothing draws, by their digest (records/given-parameters.ts), 64 hex digits. */
export interface GivenInitialization {
  readonly parameters: string;
}

/** Such parameters by their digest. */
export type GivenParameters = ReadonlyMap<string, Parameters>;

/** The digest of those that a trial begins with; null where they are drawn. */
export function givenDigest({ init }: Initialization): string | null {
  return typeof init === "object" ? init.parameters : null;
}

/** Where random numbers come from. */
export interface Source {
  /** So many standard normals, rounded to float32. */
  readonly normals: (size: number) => Parts<Float32Array>;
  /** The next number uniform in [0, 1). */
  readonly uniform: () => number;
}

/** Standard deviation of each layer's weights. */
export function deviations({ deviation }: Scale, shape: Shape): number[] {
  const outputs = layerOutputs(shape);
  return layerInputs(shape).map((inputs, layer) => deviation(inputs, outputs[layer]));
}

/** One number where all layers have it, else one for each. */
export function shortest(values: readonly number[]): number | readonly number[] {
  return values.every((value) => value === values[0]) ? values[0] : values;
}

/**
 * Initial parameters, layer by layer, each matrix in (in, out) order: float32(deviation) × standard normal in float32, or
 * under "torch" float32((2u − 1) / √fan_in), weights first, then biases.
 */
export function* initialParameters(
  shape: Shape,
  { init_std, init }: Initialization,
  source: Source,
): Parts<Parameters> {
  const inputs = layerInputs(shape);
  const counts = layerBiases(shape);
  const weights: Float32Array[] = [];
  const biases: Float32Array[] = [];
  for (const [layer, size] of layerWeights(shape).entries()) {
    if (init === "torch") {
      const bound = 1 / Math.sqrt(inputs[layer]);
      weights.push(yield* uniforms(size, bound, source));
      biases.push(yield* uniforms(counts[layer], bound, source));
    } else {
      const std = typeof init_std === "object" ? init_std[layer] : init_std;
      weights.push(yield* normals(size, Math.fround(std ?? 0), source));
      biases.push(new Float32Array(counts[layer]));
    }
  }
  return { weights, biases };
}

function* normals(size: number, scale: number, source: Source): Parts<Float32Array> {
  const values = yield* source.normals(size);
  // In place: a wide network's weights fill a good part of the memory.
  yield* inParts(size, (from, to) => {
    for (let i = from; i < to; i++) values[i] *= scale;
  });
  return values;
}

function* uniforms(size: number, bound: number, { uniform }: Source): Parts<Float32Array> {
  const values = new Float32Array(size);
  yield* inParts(size, (from, to) => {
    for (let i = from; i < to; i++) values[i] = (2 * uniform() - 1) * bound;
  });
  return values;
}
