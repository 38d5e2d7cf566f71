// A NumPy's .npz as what it is: a zip of arrays, stored or deflated. Its members are streamed, so that beside what they
// become nothing of them is held.

import { InputError } from "../../base/errors.ts";
import { enumerate } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import type { UserFiles, Zip, ZipEntry } from "../files/files.ts";
import { WRONG_CHECKSUM } from "../files/files.ts";
import { checkUnpacked } from "../files/room.ts";
import { ByteReader } from "./byte-reader.ts";
import { readNpyHeader, wrongType, type NpyHeader } from "./npy.ts";

/** Keras' data sets have four members. */
const MOST_MEMBERS = 1000;

/** What every zip of Office has. */
const OFFICE = "[Content_Types].xml";

/** A member as its header and the zip's directory tell it. */
export interface Member {
  /** How errors call it. */
  readonly what: string;
  readonly npy: NpyHeader;
  /** Gives `work` the member's bytes from the start on. */
  readonly read: Read;
}

type Read = <T>(work: (reader: ByteReader) => Promise<T>) => Promise<T>;

export interface Members {
  /** Without `.npy`, in the file's order. */
  readonly names: readonly string[];
  /**
   * Throws InputError where the file has no array `name`, one of those that are `expected`, or it is malformed, or has
   * texts where these are not `texts`.
   */
  readonly open: (
    name: string,
    expected: readonly string[],
    texts?: "may have texts",
  ) => Promise<Member>;
}

/**
 * What `work` makes of the arrays in the file at `path`.
 * @throws InputError where it is no .npz, before memory is taken for what it claims.
 */
export async function withMembers<T>(
  path: string,
  signal: AbortSignal | undefined,
  { openZip }: Pick<UserFiles, "openZip">,
  work: (members: Members) => Promise<T>,
): Promise<T> {
  const zip = await guarded(path, signal, () => openZip(path));
  try {
    return await guarded(path, signal, async () => {
      const entries = await listMembers(zip, path);
      if (entries.has(OFFICE))
        throw new InputError(`${path} is an Office file, such as Excel's; save its sheet as CSV`);
      const names = [...entries.keys()];
      return work({
        names,
        async open(name, expected, texts) {
          const entry = entries.get(name);
          if (entry === undefined) {
            const found = names.slice(0, 8).map(quote).join(", ");
            throw new InputError(
              `${path} has no array ${name}; expected ${enumerate(expected)}, found ${found || "none"}`,
            );
          }
          const what = `${path}: ${name}`;
          const read: Read = (use) => withReader(entry, what, signal, use);
          const member = await readHeader(zip, entry, what, read);
          const { readText, type } = member.npy;
          if (readText !== undefined && texts === undefined)
            throw new InputError(wrongType(what, type));
          return member;
        },
      });
    });
  } finally {
    zip.close();
  }
}

/** What the library says of a malformed file is told as an InputError. */
async function guarded<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    // Refusals and bugs of ours have classes of their own.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new InputError(`${path} cannot be read as .npz: ${quote(error.message)}`, {
      cause: error,
    });
  }
}

/** The zip's entries by their arrays' names. */
async function listMembers(zip: Zip, path: string): Promise<ReadonlyMap<string, ZipEntry>> {
  const entries = new Map<string, ZipEntry>();
  for await (const entry of zip.entries()) {
    const name = entry.name.replace(/\.npy$/, "");
    if (entries.has(name)) throw new InputError(`${path} has two arrays ${quote(name)}`);
    entries.set(name, entry);
    if (entries.size > MOST_MEMBERS)
      throw new InputError(`${path} has more than ${MOST_MEMBERS} arrays; expected a few`);
  }
  return entries;
}

async function readHeader(zip: Zip, entry: ZipEntry, what: string, read: Read): Promise<Member> {
  if (entry.isEncrypted) throw new InputError(`${what} is encrypted; expected a plain .npz`);
  if (![0, 8].includes(entry.method))
    throw new InputError(
      `${what} is compressed by method ${entry.method}; expected numpy.savez's or savez_compressed's`,
    );
  const { packed, unpacked } = entry;
  if (packed > zip.bytes)
    throw new InputError(`${what} claims ${packed} bytes; the file has ${zip.bytes}`);
  checkUnpacked(unpacked, packed, what);
  const npy = await read((reader) => readNpyHeader(reader, what));
  const member = { what, npy, read };
  const expected = npy.offset + numbers(member) * npy.itemBytes;
  if (unpacked !== expected)
    throw new InputError(
      `${what} has ${unpacked} bytes; expected ${expected}, since its header claims the shape ${shapeText(npy.shape)}`,
    );
  return member;
}

/** Calls `take` with each number and how many came before it. */
export function readNumbers(
  member: Member,
  take: (at: number, value: number) => void,
): Promise<void> {
  return readEach(member, member.npy.read, take);
}

/** Calls `take` with each value as `read` reads it, and how many came before it. */
export async function readEach<Value>(
  member: Member,
  read: (view: DataView, at: number) => Value,
  take: (at: number, value: Value) => void,
): Promise<void> {
  const { itemBytes } = member.npy;
  await readPieces(member, (at, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < bytes.length; i += itemBytes) take(at + i / itemBytes, read(view, i));
  });
}

/** Calls `take` with all numbers' bytes, piece by piece, and how many numbers came before. */
export async function readPieces(
  { npy, read }: Member,
  take: (at: number, bytes: Uint8Array) => void,
): Promise<void> {
  await read(async (reader) => {
    await reader.take(npy.offset);
    let at = 0;
    for await (const piece of reader.rest(npy.itemBytes)) {
      take(at, piece);
      at += piece.length / npy.itemBytes;
    }
  });
}

async function withReader<T>(
  entry: ZipEntry,
  what: string,
  signal: AbortSignal | undefined,
  work: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  const content = await entry.content();
  const watched = async function* () {
    for await (const piece of content) {
      signal?.throwIfAborted();
      yield piece;
    }
  };
  const reader = new ByteReader(watched());
  try {
    return await work(reader);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== WRONG_CHECKSUM) throw error;
    throw new InputError(`${what} is damaged: ${WRONG_CHECKSUM}`, { cause: error });
  } finally {
    await reader.close();
  }
}

/** Where a number lies row-major that comes as number `at` where the first dimension runs fastest. */
export function rowMajor([examples, ...rest]: readonly number[]): (at: number) => number {
  const size = product(rest);
  const within = Uint32Array.from({ length: size }, (_, at) => {
    let [index, stride, left] = [0, size, at];
    for (const dimension of rest) {
      stride /= dimension;
      index += (left % dimension) * stride;
      left = Math.floor(left / dimension);
    }
    return index;
  });
  return (at) => (at % examples) * size + within[Math.floor(at / examples)];
}

export function numbers({ npy }: Member): number {
  return product(npy.shape);
}

export function product(dimensions: readonly number[]): number {
  return dimensions.reduce((all, dimension) => all * dimension, 1);
}

/** At most the first dimensions: a hostile header may have many. */
export function shapeText(shape: readonly number[]): string {
  return `(${shape.slice(0, 6).join(", ")}${shape.length > 6 ? ", …" : ""})`;
}
