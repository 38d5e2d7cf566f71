// Malformed and hostile .npz: each is refused with one sentence. What NumPy writes is read in test/data/files.test.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/data/tiny.ts";
import { MACHINE_FILES } from "../files/machine.node.ts";
import { InputError } from "../../base/errors.ts";
import { readNpz } from "./npz.ts";

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), "data.npz");
});

type Arrays = Record<string, Uint8Array>;

function npy(values: Uint8Array | Float32Array | Float64Array, ...shape: number[]): Uint8Array {
  return new Uint8Array(dump(values, shape));
}

/** An array of bytes whose header is this text. */
function headed(header: string, values = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(header);
  const start = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
  start.writeUInt16LE(text.length, 8);
  return Buffer.concat([start, text, values]);
}

/** An array of texts as NumPy keeps them: of a fixed length, zeros at their ends. */
function texts(type: string, values: readonly string[]): Uint8Array {
  const [, order, kind, digits] = /^([<>|])([US])(\d+)$/.exec(type) ?? [];
  const size = kind === "U" ? 4 : 1;
  const bytes = Buffer.alloc(size * Number(digits) * values.length);
  for (const [at, value] of values.entries()) {
    const start = size * Number(digits) * at;
    if (kind === "S") bytes.write(value, start);
    else
      for (const [i, character] of Array.from(value).entries()) {
        const point = character.codePointAt(0) ?? 0;
        if (order === ">") bytes.writeUInt32BE(point, start + 4 * i);
        else bytes.writeUInt32LE(point, start + 4 * i);
      }
  }
  return headed(
    `{'descr': '${type}', 'fortran_order': False, 'shape': (${values.length},), }`,
    bytes,
  );
}

const sound: Arrays = {
  "x_train.npy": npy(Float32Array.of(1, 2, 3, 4, 5, 0.5), 3, 2),
  "y_train.npy": npy(Uint8Array.of(0, 1, 2), 3),
  "x_test.npy": npy(Float32Array.of(7, 8), 1, 2),
  "y_test.npy": npy(Uint8Array.of(1), 1),
};

function read(arrays: Arrays, change: (file: Buffer) => void = () => undefined) {
  const file = Buffer.from(zipSync(arrays, { level: 0 }));
  change(file);
  writeFileSync(path, file);
  return readNpz(path, undefined, MACHINE_FILES);
}

test("arrays become sets", async () => {
  const { train, test: tests, image } = await read(sound);
  expect(train).toEqual({
    values: Float32Array.of(1, 2, 3, 4, 5, 0.5),
    labels: Uint8Array.of(0, 1, 2),
  });
  expect(tests).toEqual({ values: Uint8Array.of(7, 8), labels: Uint8Array.of(1) });
  expect(image).toBeUndefined();
});

test.each(["<U9", ">U9", "|S12", "<U40"])("labels may be texts of type %s", async (type) => {
  const { train, test, classNames } = await read({
    ...sound,
    "y_train.npy": texts(type, ["setosa", "iris 😀", "Setosa"]),
    "y_test.npy": texts(type, ["iris 😀"]),
  });
  expect(classNames).toEqual(["Setosa", "iris 😀", "setosa"]);
  expect([...train.labels, ...test.labels]).toEqual([2, 1, 0, 1]);
});

test("texts that are numbers are the classes of these numbers", async () => {
  const { train, test, classNames } = await read({
    ...sound,
    "y_train.npy": texts("<U3", ["2", "0", "1.0"]),
    "y_test.npy": texts("|S1", ["1"]),
  });
  expect(classNames).toBeUndefined();
  expect([...train.labels, ...test.labels]).toEqual([2, 0, 1, 1]);
});

const without = (name: string) =>
  Object.fromEntries(Object.entries(sound).filter(([key]) => key !== name));

describe("is refused with one sentence:", () => {
  test.each<[string, Arrays, string]>([
    [
      "an array that is missing",
      without("y_test.npy"),
      'has no array y_test; expected x_train, y_train, x_test and y_test, found "x_train", "y_train", "x_test"',
    ],
    [
      "Excel's",
      { "[Content_Types].xml": Buffer.from("<Types/>"), "xl/workbook.xml": Buffer.from("<x/>") },
      "data.npz is an Office file, such as Excel's; save its sheet as CSV",
    ],
    [
      "no array",
      { ...sound, "x_test.npy": Buffer.from("<html>") },
      ": x_test is no NumPy array of version 1, 2 or 3",
    ],
    [
      "half a header",
      { ...sound, "x_test.npy": npy(Uint8Array.of(1), 1).subarray(0, 40) },
      ": x_test is cut short within its header",
    ],
    [
      "a header of 4 GB",
      { ...sound, "x_test.npy": Buffer.from("\x93NUMPY\x02\0\xff\xff\xff\xff{", "latin1") },
      ": x_test claims a header of 4294967295 bytes; expected at most 65536",
    ],
    [
      "a header without a shape",
      { ...sound, "x_test.npy": headed("{'descr': '<f4', 'fortran_order': False}") },
      ": x_test has a header that is none of NumPy's: \"{'descr': '<f4', 'fortran_order': False}\"",
    ],
    [
      "text",
      {
        ...sound,
        "x_train.npy": headed(
          "{'descr': '<U7', 'fortran_order': False, 'shape': (3, 1), }",
          new Uint8Array(3 * 7 * 4),
        ),
      },
      ': x_train holds values of NumPy\'s type "U7"; expected integers, or floats of 16, 32 or 64 bits',
    ],
    [
      "texts without a character",
      {
        ...sound,
        "y_train.npy": headed("{'descr': '<U0', 'fortran_order': False, 'shape': (3,), }"),
      },
      ': y_train holds values of NumPy\'s type "<U0"; expected integers',
    ],
    [
      "labels in words beside numbers",
      { ...sound, "y_train.npy": texts("<U1", ["a", "b", "c"]) },
      ': y_test has the label 1 in row 0 (counted from 0); expected a class of the training set: "a", "b", "c"',
    ],
    [
      "a label that training has not",
      {
        ...sound,
        "y_train.npy": texts("<U1", ["a", "b", "c"]),
        "y_test.npy": texts("<U1", ["d"]),
      },
      ': y_test has the label "d" in row 0 (counted from 0); expected a class of the training set',
    ],
    [
      "an empty label",
      { ...sound, "y_train.npy": texts("<U1", ["a", "", "c"]) },
      ': y_train has the label "" in row 1 (counted from 0); expected a class',
    ],
    [
      "a table",
      {
        ...sound,
        "x_train.npy": headed(
          "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 2), }",
        ),
      },
      ': x_train holds values of NumPy\'s type "["; expected integers',
    ],
    [
      "a billion examples in a few bytes",
      {
        ...sound,
        "x_train.npy": headed(
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 784), }",
        ),
      },
      ": x_train has 80 bytes; expected 3136000000080, since its header claims the shape (1000000000, 784)",
    ],
    [
      "values that are missing",
      { ...sound, "x_train.npy": sound["x_train.npy"].subarray(0, -1) },
      "since its header claims the shape (3, 2)",
    ],
    [
      "labels as one-hot vectors",
      { ...sound, "y_train.npy": npy(new Uint8Array(9), 3, 3) },
      ": y_train has the shape (3, 3); expected a class number for each example, (n) or (n, 1)",
    ],
    [
      "examples without values",
      { ...sound, "x_train.npy": npy(new Uint8Array(3), 3) },
      ": x_train has the shape (3); expected at least one value of each example, (n, …)",
    ],
    [
      "a label too many",
      { ...sound, "y_test.npy": npy(new Uint8Array(2), 2) },
      ": y_test has 2 labels; expected 1, as many as there are examples",
    ],
    [
      "sets that disagree",
      { ...sound, "x_test.npy": npy(new Uint8Array(3), 1, 3) },
      ": x_test has 3 values per example; expected 2, as x_train has",
    ],
    [
      "NaN",
      { ...sound, "x_train.npy": npy(Float32Array.of(1, 2, 3, 4, NaN, 0), 3, 2) },
      ": x_train has NaN in row 2, column 0 (counted from 0); expected a finite number of float32",
    ],
    [
      "more than float32 holds",
      { ...sound, "x_test.npy": npy(Float64Array.of(0.5, -1e39), 1, 2) },
      ": x_test has -1e+39 in row 0, column 1 (counted from 0); expected a finite number of float32",
    ],
    [
      "a label with a fraction",
      { ...sound, "y_train.npy": npy(Float32Array.of(0, 1, 1.5), 3) },
      ": y_train has the label 1.5 in row 2 (counted from 0); expected a class, an integer from 0 to 255 or a word",
    ],
    [
      "a label beyond bytes",
      { ...sound, "y_test.npy": npy(Float32Array.of(256), 1) },
      ": y_test has the label 256 in row 0",
    ],
    ["two arrays of one name", { ...sound, x_test: new Uint8Array(0) }, 'two arrays "x_test"'],
    [
      "too many arrays",
      Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [String(i), new Uint8Array(0)])),
      "has more than 1000 arrays; expected a few",
    ],
  ])("%s", async (_, arrays, sentence) => {
    await refused(read(arrays), sentence);
  });

  /** Where the zip's directory describes x_train, its first entry. */
  const entry = (file: Buffer) => file.indexOf("PK\x01\x02", 0, "latin1");

  test.each<[string, (file: Buffer) => void, string]>([
    [
      "a directory that claims gigabytes",
      (file) => {
        file.writeUInt16LE(8, entry(file) + 10);
        file.writeUInt32LE(4_000_000_000, entry(file) + 24);
      },
      "claims to unpack from 88 bytes to 4000000000, which no compression of it can",
    ],
    [
      "a size beyond the file's",
      (file) => {
        file.writeUInt32LE(4_000_000, entry(file) + 20);
        file.writeUInt32LE(4_000_000, entry(file) + 24);
      },
      "claims 4000000 bytes; the file has",
    ],
    [
      "encryption",
      (file) => {
        file.writeUInt16LE(1, entry(file) + 8);
        file.writeUInt16LE(8, entry(file) + 10);
      },
      "is encrypted; expected a plain .npz",
    ],
    [
      "another compression",
      (file) => file.writeUInt16LE(12, entry(file) + 10),
      "is compressed by method 12; expected numpy.savez's or savez_compressed's",
    ],
    [
      "a changed value",
      (file) => file.writeUInt8(9, file.indexOf(Buffer.from(Float32Array.of(0.5).buffer))),
      ": x_train is damaged: its checksum is not the one in the file",
    ],
    [
      "a directory that is gone",
      (file) => file.fill(0, file.length - 22),
      'cannot be read as .npz: "End of central directory record signature not found',
    ],
  ])("%s", async (_, change, sentence) => {
    await refused(read(sound, change), sentence);
  });

  test("a bomb, of which nothing is unpacked, whatever the directory claims", async () => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), }";
    const x = headed(header, new Uint8Array(3e7));
    const file = Buffer.from(zipSync({ ...sound, "x_train.npy": x }, { level: 1 }));
    writeFileSync(path, file);
    await refused(
      readNpz(path, undefined, MACHINE_FILES),
      "x_train has 30000069 bytes; expected 75",
    );
    file.writeUInt32LE(75, entry(file) + 24);
    writeFileSync(path, file);
    await refused(
      readNpz(path, undefined, MACHINE_FILES),
      "too many bytes in the stream. expected 75. got at least",
    );
  });

  async function refused(reading: Promise<unknown>, sentence: string): Promise<void> {
    const failure: unknown = await reading.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toContain(sentence);
    expect((failure as Error).message).toMatch(/^\/[^\n]+$/);
  }
});
