// Folders of IDX files under the names of several distributions, and what is refused in them.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../../test/data/tiny.ts";
import { MACHINE_FILES } from "../files/machine.node.ts";
import { InputError } from "../../base/errors.ts";
import { readIdxFolder } from "./idx-folder.ts";

type Files = Record<string, Uint8Array | null>;

function idx(dimensions: number[], ...values: number[]): Uint8Array {
  const sizes = dimensions.flatMap((size) => [size >>> 24, (size >> 16) & 255, size >> 8, size]);
  return Uint8Array.of(0, 0, 8, dimensions.length, ...sizes, ...values);
}

const contents = [
  idx([2, 2, 1], 1, 2, 3, 4),
  idx([2], 1, 0),
  idx([1, 2, 1], 5, 6),
  idx([1], 2),
] as const;

const named = (names: readonly string[]): Files =>
  Object.fromEntries(names.map((name, i) => [name, contents[i]]));

const sound = named([
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
]);

async function read(files: Files) {
  const folder = await temporaryFolder();
  const there = Object.entries(files).filter((file): file is [string, Uint8Array] => !!file[1]);
  await writeFiles(folder, there);
  return { folder, reading: readIdxFolder(folder, undefined, MACHINE_FILES) };
}

test.each<[string, Files]>([
  ["MNIST's names", sound],
  [
    "dots",
    named([
      "train-images.idx3-ubyte",
      "train-labels.idx1-ubyte",
      "t10k-images.idx3-ubyte",
      "t10k-labels.idx1-ubyte",
    ]),
  ],
  [
    "EMNIST's names",
    named([
      "emnist-digits-train-images-idx3-ubyte",
      "emnist-digits-train-labels-idx1-ubyte",
      "emnist-digits-test-images-idx3-ubyte",
      "emnist-digits-test-labels-idx1-ubyte",
    ]),
  ],
  [
    "gzipped",
    Object.fromEntries(
      Object.entries(sound).map(([name, content]) => [
        `${name}.gz`,
        gzipSync(content ?? new Uint8Array(0)),
      ]),
    ),
  ],
  ["a damaged archive beside a file", { ...sound, "t10k-labels-idx1-ubyte.gz": Buffer.from("x") }],
])("four files become a data set: %s", async (_, files) => {
  expect(await (await read(files)).reading).toMatchObject({
    train: { values: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(1, 0) },
    test: { values: Uint8Array.of(5, 6), labels: Uint8Array.of(2) },
    image: { rows: 2, columns: 1 },
  });
});

const images = "train-images-idx3-ubyte";
const packed = gzipSync(contents[0]);

describe("is refused with one sentence:", () => {
  test.each<[string, Files, string]>([
    [
      "a file that is missing",
      { ...sound, "t10k-labels-idx1-ubyte": null },
      " has no file of test labels; expected t10k-labels-idx1-ubyte, as .gz or unpacked",
    ],
    [
      "two files of one kind",
      { ...sound, "test-labels-idx1-ubyte": contents[3] },
      ' has both "t10k-labels-idx1-ubyte" and "test-labels-idx1-ubyte"; expected one file of test labels',
    ],
    [
      "a label too few",
      { ...sound, "train-labels-idx1-ubyte": idx([1], 1) },
      "train-labels-idx1-ubyte has 1 labels; expected 2, as many as there are images",
    ],
    [
      "images that are labels",
      { ...sound, [images]: idx([2], 1, 0) },
      `${images} has 1 dimension; expected at least 2 (examples × values)`,
    ],
    [
      "labels that are images",
      { ...sound, "train-labels-idx1-ubyte": contents[0] },
      "train-labels-idx1-ubyte has 3 dimensions; expected 1 (examples)",
    ],
    [
      "test images of another size",
      { ...sound, "t10k-images-idx3-ubyte": idx([1, 3], 1, 2, 3) },
      "t10k-images-idx3-ubyte has 3 values per example; expected 2, as the training images have",
    ],
    [
      "no IDX file",
      { ...sound, [images]: Buffer.from("<html>") },
      "its magic number is 0x3c68746d",
    ],
    [
      "a claim of gigabytes",
      { ...sound, [images]: idx([1_000_000_000, 2], 1) },
      `${images} is cut short: its header promises 2000000012 bytes, it has 13`,
    ],
    [
      "a packed claim of gigabytes",
      { ...sound, [images]: null, [`${images}.gz`]: gzipSync(idx([1_000_000_000, 2], 1)) },
      "bytes to 2000000012, which no compression of it can",
    ],
    [
      "a bomb",
      {
        ...sound,
        [images]: null,
        [`${images}.gz`]: gzipSync(Buffer.concat([contents[0], Buffer.alloc(3e7)])),
      },
      "has trailing bytes: its header promises 2×2×1 values, 5 bytes follow",
    ],
    [
      "trailing bytes",
      { ...sound, [images]: idx([2, 2, 1], 1, 2, 3, 4, 5) },
      "has trailing bytes: its header promises 2×2×1 values, 5 bytes follow",
    ],
    [
      "an archive that is cut short",
      { ...sound, [images]: null, [`${images}.gz`]: packed.subarray(0, -9) },
      "is damaged: its gzip stream is invalid (unexpected end of file)",
    ],
  ])("%s", async (_, files, sentence) => {
    const { folder, reading } = await read(files);
    const failure: unknown = await reading.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toContain(sentence);
    expect((failure as Error).message.startsWith(join(folder))).toBe(true);
    expect((failure as Error).message).not.toContain("\n");
  });
});
