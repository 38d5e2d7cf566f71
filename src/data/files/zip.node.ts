// A zip on this machine's disk.

import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { WRONG_CHECKSUM, type Zip, type ZipEntry } from "./files.ts";

export async function openZip(path: string): Promise<Zip> {
  const zip = await openPromise(path, { autoClose: false });
  return {
    bytes: zip.fileSize,
    async *entries() {
      for await (const entry of zip.eachEntry()) yield entryOf(zip, entry);
    },
    close() {
      zip.close();
    },
  };
}

function entryOf(zip: ZipFile, entry: Entry): ZipEntry {
  return {
    ...{ name: entry.fileName, method: entry.compressionMethod, isEncrypted: entry.isEncrypted() },
    ...{ packed: entry.compressedSize, unpacked: entry.uncompressedSize },
    async content() {
      return checked(await zip.openReadStreamPromise(entry), entry.crc32);
    },
  };
}

async function* checked(stream: AsyncIterable<unknown>, expected: number) {
  let sum = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    sum = crc32(piece, sum);
    yield piece;
  }
  if (sum !== expected) throw new Error(WRONG_CHECKSUM);
}
