// A teacher: normal inputs, whose labels are the classes that a random ReLU network gives them. Networks at least as
// wide as the teacher's can be right about all of them.

import * as z from "zod";
import { expected, list } from "../../base/fields.ts";
import { inParts, PART, withPauses, type Parts } from "../../base/parts.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Undigested } from "../digest.ts";
import { checkSizes, dataStream, integer, MAX_VALUES, refusal, SEED } from "./generated.ts";
import { generated } from "./set.ts";

const SETTINGS = {
  train: integer(1, MAX_VALUES),
  test: integer(1, MAX_VALUES),
  inputs: integer(1, 65536),
  classes: integer(1, 256),
  /** The teacher's hidden layers, from inputs to classes. */
  hidden: list("a list of widths", integer(1, 65536))
    .max(16, { error: expected("at most 16 hidden layers") })
    .default([8]),
  seed: SEED.default(0),
};

export const TEACHER = generated(SETTINGS, (settings, { sha256, pause }) =>
  withPauses(teacher(settings, sha256), pause),
);

const MAX_WEIGHTS = 2 ** 24;
/** Multiplications that take about a minute. */
const MAX_PRODUCTS = 2 ** 36;

/** W (in, out), row-major. */
interface Layer {
  readonly outputs: number;
  readonly weights: Float64Array;
}

/**
 * The teacher has no biases, and He's deviation √(2 / inputs) in each layer. More examples leave those before them as
 * they are.
 * @throws InputError where the teacher is too large.
 */
function* teacher(
  settings: z.output<z.ZodObject<typeof SETTINGS>>,
  sha256: Sha256,
): Parts<Undigested> {
  const { train, test, inputs: size, classes, hidden, seed } = settings;
  checkSizes("teacher", train, test, size);
  const widths = [...hidden, classes];
  const weights = widths.reduce((sum, out, layer) => sum + (widths[layer - 1] ?? size) * out, 0);
  if (weights > MAX_WEIGHTS || (train + test) * weights > MAX_PRODUCTS)
    throw refusal(
      "teacher",
      `a teacher of ${weights} weights for ${train + test} examples is too large; expected at most ` +
        `${MAX_WEIGHTS} weights, and ${MAX_PRODUCTS} as the product of both`,
    );
  const stream = (what: string) => dataStream(sha256, seed, `teacher/${what}`);
  const random = stream("weights");
  const layers = widths.map((outputs, layer): Layer => {
    const inputs = widths[layer - 1] ?? size;
    const deviation = Math.sqrt(2 / inputs);
    const length = inputs * outputs;
    const draw = () => random.standardNormal() * deviation;
    return { outputs, weights: Float64Array.from({ length }, draw) };
  });
  function* draw(set: string, examples: number) {
    const values = yield* stream(set).standardNormals(examples * size);
    const labels = new Uint8Array(examples);
    yield* inParts(
      examples,
      (from, to) => {
        for (let example = from; example < to; example++)
          labels[example] = classOf(values.subarray(example * size, (example + 1) * size), layers);
      },
      Math.ceil(PART / weights),
    );
    return { examples, size, values, labels };
  }
  return { classes, train: yield* draw("train", train), test: yield* draw("test", test) };
}

/** The index of the largest output, the lowest of equal ones. Sums run over inputs ascending from 0, in float64. */
function classOf(inputs: Float32Array, layers: readonly Layer[]): number {
  const scores = layers.reduce<ArrayLike<number>>((below, { outputs, weights }, layer) => {
    const sums = new Float64Array(outputs);
    for (let input = 0; input < below.length; input++) {
      const value = layer > 0 && below[input] < 0 ? 0 : below[input];
      for (let output = 0; output < outputs; output++)
        sums[output] += value * weights[input * outputs + output];
    }
    return sums;
  }, inputs);
  let best = 0;
  for (let at = 1; at < scores.length; at++) if (scores[at] > scores[best]) best = at;
  return best;
}
