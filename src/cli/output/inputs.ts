// The files that a command reads, so that it never writes over one of them.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { DataSource } from "../../data/sets/set.ts";
import type { OtherFile } from "./own-files.ts";
import type { Study } from "../../study/spec.ts";
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

/** The file of its initial parameters, where it names one. */
export function givenFile({ model: { init } }: Study): OtherFile[] {
  return typeof init === "object" ? [{ what: "the initial parameters", path: init.path }] : [];
}

/** The files of the user's own data set: of a folder, all that lie in it. */
export async function ownData({ path, test }: DataSource): Promise<OtherFile[]> {
  if (path === undefined) return [];
  const inside = await readdir(path).catch(() => []);
  return [
    path,
    ...inside.map((name) => join(path, name)),
    ...(typeof test === "string" ? [test] : []),
  ].map((file) => ({ what: "a data file", path: file }));
}

/** All data sets' files, in every folder where they may be read: the user's alone, or the platform's. */
export async function dataFiles(
  directory: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<OtherFile[]> {
  const { DATASETS } = await import("../../data/sets/table.ts");
  const { defaultCacheDirectory } = await import("../../data/sources/cache.node.ts");
  const named = directory ?? env.WIDTHWISE_DATA ?? "";
  return Object.values(DATASETS).flatMap((set) => {
    if (!("files" in set)) return [];
    const { name, debian, files } = set.files;
    const implicit = [defaultCacheDirectory(name), ...(debian ? [debian.directory] : [])];
    const folders = named === "" ? implicit : [named];
    const names = files.flatMap((file) => [file.name, `${file.name}.gz`]);
    return folders.flatMap((folder) =>
      names.map((file) => ({ what: "a data file", path: join(folder, file) })),
    );
  });
}
