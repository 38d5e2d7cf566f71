// Gets a data set: from the folder that the user names, else from the first places that have its files.

import { setImmediate } from "node:timers/promises";
import { InputError, WidthwiseError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.node.ts";
import { defaultCacheDirectory, keepInCache } from "./sources/cache.node.ts";
import type { LoadedDataset } from "./dataset.ts";
import { debianSource } from "./sources/debian.node.ts";
import { FASHION_MNIST } from "./sets/fashion-mnist.ts";
import { loadPath } from "./load-path.node.ts";
import { datasetEntry, type Datasets, type DataSource } from "./sets/set.ts";
import { DATASETS } from "./sets/table.ts";
import { findInFolder, folderSource } from "./sources/folder.node.ts";
import type { IdxContent, IdxDataset } from "./formats/idx-dataset.ts";
import { assembleDataset } from "./formats/idx-dataset.ts";
import { makeDataset } from "./make-dataset.node.ts";
import { mirrorSource } from "./sources/mirror.node.ts";
import type { DownloadProgress, Environment, Source } from "./sources/source.ts";

export interface LoadOptions {
  /** The only folder to look in (--data); defaults to the environment's WIDTHWISE_DATA, if set. */
  readonly directory?: string | undefined;
  /** Where downloads are kept; defaults to the platform's cache folder. */
  readonly cacheDirectory?: string | undefined;
  /** Whether what is not on this machine is fetched; without, only its folders are looked in. */
  readonly fetchMissing?: boolean; // defaults to true
  readonly env?: Environment; // defaults to process.env
  readonly fetch?: typeof fetch; // defaults to the global one
  /** Milliseconds without a byte after which a mirror is given up. */
  readonly idleTimeout?: number | undefined; // defaults to 10000
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The data set of a study: read from its own file (`loadPath`), made where its entry makes it, else loaded from published
 * files (`loadIdxDataset`).
 * Throws InputError where `datasets` has none of its name.
 */
export async function loadDataset(
  source: DataSource,
  datasets: Datasets = DATASETS,
  options: LoadOptions = {},
): Promise<LoadedDataset> {
  if (source.path !== undefined)
    return loadPath(options.directory ?? source.path, { ...source, signal: options.signal });
  const entry = datasetEntry(datasets, source.name);
  if ("files" in entry) return loadIdxDataset(entry.files, options);
  const pause = () => setImmediate(undefined, { signal: options.signal });
  const made = await entry.generate(source, { sha256, pause });
  return { dataset: await makeDataset({ name: source.name, ...made }), origin: "its settings" };
}

/** FashionMNIST, checked byte for byte; see `loadIdxDataset`. */
export function loadFashionMnist(options: LoadOptions = {}): Promise<LoadedDataset> {
  return loadIdxDataset(FASHION_MNIST, options);
}

/**
 * Loads `description` from the first of: the folder that the user names, and then only from there; the cache
 * folder; the folder of Debian's package; the mirrors, in order; Debian's archive through apt. Each place is
 * asked for the files that are still missing, every file is checked against its published SHA-256, and what
 * was fetched is kept in the cache folder, so a damaged one is repaired.
 * @throws InputError where the user's folder lacks a file or has a damaged one.
 * @throws WidthwiseError where no place has the files, saying what was wrong with each, or the disk is full.
 * @throws the signal's reason where that aborts.
 */
export async function loadIdxDataset(
  description: IdxDataset,
  options: LoadOptions = {},
): Promise<LoadedDataset> {
  const { signal, env = process.env } = options;
  signal?.throwIfAborted();
  if (options.directory !== undefined) {
    return loadFolder(description, options.directory, "--data");
  }
  if (env.WIDTHWISE_DATA) return loadFolder(description, env.WIDTHWISE_DATA, "WIDTHWISE_DATA");

  const cache = options.cacheDirectory ?? defaultCacheDirectory(description.name);
  const contents = new Map<string, IdxContent>();
  const origins: string[] = [];
  const faults: string[] = [];
  for (const source of implicitSources(description, cache, options)) {
    const missing = description.files.filter(({ name }) => !contents.has(name));
    if (missing.length === 0) break;
    const { files, fault } = await source.find(missing);
    signal?.throwIfAborted();
    if (fault !== null) faults.push(`${source.name}: ${fault.message}`);
    if (files.length === 0) continue;
    for (const { file, content } of files) contents.set(file.name, content);
    const unkept = source.remote ? await keepInCache(cache, files, signal) : null;
    const keeping = unkept === null ? `cached in ${cache}` : `not cached: ${cache} ${unkept}`;
    origins.push(source.remote ? `${source.name} (${keeping})` : source.name);
  }
  if (contents.size < description.files.length) throw foundNowhere(description, faults);
  return { dataset: assembleDataset(description, contents, sha256), origin: origins.join(" and ") };
}

function implicitSources(
  { mirrors, debian }: IdxDataset,
  cache: string,
  { fetch = globalThis.fetch, idleTimeout = 10_000, ...options }: LoadOptions,
): readonly Source[] {
  const { signal, onProgress, fetchMissing = true, env = process.env } = options;
  const folders = [folderSource(cache), ...(debian ? [folderSource(debian.directory)] : [])];
  if (!fetchMissing) return folders;
  return [
    ...folders,
    ...mirrors.map((mirror) => mirrorSource(mirror, { fetch, idleTimeout, signal, onProgress })),
    ...(debian ? [debianSource(debian, { env, signal, onProgress })] : []),
  ];
}

/** `option` is how the user named the folder. */
async function loadFolder(
  description: IdxDataset,
  directory: string,
  option: string,
): Promise<LoadedDataset> {
  const { files, fault } = await findInFolder(directory, description.files);
  if (fault !== null) {
    throw new InputError(
      `${option} ${directory}: ${fault.message}; expected the four files of ${description.title}, ` +
        `as .gz or unpacked (leave ${option} out to have them fetched)`,
      { cause: fault },
    );
  }
  const contents = new Map(files.map(({ file, content }) => [file.name, content]));
  return { dataset: assembleDataset(description, contents, sha256), origin: directory };
}

function foundNowhere(
  { title, debian, files }: IdxDataset,
  faults: readonly string[],
): WidthwiseError {
  return new WidthwiseError(
    [
      `${title} was found nowhere; name a folder that has its files (${files[0].name}.gz, …) with ` +
        `--data${debian ? `, or install them: sudo apt-get install ${debian.package}` : ""}`,
      ...faults.map((fault) => `  ${fault}`),
    ].join("\n"),
  );
}
