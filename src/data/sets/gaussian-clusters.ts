// Gaussian clusters: classes are normal clouds of deviation 1 around random means, so that their separation says how
// far any learner can get.

import * as z from "zod";
import { number } from "../../base/fields.ts";
import { inParts, withPauses, type Parts } from "../../base/parts.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Undigested } from "../digest.ts";
import { checkSizes, dataStream, integer, MAX_VALUES, SEED } from "./generated.ts";
import { generated } from "./set.ts";

const SETTINGS = {
  train: integer(1, MAX_VALUES).default(1000),
  test: integer(1, MAX_VALUES).default(1000),
  inputs: integer(1, 65536).default(20),
  classes: integer(1, 256).default(10),
  /** Standard deviation of a mean's coordinates. */
  separation: number("a number from 0 to 1000000", { minimum: 0, maximum: 1e6 }).default(1),
  seed: SEED.default(0),
};

export const GAUSSIAN_CLUSTERS = generated(SETTINGS, (settings, { sha256, pause }) =>
  withPauses(gaussianClusters(settings, sha256), pause),
);

/**
 * Example i of a set has class i mod C, so classes are as large as can be; more examples leave those before them as they
 * are, and so do the other settings of the same inputs and classes their draws.
 */
function* gaussianClusters(
  settings: z.output<z.ZodObject<typeof SETTINGS>>,
  sha256: Sha256,
): Parts<Undigested> {
  const { train, test, inputs: size, classes, separation, seed } = settings;
  checkSizes("gaussian-clusters", train, test, size);
  const stream = (what: string) => dataStream(sha256, seed, `gaussian-clusters/${what}`);
  const random = stream("means");
  const means = Float64Array.from(
    { length: classes * size }, // (C, d)
    () => separation * random.standardNormal(),
  );
  function* draw(set: string, examples: number) {
    const random = stream(set);
    const values = new Float32Array(examples * size);
    yield* inParts(values.length, (from, to) => {
      for (let at = from; at < to; at++)
        values[at] = means[at % means.length] + random.standardNormal();
    });
    const labels = Uint8Array.from({ length: examples }, (_, example) => example % classes);
    return { examples, size, values, labels };
  }
  return { classes, train: yield* draw("train", train), test: yield* draw("test", test) };
}
