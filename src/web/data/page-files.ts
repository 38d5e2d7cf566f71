// The files that a page was handed, by their paths: what its readers ask in the place of a disk.

import type { FileEntry } from "@zip.js/zip.js";
import { InputError } from "../../base/errors.ts";
import {
  WRONG_CHECKSUM,
  type UserFile,
  type UserFiles,
  type Zip,
  type ZipEntry,
} from "../../data/files/files.ts";
import { checkUnpacked, gigabytes } from "../../data/files/room.ts";
import { hash, sha256 } from "../../pool/web/sha256.ts";

/** Bytes of the largest file, as it lies on its disk. */
export const LARGEST_FILE = 256e6;

/** Bytes that a data set may take in memory. */
const ROOM = 1e9;

const ELSEWHERE = "train on it with widthwise run";

/** Throws InputError where there are files that `handed` has not, or that are too large. */
export function pageFiles(handed: ReadonlyMap<string, Blob>): UserFiles {
  function blobAt(path: string): Blob {
    const blob = fileOf(handed, path);
    if (blob === null)
      throw new InputError(`${path} is not in this page yet; drop it here, or choose it`);
    return blob;
  }

  async function lookAt(path: string): Promise<UserFile> {
    const blob = blobAt(path);
    if (blob.size > LARGEST_FILE)
      throw new InputError(
        `${path} has ${gigabytes(blob.size)}, and a page takes files of at most ${gigabytes(LARGEST_FILE)}; ${ELSEWHERE}`,
      );
    const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    const isGzip = first === 0x1f && second === 0x8b;
    return { path, bytes: blob.size, isGzip, isZip: first === 0x50 && second === 0x4b };
  }

  async function* contentOf(
    { path, bytes, isGzip }: UserFile,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void> {
    const stream = blobAt(path).stream();
    try {
      let unpacked = 0;
      for await (const piece of piecesOf(isGzip ? unpackedStream(stream) : stream)) {
        signal?.throwIfAborted();
        unpacked += piece.length;
        if (isGzip) checkUnpacked(unpacked, bytes, path);
        yield piece;
      }
    } catch (error) {
      if (!isGzip || !(error instanceof Error) || error instanceof InputError) throw error;
      throw new InputError(`${path} is damaged: its gzip stream is invalid (${error.message})`, {
        cause: error,
      });
    }
  }

  return {
    isFolder: (path) => Promise.resolve(folderOf(handed, path) !== null),
    join: (folder, name) => (folder === "." ? name : `${folder}/${name}`),
    basename: lastOf,
    names: (path) => Promise.resolve(namesIn(handed, folderOf(handed, path) ?? "")),
    ...{ lookAt, contentOf, readable, checkRoom, sha256, hash },
    openZip: (path) => openZip(blobAt(path)),
  };
}

/** What the study calls `path`: exactly, or by its last part alone, since a page knows no folders around it. */
function fileOf(handed: ReadonlyMap<string, Blob>, path: string): Blob | null {
  const plain = plainPath(path);
  return handed.get(plain) ?? handed.get(lastOf(plain)) ?? null;
}

/** Whether there is a file or a folder of this path. */
export function isIn(handed: ReadonlyMap<string, Blob>, path: string): boolean {
  return fileOf(handed, path) !== null || folderOf(handed, path) !== null;
}

/** The prefix of its files; that of those without a folder is empty. */
function folderOf(handed: ReadonlyMap<string, Blob>, path: string): string | null {
  if (fileOf(handed, path) !== null) return null;
  const plain = plainPath(path);
  for (const prefix of plain === "." ? [""] : [`${plain}/`, `${lastOf(plain)}/`])
    if (namesIn(handed, prefix).length > 0) return prefix;
  return null;
}

function namesIn(handed: ReadonlyMap<string, Blob>, prefix: string): string[] {
  return [...handed.keys()].flatMap((path) => {
    const name = path.slice(prefix.length);
    return path.startsWith(prefix) && !name.includes("/") ? [name] : [];
  });
}

function plainPath(path: string): string {
  return path.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
}

export function lastOf(path: string): string {
  return plainPath(path).split("/").at(-1) ?? path;
}

async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DOMException) || error.name === "AbortError") throw error;
    throw new InputError(`${path} cannot be read any more (${error.message}); drop it here again`, {
      cause: error,
    });
  }
}

function checkRoom(bytes: number, what: string): void {
  if (bytes > ROOM)
    throw new InputError(
      `${what} would take ${gigabytes(bytes)} of memory, and a page has room for ${gigabytes(ROOM)}; ${ELSEWHERE}`,
    );
}

function unpackedStream(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  return stream.pipeThrough(new DecompressionStream("gzip"));
}

/** Streams are iterated by themselves in few browsers yet. */
async function* piecesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function openZip(blob: Blob): Promise<Zip> {
  const { BlobReader, ZipReader } = await import("@zip.js/zip.js/lib/zip-core-native.js");
  // Its own workers would be scripts that the page's security policy forbids.
  const zip = new ZipReader(new BlobReader(blob), { useWebWorkers: false, checkCrc32: true });
  return {
    bytes: blob.size,
    async *entries() {
      for await (const entry of zip.getEntriesGenerator())
        if (!entry.directory)
          yield {
            ...{ name: entry.filename, isEncrypted: entry.encrypted },
            ...{ method: entry.compressionMethod, unpacked: entry.uncompressedSize },
            packed: entry.compressedSize,
            content: () => Promise.resolve(contentOf(entry)),
          } satisfies ZipEntry;
    },
    close() {
      void zip.close();
    },
  };
}

async function* contentOf(entry: FileEntry): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new TransformStream<
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>
  >();
  let fault: unknown = null;
  const writing = entry.getData(writable).catch((error: unknown) => {
    fault = error;
  });
  try {
    yield* piecesOf(readable);
  } catch (error) {
    fault ??= error;
  }
  await writing;
  if (fault instanceof Error && fault.message === "Invalid CRC32") throw new Error(WRONG_CHECKSUM);
  if (fault instanceof Error) throw new Error(fault.message, { cause: fault });
}
