// One file that a command writes at its end: checked before the work begins, written whole or not at all.

import { access, constants, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../../base/errors.ts";
import {
  isOwnContent,
  refuseDanglingLink,
  refuseOtherFile,
  type Content,
  type OtherFile,
} from "./own-files.ts";
import { pathProblem } from "./path-problem.ts";

type Piece = string | Uint8Array;

/** Replaces the file by one with this content, or with all of its pieces. */
export type WriteFile = (
  content: Piece | Iterable<Uint8Array> | AsyncIterable<Piece>,
) => Promise<void>;

export interface ClaimOptions {
  /** What the file is going to hold; one that is there already and holds something else is not replaced. */
  readonly content: Content;
  /** Files of the same command, which it must not be. */
  readonly others: readonly OtherFile[];
  /** Whether the user has asked for anything to be replaced. */
  readonly force?: boolean | undefined;
}

/**
 * Makes sure that `path`, given as `option`, can be written, and that what lies there may be replaced.
 * @throws InputError where it cannot, or may not, or is no plain file; the returned function, where that is so by
 * then.
 */
export async function claimFile(
  option: string,
  path: string,
  { content, others, force = false }: ClaimOptions,
): Promise<WriteFile> {
  const subject = `${option} ${path}`;
  const guarded = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      throw pathProblem(option, path, "file", error);
    }
  };
  await guarded(() => refuseDanglingLink(option, path));
  // A link is followed: what it points at is replaced, not the link.
  const file = await realpath(path).catch(() => resolve(path));
  const mayReplace = async () => {
    await refuseOtherFile(file, others, subject, "name another file");
    const found = await stat(file).catch(() => null);
    if (!found?.isFile() || force || (await isOwnContent(file, content))) return;
    throw new InputError(
      `${subject}: it is there already, and widthwise did not write it; name another file, or have it replaced with --force`,
    );
  };
  await guarded(async () => {
    const found = await stat(file).catch(() => null);
    if (found !== null && !found.isFile()) {
      const what = found.isDirectory() ? "a folder" : "a device";
      throw new InputError(`${subject}: expected a file, got ${what}; name another file`);
    }
    await mayReplace();
    // The dot makes a file in the folder's place an error.
    await access(`${dirname(file)}/.`, constants.W_OK);
  });
  return (pieces) =>
    guarded(async () => {
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        await writeFile(temporary, pieces);
        await mayReplace();
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
}
