// What a data set's digest is taken of: its numbers, whatever file they came from (docs/numerics.md).

import { utf8 } from "../base/sha256.ts";
import type { Dataset } from "./dataset.ts";
import type { IdxDataset } from "./formats/idx-dataset.ts";

/** Values of one piece. */
const PIECE = 2 ** 20;

/** A data set that has no digest yet. */
export type Undigested = Omit<Dataset, "digest" | "name">;

/**
 * The bytes whose SHA-256 is the digest, in pieces of at most 4 MiB:
 * `widthwise/data/1/KIND/n/m/d/classes` and a line feed in ASCII, KIND being uint8 or float32; then training values,
 * training labels, test values, test labels. Bytes as they are, float32 little-endian, −0 as 0.
 */
export function* canonicalBytes({ classes, train, test }: Undigested): Generator<Uint8Array, void> {
  const kind = train.values instanceof Uint8Array ? "uint8" : "float32";
  const facts = [kind, train.examples, test.examples, train.size, classes];
  yield utf8(`widthwise/data/1/${facts.join("/")}\n`);
  for (const { values, labels } of [train, test]) {
    for (let at = 0; at < values.length; at += PIECE) {
      const piece = values.subarray(at, at + PIECE);
      yield piece instanceof Uint8Array ? piece : littleEndian(piece);
    }
    yield labels;
  }
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i] + 0, true);
  return new Uint8Array(view.buffer);
}

/** The described set's four files, were they made of this data set; null where their sizes are others. */
export function asIdxFiles(
  { files, image: { rows, columns }, classNames }: IdxDataset,
  { classes, train, test }: Undigested,
): readonly (readonly Uint8Array[])[] | null {
  const found = [train, test].flatMap(({ examples, values, labels }) =>
    values instanceof Uint8Array
      ? [
          [idxHeader([examples, rows, columns]), values],
          [idxHeader([examples]), labels],
        ]
      : [],
  );
  const sizes = found.map((parts) => parts.reduce((sum, { length }) => sum + length, 0));
  const agree = classes === classNames.length && files.every(({ bytes }, i) => bytes === sizes[i]);
  return agree ? found : null;
}

function idxHeader(dimensions: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  view.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((dimension, i) => {
    view.setUint32(4 + 4 * i, dimension);
  });
  return new Uint8Array(view.buffer);
}
