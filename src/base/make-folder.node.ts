// Makes a folder and those that it lies in.

import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Does what mkdir does with `recursive`, which never comes to an end where the system says of a folder that cannot be
 * made that it is missing, as in /proc. Returns the folders that were not there, the outermost first. Throws what the
 * system says, and leaves none of them then.
 */
export function makeFolder(path: string): string[] {
  try {
    return makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    const outer = makeFolder(dirname(path));
    try {
      return [...outer, ...makeOne(path)];
    } catch (error) {
      unmakeFolders(outer);
      throw error;
    }
  }
}

/** Takes away the folders that `makeFolder` has made, unless something lies in them by now. */
export function unmakeFolders(made: readonly string[]): void {
  try {
    for (const path of [...made].reverse()) rmdirSync(path);
  } catch {
    // Others use it.
  }
}

function makeOne(path: string): string[] {
  try {
    mkdirSync(path);
    return [path];
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (!isThere || !statSync(path).isDirectory()) throw error;
    return [];
  }
}
