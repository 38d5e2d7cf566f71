// Initial parameters that nothing draws: what they are called, and how they are kept.

import { hex, type Sha256 } from "../base/sha256.ts";
import { layerBiases, layerWeights, type Parameters, type Shape } from "../model/network.ts";
import { parameterBytes } from "./fingerprint.ts";

/** SHA-256 of W₁ b₁ W₂ b₂ …, little-endian float32, each W in (in, out) order: 64 hex digits. */
export function parametersDigest(parameters: Parameters, sha256: Sha256): string {
  return hex(sha256(...parameterBytes(parameters)));
}

/** The bytes of that digest, as one. */
export function packParameters(parameters: Parameters): Uint8Array {
  const parts = parameterBytes(parameters);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The parameters of a network of this shape; null where the bytes are another's. */
export function unpackParameters(bytes: Uint8Array, shape: Shape): Parameters | null {
  const [weights, biases] = [layerWeights(shape), layerBiases(shape)];
  const numbers = weights.reduce((sum, size, layer) => sum + size + biases[layer], 0);
  if (bytes.length !== 4 * numbers) return null;
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  let at = 0;
  const take = (size: number) => floats.slice(at, (at += size));
  const layers = weights.map((size, layer) => [take(size), take(biases[layer])] as const);
  return { weights: layers.map(([matrix]) => matrix), biases: layers.map(([, bias]) => bias) };
}
