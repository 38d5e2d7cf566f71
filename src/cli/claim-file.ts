// One file that a command writes at its end: checked before the work begins, written whole or not at all.

import { access, constants, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { pathProblem } from "./path-problem.ts";

type Piece = string | Uint8Array;

/** Replaces the file by one with this content, or with all of its pieces. */
export type WriteFile = (content: Piece | AsyncIterable<Piece>) => Promise<void>;

/**
 * Makes sure that `path`, given as `option`, can be written.
 * @throws InputError where it cannot, or is no plain file; the returned function, where it cannot any more.
 */
export async function claimFile(option: string, path: string): Promise<WriteFile> {
  const guarded = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      throw pathProblem(option, path, "file", error);
    }
  };
  // A link is followed: what it points at is replaced, not the link.
  const file = await realpath(path).catch(() => resolve(path));
  await guarded(async () => {
    const found = await stat(file).catch(() => null);
    if (found !== null && !found.isFile()) {
      const what = found.isDirectory() ? "a folder" : "a device";
      throw new InputError(`${option} ${path}: expected a file, got ${what}; name another file`);
    }
    // The dot makes a file in the folder's place an error.
    await access(`${dirname(file)}/.`, constants.W_OK);
  });
  return (content) =>
    guarded(async () => {
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        await writeFile(temporary, content);
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
}
