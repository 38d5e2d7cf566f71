// Data sets from files of the user's: one set of numbers has one digest, whatever format it comes in.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset, LabelledExamples } from "../../src/data/dataset.ts";
import { asIdxFiles } from "../../src/data/digest.ts";
import { loadFashionMnist } from "../../src/data/load.node.ts";
import { loadPath } from "../../src/data/load-path.node.ts";
import { FASHION_MNIST } from "../../src/data/sets/fashion-mnist.ts";
import { temporaryFolder, tinyDataset, writeFiles } from "./tiny.ts";
import digests from "./npz/digests.json" with { type: "json" };

describe("NumPy's files have the digest that NumPy computes", () => {
  const path = (name: string) => fileURLToPath(new URL(`npz/${name}.npz`, import.meta.url));

  test.each(Object.entries(digests))("%s", async (name, digest) => {
    const { dataset, origin } = await loadPath(path(name));
    expect(dataset.digest).toBe(digest);
    expect(dataset.name).toBe(`${name}.npz`);
    expect(origin).toBe(path(name));
    const { train, test: tests, classes } = dataset;
    expect([train.examples, tests.examples, classes]).toEqual([5, 3, 4]);
  });

  test("and the names of classes, where labels are texts", async () => {
    const names = ["Setosa", "setosa", "virginica", "😀"];
    for (const name of ["words-U", "words-big-U"])
      expect((await loadPath(path(name))).dataset.classNames).toEqual(names);
    expect((await loadPath(path("floats-f8"))).dataset.classNames).toBeUndefined();
  });

  test("and the shape of images", async () => {
    expect((await loadPath(path("bytes-f8"))).dataset.image).toEqual({ rows: 2, columns: 3 });
    expect((await loadPath(path("bytes-flat"))).dataset.image).toBeUndefined();
  });
});

describe("FashionMNIST is recognized", () => {
  let source: Dataset;
  beforeAll(async () => {
    source = (await loadFashionMnist()).dataset;
  });

  const npy = ({ examples, values }: LabelledExamples) =>
    new Uint8Array(dump(values, [examples, 28, 28]));
  const labels = (set: LabelledExamples) =>
    new Uint8Array(dump(Int32Array.from(set.labels), [set.examples, 1]));

  const writers: Record<string, (folder: string) => Promise<string>> = {
    async CSV(folder) {
      await writeFiles(folder, [
        ["mine.csv", csv(source.train)],
        ["test.csv", csv(source.test)],
      ]);
      return join(folder, "mine.csv");
    },
    async npz(folder) {
      const { train, test: tests } = source;
      const arrays = {
        ...{ "x_train.npy": npy(train), "y_train.npy": labels(train) },
        ...{ "x_test.npy": npy(tests), "y_test.npy": labels(tests) },
      };
      await writeFiles(folder, [["mine.npz", zipSync(arrays, { level: 0 })]]);
      return join(folder, "mine.npz");
    },
    async "a folder"(folder) {
      await writeFiles(folder, idxFiles());
      return folder;
    },
    async "a folder, gzipped"(folder) {
      const packed = idxFiles().map(
        ([name, bytes]) => [`${name}.gz`, gzipSync(bytes, { level: 1 })] as const,
      );
      await writeFiles(folder, packed);
      return folder;
    },
  };

  const csv = ({ examples, size, values, labels }: LabelledExamples) => {
    const rows = [`label,${Array.from({ length: size }, (_, i) => `pixel${i + 1}`).join(",")}`];
    for (let i = 0; i < examples; i++)
      rows.push(`${labels[i]},${values.subarray(i * size, (i + 1) * size).join(",")}`);
    return rows.join("\n");
  };

  const idxFiles = () =>
    (asIdxFiles(FASHION_MNIST, source) ?? []).map(
      (parts, i) => [FASHION_MNIST.files[i].name, Buffer.concat(parts)] as const,
    );

  test.each(Object.keys(writers))("as %s", async (format) => {
    const folder = join(await temporaryFolder(), "mine");
    await mkdir(folder);
    const path = await writers[format](folder);
    const options = format === "CSV" ? { test: join(folder, "test.csv") } : {};
    const { dataset, origin } = await loadPath(path, options);
    expect(origin).toBe(path);
    const { train, test: tests, ...facts } = source;
    expect(dataset).toMatchObject(facts);
    for (const [found, expected] of [
      [dataset.train, train],
      [dataset.test, tests],
    ] as const) {
      expect(Buffer.compare(found.values as Uint8Array, expected.values as Uint8Array)).toBe(0);
      expect(Buffer.compare(found.labels, expected.labels)).toBe(0);
    }
  });
});

describe("CSV", () => {
  test("of one file is split", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "mine.csv");
    const rows = Array.from({ length: 10 }, (_, i) => `${i / 2},${i % 3}`);
    await writeFiles(folder, [["mine.csv", rows.join("\n")]]);
    const { dataset } = await loadPath(path, { test: { share: 0.3, seed: 1 } });
    const { train, test: tests, classes } = dataset;
    expect([train.examples, tests.examples, train.size, classes]).toEqual([7, 3, 1, 3]);
    const all = [...train.values, ...tests.values].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 10 }, (_, i) => i / 2));
    const other = await loadPath(path, { test: { share: 0.3, seed: 2 } });
    expect(other.dataset.digest).not.toBe(dataset.digest);
    expect(dataset.inputNames).toBeUndefined();
  });

  test("names its inputs as its header does, but for the label", async () => {
    const folder = await temporaryFolder();
    const rows = ["id,species,size", ...Array.from({ length: 10 }, (_, i) => `${i},${i % 2},0.5`)];
    await writeFiles(folder, [["mine.csv", rows.join("\n")]]);
    const options = { label: "species", test: { share: 0.3, seed: 1 } };
    const { dataset } = await loadPath(join(folder, "mine.csv"), options);
    expect(dataset.inputNames).toEqual(["id", "size"]);
  });

  test("may be gzipped, and is refused where the archive is damaged", async () => {
    const folder = await temporaryFolder();
    const text = Array.from({ length: 10 }, (_, i) => `${i / 2},${i % 3}`).join("\n");
    const packed = gzipSync(text);
    await writeFiles(folder, [
      ["a.csv", text],
      ["a.csv.gz", packed],
      ["half.csv.gz", packed.subarray(0, -9)],
    ]);
    const load = (name: string) => loadPath(join(folder, name), { test: { share: 0.3, seed: 1 } });
    expect((await load("a.csv.gz")).dataset.digest).toBe((await load("a.csv")).dataset.digest);
    await expect(load("half.csv.gz")).rejects.toThrow(
      "half.csv.gz is damaged: its gzip stream is invalid (unexpected end of file)",
    );
  });

  test("of labels in words is the set of their numbers, and has their names", async () => {
    const folder = await temporaryFolder();
    const rows = (labels: readonly (string | number)[]) =>
      labels.map((label, i) => `${i / 2},${label}`).join("\n");
    await writeFiles(folder, [
      ["words.csv", rows(["b", "a", "c", "a", "b", "c"])],
      ["other.csv", rows(["no", "maybe", "yes", "maybe", "no", "yes"])],
      ["numbers.csv", rows([1, 0, 2, 0, 1, 2])],
      ["test.csv", rows(["b", "d"])],
    ]);
    const load = async (name: string) => {
      const test = { share: 0.4, seed: 1 };
      return (await loadPath(join(folder, name), { test })).dataset;
    };
    const [words, other, numbers] = [
      await load("words.csv"),
      await load("other.csv"),
      await load("numbers.csv"),
    ];
    expect(words.classNames).toEqual(["a", "b", "c"]);
    expect(other.classNames).toEqual(["maybe", "no", "yes"]);
    expect(numbers.classNames).toBeUndefined();
    expect([words.digest, other.digest]).toEqual([numbers.digest, numbers.digest]);
    const test = join(folder, "test.csv");
    await expect(loadPath(join(folder, "words.csv"), { test })).rejects.toThrow(
      `${test}, row 2, column 2 is "d"; expected a class of the training set: "a", "b", "c"`,
    );
  });

  test("of one class alone is refused", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, [
      ["words.csv", "1,a\n2,a\n3,a\n"],
      ["numbers.csv", "1,2\n2,2\n3,2\n"],
      ["other.csv", "1,0\n"],
    ]);
    const load = (name: string, test: string | { share: number; seed: number }) =>
      loadPath(join(folder, name), { test });
    const share = { share: 0.3, seed: 0 };
    await expect(load("words.csv", share)).rejects.toThrow(
      'words.csv has examples of one class alone, "a"; expected two or more, or there is nothing to tell apart',
    );
    await expect(load("numbers.csv", share)).rejects.toThrow("of one class alone, 2; expected");
    const { dataset } = await load("numbers.csv", join(folder, "other.csv"));
    expect(dataset.classes).toBe(3);
  });

  test("takes a test set", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, [["mine.csv", "1,0"]]);
    await expect(loadPath(join(folder, "mine.csv"))).rejects.toThrow(
      "mine.csv is read as CSV, which takes a test set; give test: a second file, or a share",
    );
    const test = join(folder, "test.csv");
    await expect(loadPath(join(folder, "mine.csv"), { test })).rejects.toThrow(
      `${test} is missing`,
    );
  });
});

test("an abort ends the reading, with its reason", async () => {
  const folder = await temporaryFolder();
  await writeFiles(folder, [...tinyDataset().archives, ["a.csv", "1,0\n2,1\n3,0\n"]]);
  const reason = new Error("interrupted");
  const signal = AbortSignal.abort(reason);
  const npz = fileURLToPath(new URL("npz/bytes-u1.npz", import.meta.url));
  await expect(loadPath(npz, { signal })).rejects.toBe(reason);
  await expect(loadPath(folder, { signal })).rejects.toBe(reason);
  const options = { test: { share: 0.3, seed: 1 }, signal };
  await expect(loadPath(join(folder, "a.csv"), options)).rejects.toBe(reason);
});

test("a path that is neither a file nor a folder, or is missing", async () => {
  await expect(loadPath("/dev/null")).rejects.toThrow("/dev/null is no file");
  await expect(loadPath("/nowhere.npz")).rejects.toThrow("/nowhere.npz is missing");
  const folder = await temporaryFolder();
  await expect(loadPath(folder, { label: "y" })).rejects.toThrow(
    `${folder} is no CSV file, and label and test are of CSV files; leave them out`,
  );
});

test("MNIST's described files are the published ones' sizes", async () => {
  const { MNIST } = await import("../../src/data/sets/mnist.ts");
  expect(MNIST.files.map(({ bytes }) => bytes)).toEqual(
    FASHION_MNIST.files.map(({ bytes }) => bytes),
  );
});

test("what a gzipped file unpacks to is not read where it is blank and without end", async () => {
  const folder = await temporaryFolder();
  const blank = Buffer.alloc(2 ** 27 + 2 ** 21, `1.${"0".repeat(2 ** 20)},0\n`);
  await writeFiles(folder, [["blank.csv", gzipSync(blank, { level: 1 })]]);
  const path = join(folder, "blank.csv");
  await expect(loadPath(path, { test: { share: 0.5, seed: 0 } })).rejects.toThrow(
    /blank\.csv unpacks from .* or more, as a zip bomb does; if it is none, save it uncompressed/,
  );
});
