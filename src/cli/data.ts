// The data sets that commands need.

import { isDeepStrictEqual } from "node:util";
import { InputError } from "../base/errors.ts";
import type { DataSource } from "../data/sets/set.ts";
import type { Dataset, LoadedDataset } from "../data/dataset.ts";
import type { RecordStore } from "../records/store.ts";
import type { Study } from "../study/spec.ts";
import type { Context } from "./context.ts";
import { short } from "./view/kept-text.ts";
import { openDownloadView } from "./view/download.ts";

/** The homework's, which is meant where nothing names another one. */
export const HOMEWORK_DATA: DataSource = { name: "fashion-mnist" };

/** What `--data` says of itself. */
export const DATA_OPTION = [
  "--data <path>",
  "folder of the data set's files (default: WIDTHWISE_DATA, or found or fetched), or where your own file lies now",
] as const;

/** The data set with its files from `directory`, or from the first place that has them; downloads are shown. */
export async function loadData(
  source: DataSource,
  directory: string | undefined,
  context: Context,
): Promise<LoadedDataset> {
  const { env, signal } = context;
  const view = openDownloadView(context);
  try {
    const { onProgress } = view;
    return await context.effects.loadDataset(source, { directory, env, signal, onProgress });
  } finally {
    view.close();
  }
}

/** Where kept studies had their data sets, by digest: the study that was planned last first. */
export async function sourcesOfStudies(
  store: RecordStore,
): Promise<ReadonlyMap<string, readonly DataSource[]>> {
  const sources = new Map<string, DataSource[]>();
  for (const { specification, dataset } of await store.studies()) {
    const known = sources.get(dataset.digest) ?? [];
    const source = (JSON.parse(specification) as Study).dataset;
    const isKnown = known.some((one) => isDeepStrictEqual(one, source));
    sources.set(dataset.digest, isKnown ? known : [...known, source]);
  }
  return sources;
}

/**
 * The data set with this digest, from the first of these places that has it; where only others are there, one of these.
 * Throws InputError where nothing can be read, with the digest that is wanted.
 */
export async function loadKept(
  digest: string,
  sources: readonly DataSource[] | undefined,
  directory: string | undefined,
  context: Context,
): Promise<Dataset> {
  let other: Dataset | undefined;
  let reason = "";
  for (const source of sources ?? [HOMEWORK_DATA]) {
    try {
      const { dataset } = await loadData(source, directory, context);
      if (dataset.digest === digest) return dataset;
      other ??= dataset;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      reason ||= error.message;
    }
  }
  if (other !== undefined) return other;
  throw new InputError(
    `${reason}; wanted is the data set with digest ${short(digest)}: name where it lies with --data`,
  );
}
