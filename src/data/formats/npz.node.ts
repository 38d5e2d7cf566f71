// Reads a data set from NumPy's .npz: a zip of x_train, y_train, x_test and y_test, stored or deflated. Members are
// streamed, so that beside what they become nothing of them is held.

import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { InputError } from "../../base/errors.ts";
import { enumerate } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import { ByteReader } from "./byte-reader.ts";
import { readNpyHeader, type NpyHeader } from "./npy.ts";
import { checkRoom, checkUnpacked } from "./room.node.ts";
import { imageOf, type RawDataset, type RawExamples } from "./raw.ts";
import { ValueCollector, type Values } from "./value-collector.ts";

const NAMES = ["x_train", "y_train", "x_test", "y_test"];

/** Keras' data sets have four members. */
const MOST_MEMBERS = 1000;

/** A member as its header and the zip's directory tell it. */
interface Member {
  /** How errors call it. */
  readonly what: string;
  readonly npy: NpyHeader;
  readonly checksum: number;
  /** Gives `work` the member's bytes from the start on. */
  readonly read: Read;
}

type Read = <T>(work: (reader: ByteReader) => Promise<T>) => Promise<T>;

/**
 * The data set in the file at `path`. x are integers, or floats of 16 to 64 bits, (n, …); y are integers or whole
 * floats from 0 to 255, (n) or (n, 1).
 * @throws InputError where it is none, before memory is taken for what it claims.
 */
export async function readNpz(path: string, signal: AbortSignal | undefined): Promise<RawDataset> {
  const zip = await guarded(path, signal, () => openPromise(path, { autoClose: false }));
  try {
    return await guarded(path, signal, () => readMembers(zip, path, signal));
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

async function readMembers(
  zip: ZipFile,
  path: string,
  signal: AbortSignal | undefined,
): Promise<RawDataset> {
  const entries = await listMembers(zip, path);
  const members: Member[] = [];
  for (const name of NAMES) {
    const entry = entries.get(name);
    if (entry === undefined) {
      const found = [...entries.keys()].slice(0, 8).map(quote).join(", ");
      throw new InputError(
        `${path} has no array ${name}; expected ${enumerate(NAMES)}, found ${found || "none"}`,
      );
    }
    const read: Read = (work) => withReader(zip, entry, signal, work);
    members.push(await readHeader(zip, entry, `${path}: ${name}`, read));
  }
  const [xTrain, yTrain, xTest, yTest] = members;
  checkShapes(xTrain, yTrain);
  checkShapes(xTest, yTest);
  if (valuesPerExample(xTest) !== valuesPerExample(xTrain))
    throw new InputError(
      `${xTest.what} has ${valuesPerExample(xTest)} values per example; expected ${valuesPerExample(xTrain)}, as x_train has`,
    );
  checkRoom(4 * (numbers(xTrain) + numbers(xTest)), path);
  const read = async (x: Member, y: Member): Promise<RawExamples> => ({
    labels: await readLabels(y),
    values: await readValues(x),
  });
  return {
    train: await read(xTrain, yTrain),
    test: await read(xTest, yTest),
    ...imageOf(xTrain.npy.shape),
  };
}

/** The zip's entries by their arrays' names. */
async function listMembers(zip: ZipFile, path: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.replace(/\.npy$/, "");
    if (entries.has(name)) throw new InputError(`${path} has two arrays ${quote(name)}`);
    entries.set(name, entry);
    if (entries.size > MOST_MEMBERS)
      throw new InputError(`${path} has more than ${MOST_MEMBERS} arrays; expected four`);
  }
  return entries;
}

async function readHeader(zip: ZipFile, entry: Entry, what: string, read: Read): Promise<Member> {
  if (entry.isEncrypted()) throw new InputError(`${what} is encrypted; expected a plain .npz`);
  if (![0, 8].includes(entry.compressionMethod))
    throw new InputError(
      `${what} is compressed by method ${entry.compressionMethod}; expected numpy.savez's or savez_compressed's`,
    );
  const { compressedSize, uncompressedSize } = entry;
  if (compressedSize > zip.fileSize)
    throw new InputError(`${what} claims ${compressedSize} bytes; the file has ${zip.fileSize}`);
  checkUnpacked(uncompressedSize, compressedSize, what);
  const npy = await read((reader) => readNpyHeader(reader, what));
  const member = { what, npy, checksum: entry.crc32, read };
  const expected = npy.offset + numbers(member) * npy.itemBytes;
  if (uncompressedSize !== expected)
    throw new InputError(
      `${what} has ${uncompressedSize} bytes; expected ${expected}, since its header claims the shape ${shapeText(npy.shape)}`,
    );
  return member;
}

/** x is (n, …), y is (n) or (n, 1). */
function checkShapes(x: Member, y: Member): void {
  const [examples, columns = 1, ...more] = y.npy.shape;
  if (y.npy.shape.length === 0 || columns !== 1 || more.length > 0)
    throw new InputError(
      `${y.what} has the shape ${shapeText(y.npy.shape)}; expected a class number for each example, (n) or (n, 1)`,
    );
  if (x.npy.shape.length < 2 || numbers(x) === 0)
    throw new InputError(
      `${x.what} has the shape ${shapeText(x.npy.shape)}; expected at least one value of each example, (n, …)`,
    );
  if (x.npy.shape[0] !== examples)
    throw new InputError(
      `${y.what} has ${examples} labels; expected ${x.npy.shape[0]}, as many as there are examples`,
    );
}

async function readLabels(member: Member): Promise<Uint8Array> {
  const labels = new Uint8Array(numbers(member));
  await readNumbers(member, (at, value) => {
    labels[at] = value;
    if (labels[at] !== value)
      throw new InputError(
        `${member.what} has the label ${value} in row ${at} (counted from 0); expected an integer from 0 to 255`,
      );
  });
  return labels;
}

async function readValues(member: Member): Promise<Values> {
  const { npy, what } = member;
  if (npy.isBytes && !npy.fortran) {
    const values = new Uint8Array(numbers(member));
    await readPieces(member, (at, bytes) => {
      values.set(bytes, at);
    });
    return values;
  }
  const values = new ValueCollector(numbers(member));
  const size = valuesPerExample(member);
  const place = npy.fortran ? rowMajor(npy.shape) : (at: number) => at;
  await readNumbers(member, (at, value) => {
    const index = place(at);
    if (!values.set(index, value))
      throw new InputError(
        `${what} has ${value} in row ${Math.floor(index / size)}, column ${index % size} (counted from 0); expected a finite number of float32`,
      );
  });
  return values.first(numbers(member));
}

/** Calls `take` with each number and how many came before it. */
async function readNumbers(
  member: Member,
  take: (at: number, value: number) => void,
): Promise<void> {
  const { itemBytes, read } = member.npy;
  await readPieces(member, (at, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < bytes.length; i += itemBytes) take(at + i / itemBytes, read(view, i));
  });
}

/** Calls `take` with all numbers' bytes, piece by piece, and how many numbers came before; then compares checksums. */
async function readPieces(
  { checksum, npy, read, what }: Member,
  take: (at: number, bytes: Uint8Array) => void,
): Promise<void> {
  await read(async (reader) => {
    let sum = crc32(await reader.take(npy.offset));
    let at = 0;
    for await (const piece of reader.rest(npy.itemBytes)) {
      sum = crc32(piece, sum);
      take(at, piece);
      at += piece.length / npy.itemBytes;
    }
    if (sum !== checksum)
      throw new InputError(`${what} is damaged: its checksum is not the one in the file`);
  });
}

async function withReader<T>(
  zip: ZipFile,
  entry: Entry,
  signal: AbortSignal | undefined,
  work: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  const stream = await zip.openReadStreamPromise(entry);
  const watched = async function* () {
    for await (const piece of stream) {
      signal?.throwIfAborted();
      yield piece as Uint8Array;
    }
  };
  try {
    return await work(new ByteReader(watched()));
  } finally {
    stream.destroy();
  }
}

/** Where a number lies row-major that comes as number `at` where the first dimension runs fastest. */
function rowMajor([examples, ...rest]: readonly number[]): (at: number) => number {
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

function numbers({ npy }: Member): number {
  return product(npy.shape);
}

function valuesPerExample({ npy }: Member): number {
  return product(npy.shape.slice(1));
}

function product(dimensions: readonly number[]): number {
  return dimensions.reduce((all, dimension) => all * dimension, 1);
}

/** At most the first dimensions: a hostile header may have many. */
function shapeText(shape: readonly number[]): string {
  return `(${shape.slice(0, 6).join(", ")}${shape.length > 6 ? ", …" : ""})`;
}
