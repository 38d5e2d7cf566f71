// Reads a data set from the user's own file or folder: which format it is, its content tells.

import { InputError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { readCsv, type PathOptions } from "./formats/csv-files.ts";
import { readIdxFolder } from "./formats/idx-folder.ts";
import { readNpz } from "./formats/npz.ts";
import type { RawDataset } from "./formats/raw.ts";
import type { Values } from "./formats/value-collector.ts";
import type { LoadedDataset } from "./dataset.ts";
import type { UserFiles } from "./files/files.ts";
import { digestedDataset } from "./make-dataset.ts";

/**
 * The data set at `path`: NumPy's .npz with x_train, y_train, x_test and y_test, a folder of four IDX files, or CSV. Its
 * classes are one more than the largest label in either set; it is called as its file is, but for a published one.
 * @throws InputError where there is none, or it is malformed, with file, array, row and column.
 * @throws the signal's reason where that aborts.
 */
export async function readPath(
  path: string,
  options: PathOptions,
  files: UserFiles,
): Promise<LoadedDataset> {
  const { image, classNames, inputNames, ...sets } = await read(path, options, files);
  const areBytes = [sets.train, sets.test].every(({ values }) => values instanceof Uint8Array);
  const [train, test] = [sets.train, sets.test].map(({ values, labels }) => ({
    ...{ examples: labels.length, size: values.length / labels.length, labels },
    values: areBytes ? values : floats(values),
  }));
  checkClasses(path, [train.labels, test.labels], classNames);
  const classes = 1 + Math.max(largest(train.labels), largest(test.labels));
  const parts = {
    ...{ name: files.basename(path), classes, train, test },
    ...(image && { image }),
    ...(classNames && { classNames }),
    ...(inputNames && { inputNames }),
  };
  return { dataset: await digestedDataset(parts, files.hash, files.sha256), origin: path };
}

async function read(path: string, options: PathOptions, files: UserFiles): Promise<RawDataset> {
  const isFolder = await files.isFolder(path);
  const file = isFolder ? null : await files.lookAt(path);
  if (file?.isZip === false) return readCsv(file, options, files);
  if ((options.label ?? options.test) !== undefined)
    throw new InputError(
      `${path} is no CSV file, and label and test are of CSV files; leave them out`,
    );
  const readFormat = isFolder ? readIdxFolder : readNpz;
  return files.readable(path, () => readFormat(path, options.signal, files));
}

function floats(values: Values): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** Throws InputError where there is nothing to tell apart. */
function checkClasses(
  path: string,
  labels: readonly Uint8Array[],
  names: readonly string[] | undefined,
): void {
  const [first] = labels[0];
  if (labels.some((set) => set.some((label) => label !== first))) return;
  const name = names === undefined ? String(first) : quote(names[first]);
  throw new InputError(
    `${path} has examples of one class alone, ${name}; expected two or more, or there is nothing to tell apart`,
  );
}

function largest(labels: Uint8Array): number {
  return labels.reduce((a, b) => Math.max(a, b), 0);
}
