// A user's files on this machine's disk: whether they can be read, and their bytes, unpacked.

import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { hash } from "../make-dataset.node.ts";
import type { UserFile, UserFiles } from "./files.ts";
import { checkRoom } from "./room.node.ts";
import { checkUnpacked } from "./room.ts";
import { openZip } from "./zip.node.ts";

/** Bytes that are read at once, at the most. */
const PIECE = 2 ** 20;

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

/** Throws InputError where no file is at `path`, but a folder, a pipe, a device or nothing. */
export async function lookAt(path: string): Promise<UserFile> {
  return readable(path, async () => {
    const status = await stat(path);
    if (!status.isFile()) throw new InputError(`${path} is no file`);
    const file = await open(path);
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      const [isGzip, isZip] = ["\x1f\x8b", "PK"].map((start) => buffer.equals(latin1(start)));
      return { path, bytes: status.size, isGzip, isZip };
    } finally {
      await file.close();
    }
  });
}

async function* contentOf(
  { path, bytes, isGzip }: UserFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const file = createReadStream(path, { highWaterMark: Math.min(PIECE, 1 + bytes) });
  // What goes wrong is told where the stream is read.
  const stream = isGzip ? pipeline(file, createGunzip(), () => undefined) : file;
  try {
    let unpacked = 0;
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      unpacked += piece.length;
      if (isGzip) checkUnpacked(unpacked, bytes, path);
      yield piece;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") !== true) throw error;
    throw new InputError(`${path} is damaged: its gzip stream is invalid (${message})`, {
      cause: error,
    });
  } finally {
    file.destroy();
    stream.destroy();
  }
}

export const MACHINE_FILES: UserFiles = {
  isFolder: async (path) => (await readable(path, () => stat(path))).isDirectory(),
  names: (path) => readable(path, () => readdir(path)),
  ...{ lookAt, contentOf, openZip, readable, checkRoom, sha256, hash },
  ...{ basename, join },
};

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
