// Data sets that are published as four IDX files: how one is described, and the four put together.
// Knows nothing of where the files come from.

import { InputError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { hex } from "../../base/sha256.ts";
import type { Dataset, LabelledExamples } from "../dataset.ts";
import type { Idx } from "./idx.ts";
import { parseIdx } from "./idx.ts";

/** One published file: its name and what is inside it once unpacked. */
export interface IdxFile {
  readonly name: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

export interface IdxDataset {
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly classNames: readonly string[];
  readonly image: { readonly rows: number; readonly columns: number };
  /** Training images, training labels, test images, test labels. */
  readonly files: readonly [IdxFile, IdxFile, IdxFile, IdxFile];
  /** Addresses of folders that hold the files, each ending in a slash; the first is asked first. */
  readonly mirrors: readonly string[];
  /** The Debian package that has the files, and the folder it installs them in, where there is one. */
  readonly debian?: { readonly package: string; readonly directory: string };
}

/** A file's content, unpacked, with its own digest. */
export interface IdxContent {
  /** How errors call the file. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, 32 bytes. */
  readonly digest: Uint8Array;
}

/**
 * The data set that the described files hold: training images (n, rows, columns), training labels (n), test
 * images, test labels. `contents` has each under its name. Pixels and labels are views of the files' bytes.
 * @throws InputError where a file is malformed or the files disagree.
 */
export function assembleDataset(
  { name, classNames, files }: Pick<IdxDataset, "name" | "classNames" | "files">,
  contents: ReadonlyMap<string, IdxContent>,
  sha256: Sha256,
): Dataset {
  const classes = classNames.length;
  const [trainImages, trainLabels, testImages, testLabels] = files.map((file) => {
    const content = contents.get(file.name);
    if (content === undefined) throw new InputError(`${name} lacks its file ${file.name}`);
    return content;
  });
  const train = labelledImages(trainImages, trainLabels, classes);
  const test = labelledImages(testImages, testLabels, classes);
  if (train.size !== test.size) {
    throw new InputError(
      `${testImages.name} has ${test.size} pixels an image, expected ${train.size}: ` +
        `as many as ${trainImages.name}`,
    );
  }
  const digests = [trainImages, trainLabels, testImages, testLabels].map((file) => file.digest);
  const digest = hex(sha256(...digests));
  return { name, classes, train, test, digest, image: train.image, classNames };
}

function labelledImages(
  imageFile: IdxContent,
  labelFile: IdxContent,
  classes: number,
): LabelledExamples & Required<Pick<Dataset, "image">> {
  const images = parseRank(imageFile, 3, "examples × rows × columns");
  const labels = parseRank(labelFile, 1, "examples");
  const [examples, rows, columns] = images.dimensions;
  if (labels.values.length !== examples) {
    throw new InputError(
      `${labelFile.name} has ${labels.values.length} labels, expected ${examples}: ` +
        `as many as ${imageFile.name} has images`,
    );
  }
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new InputError(
      `${labelFile.name} labels example ${wrong} as class ${labels.values[wrong]}, ` +
        `expected 0 to ${classes - 1}`,
    );
  }
  return {
    ...{ examples, size: rows * columns, values: images.values, labels: labels.values },
    image: { rows, columns },
  };
}

function parseRank(file: IdxContent, rank: number, meaning: string): Idx {
  const idx = parseIdx(file.bytes, file.name);
  if (idx.dimensions.length !== rank) {
    throw new InputError(
      `${file.name} has ${idx.dimensions.length} dimensions, expected ${rank} (${meaning})`,
    );
  }
  return idx;
}
