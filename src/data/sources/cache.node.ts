// The cache folder: where it is, and how a file lands in it whole or not at all.

import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { WidthwiseError } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.node.ts";
import type { FoundFile } from "./source.ts";
import { isGzip } from "./unpack.node.ts";

/** A data set's folder in this platform's cache folder (XDG_CACHE_HOME on Linux). */
export function defaultCacheDirectory(dataset: string): string {
  return join(envPaths("widthwise", { suffix: "" }).cache, dataset);
}

/**
 * Keeps checked files. Each is written beside its place under a name that no other process uses and then
 * renamed, so that readers and other writers see it whole or not at all.
 * @returns why the folder cannot be written, or null: that the files are not kept is no failure.
 * @throws WidthwiseError where the disk is full; the signal's reason where that aborts.
 */
export async function keepInCache(
  directory: string,
  files: readonly FoundFile[],
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    makeFolder(directory);
    for (const { file, packed } of files) {
      await land(join(directory, isGzip(packed) ? `${file.name}.gz` : file.name), packed, signal);
    }
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new WidthwiseError(
        `the disk is full: the data could not be kept in ${directory}; make room there, or put the ` +
          `files into another folder and name it with --data`,
        { cause: error },
      );
    }
    if (code === undefined) throw error;
    return `cannot be written (${code})`;
  }
}

async function land(
  path: string,
  content: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, content, signal === undefined ? {} : { signal });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
