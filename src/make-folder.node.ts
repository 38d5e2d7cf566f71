// Makes a folder and those that it lies in.

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Does what mkdir does with `recursive`, which never comes to an end where the system says of a folder that cannot be
 * made that it is missing, as in /proc. Throws what the system says.
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeOne(path);
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (!isThere || !statSync(path).isDirectory()) throw error;
  }
}
