// Reads IDX files, the format of MNIST and its relatives, from memory. Only unsigned bytes, the one
// element type that those data sets use.
//
// Layout (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"): two zero bytes,
// the element type, the number of dimensions, each dimension as a big-endian uint32, then the values
// with the last dimension running fastest.

import { InputError } from "../../base/errors.ts";

export interface Idx {
  /** Sizes from the slowest running dimension to the fastest; at least one, each at least 1. */
  readonly dimensions: readonly number[];
  /** All values; a view of the bytes that were parsed, not a copy. */
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const MAGIC_BYTES = 4;

/**
 * Parses a whole IDX file of unsigned bytes; `what` names it in errors. Allocates nothing that grows with
 * what the header claims.
 * @throws InputError where magic number, dimensions or length are wrong.
 */
export function parseIdx(bytes: Uint8Array, what: string): Idx {
  const { dimensions, offset, length } = parseHeader(bytes, what);
  const actual = bytes.length - offset;
  if (actual !== length) {
    throw new InputError(
      `${what} ${actual < length ? "is cut short" : "has trailing bytes"}: its header promises ` +
        `${shape(dimensions)} values, ${actual} bytes follow`,
    );
  }
  return { dimensions, values: bytes.subarray(offset) };
}

/**
 * How many bytes the file has that begins with `bytes`, by its header.
 * @throws InputError where the header is wrong.
 */
export function idxBytes(bytes: Uint8Array, what: string): number {
  const { offset, length } = parseHeader(bytes, what);
  return offset + length;
}

/** The header of the file that begins with `bytes`, its length, and the number of values that it promises. */
function parseHeader(bytes: Uint8Array, what: string) {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < MAGIC_BYTES) {
    throw new InputError(
      `${what} is no IDX file: it has ${bytes.length} bytes, expected a header of at least 8`,
    );
  }
  const magic = header.getUint32(0);
  const rank = magic & 0xff;
  if (magic >>> 8 !== UNSIGNED_BYTE || rank === 0) {
    throw new InputError(
      `${what} is no IDX file of unsigned bytes: its magic number is 0x${hex32(magic)}, ` +
        `expected 0x000008 and the number of dimensions`,
    );
  }
  const offset = MAGIC_BYTES + 4 * rank;
  if (bytes.length < offset) {
    throw new InputError(
      `${what} is cut short: a header of ${rank} dimensions takes ${offset} bytes, ` +
        `the file has ${bytes.length}`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, i) => header.getUint32(MAGIC_BYTES + 4 * i));
  if (dimensions.includes(0)) {
    throw new InputError(
      `${what} holds no values: its dimensions are ${shape(dimensions)}, expected positive ones`,
    );
  }
  // Beyond 2^53 the product is rounded, but never down to the length of an array.
  const length = dimensions.reduce((product, dimension) => product * dimension, 1);
  return { dimensions, offset, length };
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** At most the first dimensions: a hostile header may have 255. */
function shape(dimensions: readonly number[]): string {
  return dimensions.slice(0, 4).join("×") + (dimensions.length > 4 ? "×…" : "");
}
