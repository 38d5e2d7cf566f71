// Loads a data set from the user's own file or folder: which format it is, its content tells.

import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "../base/errors.ts";
import { readCsv, type CsvOptions } from "./formats/csv-files.node.ts";
import { readIdxFolder } from "./formats/idx-folder.node.ts";
import { readNpz } from "./formats/npz.node.ts";
import type { RawDataset } from "./formats/raw.ts";
import { fileSize, readable } from "./formats/user-file.node.ts";
import type { Values } from "./formats/value-collector.ts";
import type { LoadedDataset } from "./dataset.ts";
import { makeDataset } from "./make-dataset.node.ts";

/**
 * The data set at `path`: NumPy's .npz with x_train, y_train, x_test and y_test, a folder of four IDX files, or CSV. Its
 * classes are one more than the largest label in either set; it is called as its file is, but for a published one.
 * @throws InputError where there is none, or it is malformed, with file, array, row and column.
 */
export async function loadPath(path: string, options: CsvOptions = {}): Promise<LoadedDataset> {
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

async function read(path: string, options: CsvOptions): Promise<RawDataset> {
  const isFolder = (await readable(path, () => stat(path))).isDirectory();
  const isZip = !isFolder && (await readable(path, () => firstBytes(path))) === "PK";
  if (!isFolder && !isZip) return readCsv(path, options);
  if ((options.label ?? options.test) !== undefined)
    throw new InputError(
      `${path} is no CSV file, and label and test are of CSV files; leave them out`,
    );
  return readable(path, () => (isFolder ? readIdxFolder(path) : readNpz(path)));
}

function floats(values: Values): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

function largest(labels: Uint8Array): number {
  return labels.reduce((a, b) => Math.max(a, b), 0);
}

async function firstBytes(path: string): Promise<string> {
  await fileSize(path);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
