// Reads a data set from CSV files: training and test set from one each, or both from one.

import { InputError } from "../../base/errors.ts";
import type { UserFile, UserFiles } from "../files/files.ts";
import { splitOff, type TestShare } from "../split-off.ts";
import { CsvReader, type CsvReaderOptions } from "./csv.ts";
import type { RawDataset } from "./raw.ts";

export interface PathOptions {
  /** CSV's: the name of the label's column; without, the one that is called label, else the last. */
  readonly label?: string | undefined;
  /** CSV's: the path of the test set's file, or which share of the one file is the test set. */
  readonly test?: string | TestShare | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The data set in `file`, gzipped or not, an example a row: numbers, of which one column is the label.
 * @throws InputError where it is none, with file, row and column, each counted from 1.
 */
export async function readCsv(
  file: UserFile,
  { label, test, signal }: PathOptions,
  files: UserFiles,
): Promise<RawDataset> {
  if (test === undefined)
    throw new InputError(
      `${file.path} is read as CSV, which takes a test set; give test: a second file, or a share such as {share: 0.2, seed: 0}`,
    );
  const { examples, layout } = await readFile(file, { label }, files, signal);
  const { classNames, names } = layout;
  const named = {
    ...(classNames && { classNames }),
    ...(names && { inputNames: names.toSpliced(layout.label, 1) }),
  };
  if (typeof test !== "string")
    return { ...splitOff(examples, test, file.path, files.sha256), ...named };
  const tests = await readFile(await files.lookAt(test), { like: layout }, files, signal);
  return { train: examples, test: tests.examples, ...named };
}

function readFile(
  file: UserFile,
  options: Pick<CsvReaderOptions, "label" | "like">,
  { checkRoom, contentOf, readable }: UserFiles,
  signal: AbortSignal | undefined,
) {
  return readable(file.path, async () => {
    const reader = new CsvReader({ what: file.path, bytes: file.bytes, checkRoom, ...options });
    for await (const piece of contentOf(file, signal)) reader.push(piece);
    return reader.end();
  });
}
