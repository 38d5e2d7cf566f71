// Mutations of bytes: what storage, transfer and malice do to a file.

import { Buffer } from "node:buffer";

/** @typedef {import("./random.mjs").Random} Random */

/** Values at which sizes and offsets break. */
const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];

/** @type {readonly ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[]} */
const MUTATIONS = [
  flipBit,
  flipBit,
  setByte,
  setNumber,
  truncate,
  cut,
  repeat,
  splice,
  fill,
  append,
];

/**
 * `bytes` after one to eight mutations; `other` is another valid file, for splices.
 * @param {Uint8Array} bytes
 * @param {Random} random
 * @param {Uint8Array} other
 * @returns {Buffer}
 */
export function mutateBytes(bytes, random, other) {
  /** @type {Buffer} */
  let result = Buffer.from(bytes);
  for (let left = random.length(8); left > 0; left--) {
    result = random.pick(MUTATIONS)(result, random, Buffer.from(other));
  }
  return result;
}

/**
 * A place; every second time near the start, where headers are.
 * @param {Buffer} bytes
 * @param {Random} random
 */
function place(bytes, random) {
  return random.below(random.chance(0.5) ? Math.min(64, bytes.length) : bytes.length);
}

/** @type {typeof MUTATIONS[number]} */
function flipBit(bytes, random) {
  if (bytes.length > 0) bytes[place(bytes, random)] ^= 1 << random.below(8);
  return bytes;
}

/** @type {typeof MUTATIONS[number]} */
function setByte(bytes, random) {
  if (bytes.length > 0) bytes[place(bytes, random)] = random.below(256);
  return bytes;
}

/** @type {typeof MUTATIONS[number]} */
function setNumber(bytes, random) {
  const size = random.pick([1, 2, 4]);
  if (bytes.length < size) return bytes;
  const at = Math.min(place(bytes, random), bytes.length - size);
  const value = random.pick(INTERESTING) & (size === 4 ? -1 : 2 ** (8 * size) - 1);
  if (random.chance(0.5)) bytes.writeUIntBE(value >>> 0, at, size);
  else bytes.writeUIntLE(value >>> 0, at, size);
  return bytes;
}

/** @type {typeof MUTATIONS[number]} */
function truncate(bytes, random) {
  return bytes.subarray(0, place(bytes, random));
}

/** @type {typeof MUTATIONS[number]} */
function cut(bytes, random) {
  if (bytes.length === 0) return bytes;
  const at = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.length(bytes.length))]);
}

/** @type {typeof MUTATIONS[number]} */
function repeat(bytes, random) {
  if (bytes.length === 0) return bytes;
  const at = place(bytes, random);
  const piece = bytes.subarray(at, at + random.length(bytes.length));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

/** @type {typeof MUTATIONS[number]} */
function splice(bytes, random, other) {
  if (other.length === 0) return bytes;
  const from = random.below(other.length);
  const piece = other.subarray(from, from + random.length(other.length));
  const at = bytes.length === 0 ? 0 : place(bytes, random);
  const rest = random.chance(0.5) ? at : at + piece.length;
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(rest)]);
}

/** @type {typeof MUTATIONS[number]} */
function fill(bytes, random) {
  if (bytes.length === 0) return bytes;
  const at = place(bytes, random);
  return bytes.fill(random.pick([0, 0xff, 0x20]), at, at + random.length(bytes.length - at));
}

/** @type {typeof MUTATIONS[number]} */
function append(bytes, random) {
  const noise = Array.from({ length: random.length(64) }, () => random.below(256));
  return Buffer.concat([bytes, Buffer.from(noise)]);
}
