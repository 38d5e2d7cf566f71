// The reader of the weights that a study begins with: .npz and .safetensors, as the product reads them.

import { Buffer } from "node:buffer";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";
import { unzipSync } from "fflate";
import { loadParameters } from "../../dist/data/weights/load.node.js";
import { mutateBytes } from "./mutate-bytes.mjs";

/**
 * @typedef {import("./random.mjs").Random} Random
 * @typedef {import("./readers.mjs").Reader} Reader
 */

/** Files of test/data/weights, with the hidden layers of their networks. */
const FILES = /** @type {const} */ ([
  ["tanh.npz", [6, 4]],
  ["fortran-f8.npz", [6]],
  ["half.npz", [6]],
  ["tanh.safetensors", [6, 4]],
  ["brain.safetensors", [6]],
  ["double.safetensors", [6]],
]);

/** What may stand for a number or a word of a header. */
const VALUES = ["0", "-1", "1e999", "1.5", "9007199254740992", "null", '"F64"', '"I8"', "[]", "{}"];

/**
 * A file of weights, changed anywhere, or in its header alone. First check: a zip with an array of weights that unpacks,
 * or a header that is JSON.
 * @returns {Reader}
 */
export function weights() {
  const file = join(tmpdir(), `widthwise-fuzz-${process.pid}.weights`);
  const read = (/** @type {string} */ name) =>
    readFileSync(new URL(`../data/weights/${name}`, import.meta.url));
  const files = FILES.map(([name, hidden]) => ({ bytes: read(name), hidden }));
  let shape = { inputs: 5, hidden: /** @type {readonly number[]} */ ([]), classes: 3 };
  return {
    share: 0.05,
    make(random) {
      const { bytes, hidden } = random.pick(files);
      shape = { ...shape, hidden };
      const isHeaders = bytes[0] !== 0x50 && random.chance(0.6);
      if (isHeaders) return withHeader(bytes, random);
      return mutateBytes(bytes, random, random.pick(files).bytes);
    },
    read(bytes) {
      writeFileSync(file, bytes);
      return loadParameters(file, shape);
    },
    passesFirst(bytes) {
      try {
        if (bytes[0] === 0x50)
          return (
            "w1.npy" in unzipSync(bytes, { filter: ({ originalSize }) => originalSize < 65536 })
          );
        const length = Number(Buffer.from(bytes).readBigUInt64LE());
        return JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) !== null;
      } catch {
        return false;
      }
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}

/**
 * The file with another value in its header, the length of which is told.
 * @param {Buffer} bytes
 * @param {Random} random
 */
function withHeader(bytes, random) {
  const start = 8 + Number(bytes.readBigUInt64LE());
  const at = random.below(24);
  let count = 0;
  const header = Buffer.from(
    bytes
      .subarray(8, start)
      .toString()
      .replaceAll(/"F\d+"|"BF16"|\d+(?=[,\]])/g, (value) =>
        count++ === at ? random.pick(VALUES) : value,
      ),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, bytes.subarray(start)]);
}
