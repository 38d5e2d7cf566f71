// Reads a data set from a folder of four IDX files, gzipped or not, under the names that distributions give them.

import { InputError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { UserFiles } from "../files/files.ts";
import { checkUnpacked } from "../files/room.ts";
import { ByteReader } from "./byte-reader.ts";
import { idxBytes, parseIdx, type Idx } from "./idx.ts";
import { imageOf, type RawDataset } from "./raw.ts";

/** train-images-idx3-ubyte, t10k-labels.idx1-ubyte.gz, emnist-digits-test-images-idx3-ubyte … */
const NAME = /^(?:.*[-_.])?(train|t10k|test)-(images|labels)[-.]idx[1-9]-ubyte(\.gz)?$/;

export function isIdxName(name: string): boolean {
  return NAME.test(name);
}

/** Bytes of the longest header that is read: of 255 dimensions. */
const LONGEST_HEADER = 4 + 4 * 255;

/**
 * The data set in the folder at `path`: images (n, …) and labels (n), unsigned bytes. Of a file that is there both
 * plain and gzipped, the plain one is read.
 * @throws InputError where it has not each of the four files once, or they are malformed or disagree.
 */
export async function readIdxFolder(
  path: string,
  signal: AbortSignal | undefined,
  files: UserFiles,
): Promise<RawDataset> {
  const names = await files.names(path);
  const read = async (set: string, what: string) => {
    const file = files.join(path, findFile(names, set, what, path));
    return { file, ...parseIdx(await readFile(file, signal, files), file) };
  };
  const pair = async (set: string) => {
    const [images, labels] = [await read(set, "images"), await read(set, "labels")];
    if (images.dimensions.length < 2)
      throw new InputError(
        `${images.file} has 1 dimension; expected at least 2 (examples × values)`,
      );
    if (labels.dimensions.length !== 1)
      throw new InputError(
        `${labels.file} has ${labels.dimensions.length} dimensions; expected 1 (examples)`,
      );
    if (labels.values.length !== images.dimensions[0])
      throw new InputError(
        `${labels.file} has ${labels.values.length} labels; expected ${images.dimensions[0]}, as many as there are images`,
      );
    return { images, values: images.values, labels: labels.values };
  };
  const [train, test] = [await pair("train"), await pair("test")];
  if (size(train.images) !== size(test.images))
    throw new InputError(
      `${test.images.file} has ${size(test.images)} values per example; expected ${size(train.images)}, as the training images have`,
    );
  return { train, test, ...imageOf(train.images.dimensions) };
}

function findFile(names: readonly string[], set: string, what: string, path: string): string {
  const found = names.filter((name) => {
    const parts = NAME.exec(name);
    return parts?.[2] === what && (parts[1] === "train") === (set === "train");
  });
  const distinct = new Set(found.map((name) => name.replace(/\.gz$/, "")));
  if (distinct.size === 0)
    throw new InputError(
      `${path} has no file of ${set === "train" ? "training" : "test"} ${what}; expected ${set === "train" ? "train" : "t10k"}-${what}-idx${what === "images" ? 3 : 1}-ubyte, as .gz or unpacked`,
    );
  if (distinct.size > 1)
    throw new InputError(
      `${path} has both ${[...distinct].slice(0, 2).map(quote).join(" and ")}; expected one file of ${set === "train" ? "training" : "test"} ${what}`,
    );
  return [...found].sort((a, b) => a.length - b.length)[0];
}

/** The file's content; memory is taken for no more than its header claims, and only if that can be. */
async function readFile(
  path: string,
  signal: AbortSignal | undefined,
  { checkRoom, contentOf, lookAt }: UserFiles,
): Promise<Uint8Array> {
  const file = await lookAt(path);
  const reader = new ByteReader(contentOf(file, signal));
  try {
    const header = await reader.take(LONGEST_HEADER);
    const expected = idxBytes(header, path);
    if (file.isGzip) checkUnpacked(expected, file.bytes, path);
    else if (expected > file.bytes)
      throw new InputError(
        `${path} is cut short: its header promises ${expected} bytes, it has ${file.bytes}`,
      );
    checkRoom(expected, path);
    // A byte more shows that there is more.
    const content = new Uint8Array(expected + 1);
    content.set(header.subarray(0, content.length));
    let length = Math.min(header.length, content.length);
    for await (const piece of reader.rest(1)) {
      content.set(piece.subarray(0, content.length - length), length);
      length = Math.min(length + piece.length, content.length);
      if (length > expected) break;
    }
    return content.subarray(0, length);
  } finally {
    await reader.close();
  }
}

function size({ dimensions }: Idx): number {
  return dimensions.slice(1).reduce((product, dimension) => product * dimension, 1);
}
