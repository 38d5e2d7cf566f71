// The readers of data sets that a study names by their path, as studies read them: .npz and CSV.

import { Buffer } from "node:buffer";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { unzipSync, zipSync } from "fflate";
import { CsvRows } from "../../dist/data/formats/csv-rows.js";
import { loadPath } from "../../dist/data/load-path.node.js";
import { mutateBytes } from "./mutate-bytes.mjs";

/**
 * @typedef {import("./random.mjs").Random} Random
 * @typedef {import("./readers.mjs").Reader} Reader
 */

const NAMES = ["x_train", "y_train", "x_test", "y_test"];
const SHAPES = ["6, 4, 5", "6,", "3, 4, 5", "3,"];
const VALUES = [120, 6, 60, 3];

/** NumPy's types and their bytes; the last ones are none that can be read. */
const TYPES = {
  "|u1": 1,
  "|i1": 1,
  "|b1": 1,
  "<i2": 2,
  ">i4": 4,
  "<u8": 8,
  "<f2": 2,
  ">f4": 4,
  "<f8": 8,
  "<U2": 8,
  "|S3": 3,
  "<c8": 8,
  "|O": 8,
};

/** What may stand for a shape. */
const OTHER_SHAPES = [
  "",
  "0,",
  "6, 0",
  "6, 1",
  "1000000000, 784",
  "9".repeat(400),
  "-1,",
  "6, 4, ",
];

/** What an array in .npz may be that unpacks to much from little. */
const BOMB = new Uint8Array(1 << 22);

/**
 * A .npz: arrays of any type and shape, changed within, or the file changed. First check: a zip of the four arrays whose
 * members unpack.
 * @returns {Reader}
 */
export function npz() {
  const file = join(tmpdir(), `widthwise-fuzz-${process.pid}.npz`);
  return {
    share: 0.12,
    make(random) {
      const changed = random.chance(0.5) ? random.below(4) : -1;
      const options = random.pick([{ level: /** @type {const} */ (0) }, {}]);
      const zip = Buffer.from(zipSync(arrays(random, changed), options));
      const other = random.chance(0.02) ? zipSync({ x: BOMB }) : zip;
      return random.chance(0.5) ? mutateBytes(zip, random, other) : zip;
    },
    read(bytes) {
      writeFileSync(file, bytes);
      return loadPath(file, bytes[0] === 0x50 && bytes[1] === 0x4b ? {} : CSV_TEST);
    },
    passesFirst(bytes) {
      try {
        const found = unzipSync(bytes, { filter: ({ originalSize }) => originalSize < 1 << 16 });
        return NAMES.every((name) => `${name}.npy` in found);
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
 * The four arrays, of which number `changed` is not as it should be.
 * @param {Random} random
 * @param {number} changed
 */
function arrays(random, changed) {
  return Object.fromEntries(
    NAMES.map((name, at) => {
      const type = random.pick(Object.entries(TYPES).slice(0, at === changed ? undefined : 7));
      const shape = at === changed ? random.pick([...OTHER_SHAPES, SHAPES[at]]) : SHAPES[at];
      const order = random.pick(["True", "False"]);
      const header = `{'descr': '${type[0]}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;
      const start = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
      start.writeUInt16LE(header.length, 8);
      // Small integers in any type of integers: their lowest byte.
      const values = Buffer.alloc(VALUES[at] * type[1]);
      const lowest = type[0].startsWith(">") ? type[1] - 1 : 0;
      for (let i = lowest; i < values.length; i += type[1]) values[i] = random.below(3);
      const array = Buffer.concat([start, Buffer.from(header), values]);
      if (at !== changed) return [`${name}.npy`, array];
      const isBomb = random.chance(0.02);
      return [
        `${name}.npy`,
        isBomb ? Buffer.concat([array, BOMB]) : mutateBytes(array, random, start),
      ];
    }),
  );
}

const CSV_TEST = { test: { share: 0.3, seed: 0 } };

/** What fields may have. */
const FIELDS = [
  ...[
    "0",
    "1",
    "2",
    "255",
    "0.5",
    "-3.25",
    "1e3",
    "+7",
    " 4 ",
    '"5"',
    '"6"',
    "12345678901234567890",
  ],
  ...[
    "",
    "NaN",
    "inf",
    "1e39",
    "1e999",
    "0x1",
    "text",
    '"a""b"',
    '"a,b"',
    '"a\nb"',
    '"',
    "\u202e",
    "\0",
  ],
];

/**
 * CSV, of which a share is the test set or the file itself is. First check: its rows and fields can be told.
 * @returns {Reader}
 */
export function csv() {
  const file = join(tmpdir(), `widthwise-fuzz-${process.pid}.csv`);
  return {
    share: 0.25,
    make(random) {
      const columns = random.length(8);
      const isNamed = random.chance(0.3);
      const separator = random.chance(0.7) ? "," : random.pick([";", "\t"]);
      const sound = random.chance(0.7) ? 11 : FIELDS.length;
      const row = () => [
        ...Array.from({ length: columns }, () => FIELDS[random.below(sound)]),
        (isNamed ? "abcü" : "0123").charAt(random.below(4)),
      ];
      const rows = Array.from({ length: 2 + random.below(10) }, row);
      if (random.chance(0.3)) rows.unshift(rows[0].map((_, column) => `x${column}`));
      const text = Buffer.from(
        rows.map((fields) => fields.join(separator)).join(random.pick(["\n", "\r\n"])),
      );
      return random.chance(0.5) ? mutateBytes(text, random, text) : text;
    },
    read(bytes) {
      writeFileSync(file, bytes);
      return loadPath(file, bytes.length % 2 === 0 ? CSV_TEST : { test: file });
    },
    passesFirst(bytes) {
      try {
        const rows = new CsvRows("it", () => undefined);
        rows.push(bytes);
        rows.end();
        return true;
      } catch {
        return false;
      }
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}
