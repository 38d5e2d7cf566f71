// Reads a data set from CSV files: training and test set from one each, or both from one.

import { createReadStream } from "node:fs";
import { InputError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { splitOff, type TestShare } from "../split-off.ts";
import { CsvReader, type CsvReaderOptions } from "./csv.ts";
import type { RawDataset } from "./raw.ts";
import { checkRoom } from "./room.node.ts";
import { fileSize, readable } from "./user-file.node.ts";

/** Bytes that are read at once, at the most. */
const PIECE = 2 ** 20;

export interface CsvOptions {
  /** The name of the label's column; without, the one that is called label, else the last. */
  readonly label?: string | undefined;
  /** The path of the test set's file, or which share of the one file is the test set. */
  readonly test?: string | TestShare | undefined;
}

/**
 * The data set in the file at `path`, an example a row: numbers, of which one column is the label.
 * @throws InputError where it is none, with file, row and column, each counted from 1.
 */
export async function readCsv(path: string, { label, test }: CsvOptions): Promise<RawDataset> {
  if (test === undefined)
    throw new InputError(
      `${path} is read as CSV, which takes a test set; give test: a second file, or a share such as {share: 0.2, seed: 0}`,
    );
  const { examples, layout } = await readFile(path, { label });
  if (typeof test !== "string") return splitOff(examples, test, path, sha256);
  return { train: examples, test: (await readFile(test, { like: layout })).examples };
}

async function readFile(path: string, options: Pick<CsvReaderOptions, "label" | "like">) {
  const bytes = await fileSize(path);
  const reader = new CsvReader({ what: path, bytes, checkRoom, ...options });
  await readable(path, async () => {
    for await (const piece of createReadStream(path, { highWaterMark: Math.min(PIECE, 1 + bytes) }))
      reader.push(piece as Uint8Array);
  });
  return reader.end();
}
