// Makes a data set of typed arrays: checks them, brings them to one form, and asks for their digest.

import { InputError } from "../base/errors.ts";
import { hex, type Sha256 } from "../base/sha256.ts";
import { checkDataset, type Dataset, type LabelledExamples } from "./dataset.ts";
import { asIdxFiles, canonicalBytes, type Undigested } from "./digest.ts";
import { DATASETS } from "./sets/table.ts";

/** SHA-256 of pieces, which may take its time. */
export type Hash = (pieces: Iterable<Uint8Array>) => Promise<Uint8Array>;

/**
 * The data set of these arrays: values (n, d) as bytes or finite float32, labels (n) from 0 to classes − 1. Where all
 * values are integers from 0 to 255, they become bytes; −0 becomes 0. Arrays that are kept as they are are not copied.
 * The digest is that of the numbers, or of the published files where the numbers are those of FashionMNIST or MNIST.
 * @throws InputError where the parts do not belong together, or for fewer than 2 training examples.
 */
export async function digestedDataset(
  parts: Omit<Dataset, "digest">,
  hash: Hash,
  sha256: Sha256,
): Promise<Dataset> {
  checkDataset({ ...parts, digest: "" });
  const { name, train } = parts;
  if (train.examples < 2)
    throw new InputError(`data set ${name}: 1 training example; expected at least 2`);
  const dataset = canonical(parts);
  const known = await published(dataset, hash, sha256);
  return { ...dataset, ...(known ?? { digest: hex(await hash(canonicalBytes(dataset))) }) };
}

/** What a published data set is called, if this is one. */
async function published(
  dataset: Undigested,
  hash: Hash,
  sha256: Sha256,
): Promise<Pick<Dataset, "name" | "digest" | "image" | "classNames"> | null> {
  for (const set of Object.values(DATASETS)) {
    if (!("files" in set)) continue;
    const description = set.files;
    const files = asIdxFiles(description, dataset);
    if (files === null) continue;
    const digests: Uint8Array[] = [];
    for (const parts of files) digests.push(await hash(parts));
    if (digests.every((digest, i) => hex(digest) === description.files[i].sha256))
      return {
        ...{ name: description.name, image: description.image },
        classNames: description.classNames,
        digest: hex(sha256(...digests)),
      };
  }
  return null;
}

function canonical<T extends Undigested>(dataset: T): T {
  const { train, test } = dataset;
  const integers = [train, test].every(
    ({ values }) =>
      values instanceof Uint8Array || !values.some((value) => (value & 255) !== value),
  );
  const converted = (examples: LabelledExamples) => ({
    ...examples,
    values: integers ? bytes(examples.values) : withoutNegativeZero(examples.values),
  });
  return { ...dataset, train: converted(train), test: converted(test) };
}

function bytes(values: Uint8Array | Float32Array): Uint8Array {
  return values instanceof Uint8Array ? values : new Uint8Array(values);
}

function withoutNegativeZero(values: Uint8Array | Float32Array): Uint8Array | Float32Array {
  // A loop is several times faster than `some`, and there may be hundreds of millions.
  for (const value of values) if (Object.is(value, -0)) return values.map((each) => each + 0);
  return values;
}
