// A folder as a source: files lie in it gzipped or plain.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../base/errors.ts";
import type { IdxFile } from "../formats/idx-dataset.ts";
import type { Found, FoundFile, Source } from "./source.ts";
import { findEach } from "./source.ts";
import { packedLimit, unpack } from "./unpack.node.ts";

export function folderSource(directory: string): Source {
  return { name: directory, remote: false, find: (files) => findInFolder(directory, files) };
}

/** Reads and checks `files`; a fault is an InputError that names the file, but not the folder. */
export async function findInFolder(directory: string, files: readonly IdxFile[]): Promise<Found> {
  try {
    if (!(await stat(directory)).isDirectory()) {
      return { files: [], fault: new InputError("this is no folder") };
    }
  } catch (error) {
    return { files: [], fault: unreadable("this folder", error) };
  }
  return findEach(files, (file) => findFile(directory, file));
}

/** The plain file or the archive, whichever is sound. */
async function findFile(directory: string, file: IdxFile): Promise<FoundFile> {
  let fault: InputError | undefined;
  for (const name of [file.name, `${file.name}.gz`]) {
    try {
      const packed = await readBounded(directory, name, packedLimit(file));
      if (packed !== null) return { file, packed, content: await unpack(packed, file, name) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fault ??= error;
    }
  }
  throw fault ?? new InputError(`${file.name} (or ${file.name}.gz) is missing`);
}

/** null where there is no such file. */
async function readBounded(
  directory: string,
  name: string,
  limit: number,
): Promise<Uint8Array | null> {
  try {
    const path = join(directory, name);
    const status = await stat(path);
    if (!status.isFile()) throw new InputError(`${name} is no file`);
    if (status.size > limit) {
      throw new InputError(`${name} has ${status.size} bytes, expected at most ${limit}`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw unreadable(name, error);
  }
}

function unreadable(what: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === "ENOENT" ? "is missing" : `cannot be read (${code ?? message})`;
  return new InputError(`${what} ${reason}`, { cause: error });
}
