// Modular addition: all pairs (a, b) of residues modulo p, labelled (a + b) mod p, of which a share is for training
// (A. Power et al., "Grokking: generalization beyond overfitting on small algorithmic datasets", arXiv:2201.02177).

import * as z from "zod";
import { number } from "../../base/fields.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Undigested } from "../digest.ts";
import { checkSizes, dataStream, integer, SEED, split } from "./generated.ts";
import { generated } from "./set.ts";

const SETTINGS = {
  /** p; a prime in the literature, but any will do. Labels are bytes. */
  modulus: integer(2, 256).default(97),
  /** Of the p² pairs. */
  train_share: number("a number above 0 and below 1", {
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }).default(0.5),
  seed: SEED.default(0),
};

export const MODULAR_ADDITION = generated(SETTINGS, (settings, { sha256 }) =>
  modularAddition(settings, sha256),
);

/**
 * Bytes: a and b as one vector each that is 1 at its place and else 0, side by side, (2p).
 * @throws InputError where the share leaves one of the sets empty.
 */
function modularAddition(
  settings: z.output<z.ZodObject<typeof SETTINGS>>,
  sha256: Sha256,
): Undigested {
  const { modulus, train_share, seed } = settings;
  const pairs = modulus * modulus;
  const size = 2 * modulus;
  const train = Math.floor(train_share * pairs + 0.5);
  checkSizes("modular-addition", train, pairs - train, size);
  const values = new Uint8Array(pairs * size);
  const labels = new Uint8Array(pairs);
  const order = dataStream(sha256, seed, "modular-addition/pairs").permutation(pairs);
  order.forEach((pair, row) => {
    const a = Math.floor(pair / modulus);
    const b = pair % modulus;
    values[row * size + a] = 1;
    values[row * size + modulus + b] = 1;
    labels[row] = (a + b) % modulus;
  });
  return { classes: modulus, ...split(values, labels, train) };
}
