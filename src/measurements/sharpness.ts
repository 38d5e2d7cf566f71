// The largest eigenvalue of the training objective's Hessian, λ and all.

import { atOnce } from "../base/parts.ts";
import { namedStream } from "../random/named.ts";
import { hessianProduct, linearizedBytes, parameterCount } from "./hessian.ts";
import { largestEigenvalue, type LanczosOptions } from "./lanczos.ts";
import type { Measured, Measurement } from "./measurement.ts";

/** What docs/numerics.md promises of it. */
export const LANCZOS: LanczosOptions = { tolerance: 1e-3, iterations: 100 };

/** Products of a typical one: 10 to 15 as means over trainings of one to two hidden layers, 7 to 22 of single ones. */
const TYPICAL: LanczosOptions = { tolerance: 0, iterations: 13 };

/** Lanczos' vectors that it may come to: single ones took up to 22. */
const VECTORS = 30;

/** On the first `examples` of the training examples; on all where left out. */
export function sharpness(examples?: number): Measurement {
  return {
    version: 1,
    rehearsal: {
      examples: (trainExamples) => examples ?? trainExamples,
      run: (measured) => {
        sharpnessOf(measured, measured.train.examples, TYPICAL);
      },
    },
    bytes: (shape, trainExamples) =>
      8 * VECTORS * parameterCount(shape) + linearizedBytes(shape, examples ?? trainExamples),
    columns: () => [examples === undefined ? "sharpness" : `sharpness_${examples}`],
    measure: (measured) => Float64Array.of(sharpnessOf(measured, examples)),
  };
}

export function sharpnessOf(
  { specification, network, train, sha256 }: Measured,
  examples = train.examples,
  options = LANCZOS,
): number {
  const { training, streams } = specification;
  const seeds = streams.kind === "named" ? [streams.study_seed, streams.seed] : [0, 0];
  const stream = namedStream(sha256, seeds[0], seeds[1], "lanczos");
  const start = Float64Array.from(atOnce(stream.standardNormals(parameterCount(network.shape))));
  const product = hessianProduct(network, train, examples, training.regularization);
  return largestEigenvalue(product, start, options);
}
