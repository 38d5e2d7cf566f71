// Sentences for what the file system says of a path that the user gave.

import { InputError, WidthwiseError } from "../../base/errors.ts";

/**
 * The error to throw for one that met the writing of `option` `path`, a "folder" or a "file". What is no word
 * of the file system's stays what it is.
 */
export function pathProblem(
  option: string,
  path: string,
  kind: "folder" | "file",
  error: unknown,
): Error {
  if (error instanceof WidthwiseError || !(error instanceof Error)) return error as Error;
  const { code } = error as NodeJS.ErrnoException;
  const cause = { cause: error };
  const subject = `${option} ${path}`;
  const advice = `name another ${kind}`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new WidthwiseError(
        `${subject}: the disk is full; make room there or name a ${kind} on another disk`,
        cause,
      );
    case "EACCES":
    case "EPERM":
      return new InputError(`${subject}: no permission to write there; ${advice}`, cause);
    case "EROFS":
      return new InputError(`${subject}: a read-only file system; ${advice}`, cause);
    case "ENOTDIR":
    case "EEXIST":
      return new InputError(`${subject}: part of this path is a file; ${advice}`, cause);
    case "ENOENT":
      return new InputError(`${subject}: its folder does not exist; make it or ${advice}`, cause);
    case undefined:
      return error;
    default:
      return new InputError(`${subject}: cannot be written (${code}); ${advice}`, cause);
  }
}
