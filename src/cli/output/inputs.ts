// The files that a command reads, so that it never writes over one of them.

import { join } from "node:path";
import type { OtherFile } from "./own-files.ts";
import { isPath } from "../study-files.ts";

/** The store, and what SQLite and claims keep beside it. */
export function storeFiles(path: string): OtherFile[] {
  return ["", "-wal", "-shm", "-journal", "-claims"].map((suffix) => ({
    what: suffix === "" ? "the store" : "a part of the store",
    path: `${path}${suffix}`,
  }));
}

/** The study's file, where it is the user's. */
export function studyFile(nameOrPath: string): OtherFile[] {
  return isPath(nameOrPath) ? [{ what: "the study", path: nameOrPath }] : [];
}

/** The data set's files, in every folder where they may be read: the user's alone, or the platform's. */
export async function dataFiles(
  directory: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<OtherFile[]> {
  const { FASHION_MNIST: set } = await import("../../data/sets/fashion-mnist.ts");
  const { defaultCacheDirectory } = await import("../../data/sources/cache.node.ts");
  const named = directory ?? env.WIDTHWISE_DATA ?? "";
  const folders = named === "" ? [defaultCacheDirectory(set.name), set.debian.directory] : [named];
  return folders.flatMap((folder) =>
    set.files.flatMap(({ name }) =>
      [name, `${name}.gz`].map((file) => ({ what: "a data file", path: join(folder, file) })),
    ),
  );
}
