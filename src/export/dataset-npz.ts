// A data set as NumPy's .npz with Keras' names: x_train (n, d), or (n, rows, columns) of images, y_train (n), x_test, y_test.

import { Zip, ZipPassThrough } from "fflate";
import { dump } from "npyjs";
import { InputError } from "../base/errors.ts";
import type { Undigested } from "../data/digest.ts";
import { earliest } from "./npz.ts";

/** Beyond 4 GiB a zip needs another form. */
const MAX_BYTES = 2 ** 32 - 2 ** 16;

/**
 * The file, uncompressed, in pieces: values as they are, uint8 or float32, labels as uint8.
 * @throws InputError where it would be larger than 4 GiB.
 */
export function* datasetNpz({ train, test, image }: Undigested): Generator<Uint8Array, void> {
  const arrays = [
    ["x_train", train.values],
    ["y_train", train.labels],
    ["x_test", test.values],
    ["y_test", test.labels],
  ] as const;
  const bytes = arrays.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  if (bytes > MAX_BYTES)
    throw new InputError(
      `--format npz: ${bytes} bytes of values; expected at most ${MAX_BYTES}, as a zip has`,
    );
  const pieces: Uint8Array[] = [];
  const zip = new Zip((_, piece) => pieces.push(piece));
  for (const [name, array] of arrays) {
    const { examples, size } = name.endsWith("train") ? train : test;
    const example = image === undefined ? [size] : [image.rows, image.columns];
    const entry = new ZipPassThrough(`${name}.npy`);
    entry.mtime = earliest();
    zip.add(entry);
    entry.push(
      new Uint8Array(dump(array, [examples, ...(name.startsWith("x") ? example : [])])),
      true,
    );
    yield* pieces.splice(0);
  }
  zip.end();
  yield* pieces;
}
