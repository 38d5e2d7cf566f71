// What goes wrong with a user's file before its content is looked at.

import { stat } from "node:fs/promises";
import { InputError } from "../../base/errors.ts";

/** What `work` makes of the file at `path`; where it cannot be read, an InputError says so. */
export async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof InputError || code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    const fault = code === "ENOENT" ? "is missing" : `cannot be read (${code})`;
    throw new InputError(`${path} ${fault}`, { cause: error });
  }
}

/** Bytes of the file at `path`, which is no folder, pipe or device. */
export async function fileSize(path: string): Promise<number> {
  const status = await readable(path, () => stat(path));
  if (!status.isFile()) throw new InputError(`${path} is no file`);
  return status.size;
}
