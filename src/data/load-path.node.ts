// Loads a data set from the user's own file or folder: which format it is, its content tells.

import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "../base/errors.ts";
import { readCsv, type PathOptions } from "./formats/csv-files.node.ts";
import { readIdxFolder } from "./formats/idx-folder.node.ts";
import { readNpz } from "./formats/npz.node.ts";
import type { RawDataset } from "./formats/raw.ts";
import { lookAt, readable } from "./formats/user-file.node.ts";
import type { Values } from "./formats/value-collector.ts";
import type { LoadedDataset } from "./dataset.ts";
import { makeDataset } from "./make-dataset.node.ts";

/**
 * The data set at `path`: NumPy's .npz with x_train, y_train, x_test and y_test, a folder of four IDX files, or CSV. Its
 * classes are one more than the largest label in either set; it is called as its file is, but for a published one.
 * @throws InputError where there is none, or it is malformed, with file, array, row and column.
 * @throws the signal's reason where that aborts.
 */
export async function loadPath(path: string, options: PathOptions = {}): Promise<LoadedDataset> {
  const { image, ...sets } = await read(path, options);
  const areBytes = [sets.train, sets.test].every(({ values }) => values instanceof Uint8Array);
  const [train, test] = [sets.train, sets.test].map(({ values, labels }) => ({
    ...{ examples: labels.length, size: values.length / labels.length, labels },
    values: areBytes ? values : floats(values),
  }));
  const classes = 1 + Math.max(largest(train.labels), largest(test.labels));
  const name = basename(path);
  return {
    dataset: await makeDataset({ name, classes, train, test, ...(image && { image }) }),
    origin: path,
  };
}

async function read(path: string, options: PathOptions): Promise<RawDataset> {
  const isFolder = (await readable(path, () => stat(path))).isDirectory();
  const file = isFolder ? null : await lookAt(path);
  if (file?.isZip === false) return readCsv(file, options);
  if ((options.label ?? options.test) !== undefined)
    throw new InputError(
      `${path} is no CSV file, and label and test are of CSV files; leave them out`,
    );
  const readFormat = isFolder ? readIdxFolder : readNpz;
  return readable(path, () => readFormat(path, options.signal));
}

function floats(values: Values): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

function largest(labels: Uint8Array): number {
  return labels.reduce((a, b) => Math.max(a, b), 0);
}
