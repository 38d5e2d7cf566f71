// The data sets that commands need.

import type { DataSource } from "../data/sets/set.ts";
import type { LoadedDataset } from "../data/dataset.ts";
import type { RecordStore } from "../records/store.ts";
import type { Study } from "../study/spec.ts";
import type { Context } from "./context.ts";
import { openDownloadView } from "./view/download.ts";

/** The homework's, which is meant where nothing names another one. */
export const HOMEWORK_DATA: DataSource = { name: "fashion-mnist" };

/** What `--data` says of itself. */
export const DATA_OPTION = [
  "--data <dir>",
  "folder of the data set's files (default: WIDTHWISE_DATA, or found or fetched)",
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

/** The data sets that kept studies name, by their digests. */
export async function namedByStudies(store: RecordStore): Promise<ReadonlyMap<string, DataSource>> {
  const studies = await store.studies();
  return new Map(
    studies.map(({ specification, dataset }) => [
      dataset.digest,
      (JSON.parse(specification) as Study).dataset,
    ]),
  );
}
