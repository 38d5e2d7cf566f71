import { describe, expect, test } from "vitest";
import { InputError } from "../base/errors.ts";
import { hex } from "../base/sha256.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { Dataset } from "./dataset.ts";
import { asIdxFiles, canonicalBytes } from "./digest.ts";
import { makeDataset } from "./make-dataset.node.ts";
import { tinyDataset } from "../../test/data/tiny.ts";
import { assembleDataset } from "./formats/idx-dataset.ts";
import { gunzipSync } from "node:zlib";

function parts(train: number[], test: number[], kind = Float32Array): Omit<Dataset, "digest"> {
  const set = (values: number[]) => ({
    ...{ examples: values.length / 2, size: 2, values: new kind(values) },
    labels: new Uint8Array(values.length / 2).fill(1),
  });
  return { name: "mine", classes: 2, train: set(train), test: set(test) };
}

test("the digest is of exactly these bytes", async () => {
  const floats = parts([1, -0, 0.5, 3], [4, 5]);
  const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];
  const expected = [
    ...Buffer.from("widthwise/data/1/float32/2/1/2/2\n"),
    ...[...float(1), ...float(0), ...float(0.5), ...float(3), 1, 1],
    ...[...float(4), ...float(5), 1],
  ];
  expect(Buffer.concat([...canonicalBytes(floats)])).toEqual(Buffer.from(expected));
  expect((await makeDataset(floats)).digest).toBe(hex(sha256(Uint8Array.from(expected))));
});

test("floats that are all integers from 0 to 255 are bytes, and −0 is 0", async () => {
  const { train, test: tests, digest } = await makeDataset(parts([1, 2, 3, -0], [255, 5]));
  expect(train.values).toEqual(Uint8Array.of(1, 2, 3, 0));
  expect(tests.values).toEqual(Uint8Array.of(255, 5));
  const bytes = parts([1, 2, 3, 0], [255, 5], Uint8Array as unknown as typeof Float32Array);
  expect((await makeDataset(bytes)).digest).toBe(digest);
  expect((await makeDataset(bytes)).train.values).toBe(bytes.train.values);
  const floats = await makeDataset(parts([1, 2, 3, -0], [256, 5]));
  expect(floats.train.values).toEqual(Float32Array.of(1, 2, 3, 0));
});

describe("is refused:", () => {
  test.each([
    ["a value", parts([1, NaN, 3, 4], [5, 6]), "value 1 of example 0 in the training set is NaN"],
    [
      "one example",
      parts([1, 2], [5, 6]),
      "data set mine: 1 training example; expected at least 2",
    ],
    ["a label", { ...parts([1, 2, 3, 4], [5, 6]), classes: 1 }, "label 1 of example 0"],
  ])("%s", async (_, given, sentence) => {
    await expect(makeDataset(given)).rejects.toThrow(InputError);
    await expect(makeDataset(given)).rejects.toThrow(sentence);
  });
});

test("a published data set's arrays become its files again", () => {
  const { description, archives } = tinyDataset();
  const files = description.files.map(({ name }) => {
    const bytes = new Uint8Array(gunzipSync(archives.get(`${name}.gz`) ?? ""));
    return [name, { name, bytes, digest: sha256(bytes) }] as const;
  });
  const dataset = assembleDataset(description, new Map(files), sha256);
  expect(asIdxFiles(description, dataset)?.map((file) => Buffer.concat(file))).toEqual(
    files.map(([, { bytes }]) => Buffer.from(bytes)),
  );
  expect(asIdxFiles(description, { ...dataset, classes: 4 })).toBeNull();
  expect(asIdxFiles(description, { ...dataset, test: dataset.train })).toBeNull();
});
