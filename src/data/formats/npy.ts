// Reads NumPy's .npy: its header, and its numbers or texts one by one. Knows nothing of where the bytes come from.
//
// Layout (numpy.lib.format): the magic string, the version's two bytes, the length of the header as a little-endian
// uint16 (version 1) or uint32 (2 and 3), the header as the text of a Python dictionary, then the values.

import { InputError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { ByteReader } from "./byte-reader.ts";

export interface NpyHeader {
  /** Bytes of the file before its values. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** Whether the first dimension runs fastest, as in Fortran, and not the last. */
  readonly fortran: boolean;
  /** Bytes of a value. */
  readonly itemBytes: number;
  readonly isBytes: boolean;
  /** NumPy's kind and bytes of a value, as in f4. */
  readonly type: string;
  readonly read: (view: DataView, at: number) => number;
  /** Where values are texts: how they are read, and not by `read`. */
  readonly readText?: (view: DataView, at: number) => string;
}

type ReadNumber = (view: DataView, at: number, little: boolean) => number;

/** How NumPy's types are read: kind and bytes. Integers of 64 bits are rounded to float64. */
const TYPES: Readonly<Record<string, ReadNumber>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** Characters of the longest text; NumPy keeps as many for each. */
const LONGEST_TEXT = 1000;

const MAGIC = "\x93NUMPY";

/** NumPy's own headers take a few hundred bytes at most. */
const LONGEST_HEADER = 1 << 16;

/**
 * Reads the header of a .npy file; `what` names it in errors.
 * @throws InputError where it is no .npy file, or one of something else than numbers.
 */
export async function readNpyHeader(reader: ByteReader, what: string): Promise<NpyHeader> {
  const start = await reader.take(8);
  const magic = String.fromCharCode(...start.subarray(0, 6));
  const version = start[6];
  if (start.length < 8 || magic !== MAGIC || version < 1 || version > 3)
    throw new InputError(`${what} is no NumPy array of version 1, 2 or 3`);
  const size = version === 1 ? 2 : 4;
  const lengthBytes = await reader.take(size);
  const length = lengthBytes.reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  if (length > LONGEST_HEADER)
    throw new InputError(
      `${what} claims a header of ${length} bytes; expected at most ${LONGEST_HEADER}`,
    );
  const header = await reader.take(length);
  if (lengthBytes.length < size || header.length < length)
    throw new InputError(`${what} is cut short within its header`);
  return { offset: 8 + size + length, ...parseHeader(new TextDecoder().decode(header), what) };
}

function parseHeader(text: string, what: string): Omit<NpyHeader, "offset"> {
  const type = /'descr':\s*('([<>|=]?)([a-zA-Z]\d*)[^']*'|\[)/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const shape = /'shape':\s*\(([\d\s,L]*)\)/.exec(text);
  if (type === null || order === null || shape === null)
    throw new InputError(`${what} has a header that is none of NumPy's: ${quote(text.trim())}`);
  const [, written, byteOrder, name] = type;
  if (written !== `'${byteOrder}${name}'`) throw new InputError(wrongType(what, written));
  const layout = {
    shape: [...shape[1].matchAll(/\d+/g)].map(([digits]) => Number(digits)),
    fortran: order[1] === "True",
    isBytes: name === "u1",
    type: name,
  };
  const isLittle = byteOrder !== ">";
  const length = Number(name.slice(1));
  if (/^[US]\d/.test(name) && length >= 1 && length <= LONGEST_TEXT) {
    const readText = name.startsWith("U")
      ? (view: DataView, at: number) => textOf(view, at, length, isLittle)
      : (view: DataView, at: number) => utf8Of(view, at, length);
    const itemBytes = (name.startsWith("U") ? 4 : 1) * length;
    return { ...layout, itemBytes, read: () => NaN, readText };
  }
  const read = TYPES[name] as ReadNumber | undefined;
  if (read === undefined) throw new InputError(wrongType(what, written));
  return { ...layout, itemBytes: length, read: (view, at) => read(view, at, isLittle) };
}

/** That an array has no numbers; `type` as its header says it. */
export function wrongType(what: string, type: string): string {
  return `${what} holds values of NumPy's type ${quote(type.replaceAll("'", ""))}; expected integers, or floats of 16, 32 or 64 bits`;
}

/** Of UTF-32, up to the zeros at its end; what is no character is U+FFFD. */
function textOf(view: DataView, at: number, length: number, isLittle: boolean): string {
  const points = Array.from({ length }, (_, i) => view.getUint32(at + 4 * i, isLittle));
  const end = points.findLastIndex((point) => point !== 0) + 1;
  return points
    .slice(0, end)
    .map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd"))
    .join("");
}

function utf8Of(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  return new TextDecoder().decode(bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1));
}

/** The value of IEEE 754's binary16. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
