// What the user has handed to the page, and the data sets that studies make of it.

import { InputError } from "../../base/errors.ts";
import type { Dataset } from "../../data/dataset.ts";
import { isIdxName } from "../../data/formats/idx-folder.ts";
import { readPath } from "../../data/read-path.ts";
import type { OwnFile } from "../../data/sets/set.ts";
import { isIn, lastOf, pageFiles } from "./page-files.ts";

export interface Handed {
  /** With the folders that were handed around it. */
  readonly path: string;
  readonly file: Blob;
}

/** Of a single CSV file, where nothing is said. */
const SHARE = { share: 0.2, seed: 0 };

export class Hand {
  readonly #files = new Map<string, Blob>();
  #kept: { readonly source: string; readonly dataset: Promise<Dataset> } | null = null;
  /** Counts what was handed. */
  version = 0;

  /** Keeps the files; those of a name that is here already take its place. */
  keep(handed: readonly Handed[]): void {
    for (const { path, file } of handed) this.#files.set(path, file);
    this.#kept = null;
    this.version++;
  }

  /** The study's files that are not here. */
  missing(source: OwnFile): string[] {
    return pathsOf(source).filter((path) => !isIn(this.#files, path));
  }

  /** The study's data set. Throws InputError where files are missing or malformed. */
  load({ path, label, test }: OwnFile): Promise<Dataset> {
    const source = JSON.stringify([path, label, test]);
    if (this.#kept?.source !== source) {
      const dataset = readPath(path, { label, test }, pageFiles(this.#files)).then(
        (read) => read.dataset,
        (error: unknown) => {
          if (path !== "." || !(error instanceof InputError)) throw error;
          throw new InputError(error.message.replace(/^\. /, "what was handed over "), {
            cause: error,
          });
        },
      );
      this.#kept = { source, dataset };
    }
    return this.#kept.dataset;
  }
}

/** What a study says to train on these files. Throws InputError where they are no data set. */
export async function sourceOf(handed: readonly Handed[]): Promise<OwnFile> {
  const files = new Map(handed.map(({ path, file }) => [path, file]));
  const { lookAt } = pageFiles(files);
  const paths = [...files.keys()].filter((path) => !lastOf(path).startsWith("."));
  if (paths.length === 0) throw new InputError("no file was handed over; expected a data set's");
  const image = paths.find((path) => isIdxName(lastOf(path)));
  if (image !== undefined) return { path: image.split("/").slice(0, -1).join("/") || "." };
  const [first, second] = paths;
  if (paths.length > 2)
    throw new InputError(
      `${paths.length} files were handed over, such as ${lastOf(first)}; expected a data set: a CSV file or two, an .npz, or four IDX files`,
    );
  const looks = await Promise.all(paths.map(lookAt));
  if (paths.length === 1) return looks[0].isZip ? { path: first } : { path: first, test: SHARE };
  const isTest = (path: string) => /test|valid/i.test(lastOf(path));
  if (isTest(first) === isTest(second))
    throw new InputError(
      `which of ${lastOf(first)} and ${lastOf(second)} is the test set cannot be told; expected "test" in the name of one of them`,
    );
  return isTest(first) ? { path: second, test: first } : { path: first, test: second };
}

export function pathsOf({ path, test }: OwnFile): string[] {
  return typeof test === "string" ? [path, test] : [path];
}
