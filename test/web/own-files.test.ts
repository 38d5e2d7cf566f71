// The user's files as a page reads them: the data sets, and the faults, that the command line finds in the same bytes.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { describe, expect, test } from "vitest";
import { loadPath } from "../../src/data/load-path.node.ts";
import type { OwnFile } from "../../src/data/sets/set.ts";
import { Hand, pathsOf, sourceOf } from "../../src/web/data/hand.ts";
import { OwnFiles } from "../../src/web/model/own-files.ts";
import { temporaryFolder, tinyDataset } from "../data/tiny.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const text = (rows: readonly string[]) => Buffer.from(rows.join("\n"));
const CSV = text(["x,y,label", ...Array.from({ length: 40 }, (_, i) => `${i},${i / 3},${i % 3}`)]);
const WORDS = text(
  Array.from({ length: 40 }, (_, i) => `${i / 3},${["sí", "no", "tal vez"][i % 3]}`),
);
const npy = (values: Uint8Array | Float32Array, ...shape: number[]) =>
  new Uint8Array(dump(values, shape));
const ARRAYS = {
  "x_train.npy": npy(
    Float32Array.from({ length: 600 }, (_, i) => i / 7),
    6,
    100,
  ),
  "y_train.npy": npy(Uint8Array.of(0, 1, 2, 0, 1, 2), 6),
  "x_test.npy": npy(
    Float32Array.from({ length: 200 }, (_, i) => i / 9),
    2,
    100,
  ),
  "y_test.npy": npy(Uint8Array.of(2, 1), 2),
};
const STORED = zipSync(ARRAYS, { level: 0 });
const IDX = Object.fromEntries(tinyDataset().archives);

const changed = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

const handed = (files: Files) =>
  Object.entries(files).map(([path, bytes]) => ({ path, file: new Blob([Buffer.from(bytes)]) }));

const messageOf = (error: unknown) => (error as Error).message;

/** The digest, or what is wrong. */
async function byPage(files: Files, said?: OwnFile): Promise<string> {
  const hand = new Hand();
  hand.keep(handed(files));
  return hand.load(said ?? (await sourceOf(handed(files)))).then(({ digest }) => digest, messageOf);
}

async function byCommand(files: Files, said?: OwnFile): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  const { path, label, test } = said ?? (await sourceOf(handed(files)));
  const tests = typeof test === "string" ? join(folder, test) : test;
  return loadPath(join(folder, path), { label, test: tests }).then(
    ({ dataset }) => dataset.digest,
    (error: unknown) =>
      messageOf(error).replaceAll(`${folder}/`, "").replace(folder, "what was handed over"),
  );
}

test.each<[string, Files, OwnFile?]>([
  ["CSV, of which a share is the test set", { "mine.csv": CSV }],
  ["CSV, gzipped", { "mine.csv.gz": gzipSync(CSV) }],
  ["two CSV files", { "held_test.csv": CSV, "a.csv": CSV }],
  ["labels in words", { "mine.csv": WORDS }],
  ["labels in words in a test set of its own", { "a.csv": WORDS, "test.csv": WORDS }],
  [
    "semicolons and decimal commas",
    { "mine.csv": text(["x;y", "1,5;a", "2;b", "0,25;a", "3;b", "1;a"]) },
  ],
  ["another label", { "mine.csv": CSV }, { path: "mine.csv", label: "x", test: "mine.csv" }],
  [".npz", { "mine.npz": STORED }],
  [".npz, compressed", { "mine.npz": zipSync(ARRAYS) }],
  ["four IDX files", IDX],
  [
    "a folder of them",
    Object.fromEntries(Object.entries(IDX).map(([name, bytes]) => [`mine/${name}`, bytes])),
  ],
])("%s: the command line's digest", async (_, files, said) => {
  const digest = await byPage(files, said);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digest).toBe(await byCommand(files, said));
});

describe("the command line's sentence where there is", () => {
  test.each<[string, Files, RegExp]>([
    ["no number", { "mine.csv": text(["1,2,0", "3,x,1"]) }, /^mine\.csv, row 2, column 2 is "x"/],
    ["a missing label", { "mine.csv": text(["1,a", "2,"]) }, /column 2 is ""; expected a class/],
    ["a picture", { "mine.csv": Buffer.from("\x89PNG\r\n\x1a\n\0") }, /^mine\.csv is not text;/],
    ["a word that training has not", { "a.csv": WORDS, "test.csv": text(["1,qué"]) }, /"no", "sí"/],
    ["no such array", { "a.npz": zipSync({ "x.npy": ARRAYS["y_test.npy"] }) }, /no array x_train/],
    ["a wrong checksum", { "a.npz": changed(STORED, 400) }, /x_train is damaged: its checksum/],
    ["a file less", Object.fromEntries(Object.entries(IDX).slice(1)), /has no file of training/],
    ["a member that bursts", { "a.npz": bomb() }, /has \d+ bytes; expected|unpack/],
  ])("%s", async (_, files, sentence) => {
    const problem = await byPage(files);
    expect(problem).toMatch(sentence);
    expect(problem).toBe(await byCommand(files));
  });

  test("a gzip stream that is cut short, though Node words it otherwise", async () => {
    const files = { "mine.csv.gz": gzipSync(CSV).subarray(0, 60) };
    const sentence = /^mine\.csv\.gz is damaged: its gzip stream is invalid \(.+\)$/;
    expect(await byPage(files)).toMatch(sentence);
    expect(await byCommand(files)).toMatch(sentence);
  });
});

function bomb(): Uint8Array {
  const blank = new Uint8Array(1 << 20);
  return zipSync({ ...ARRAYS, "x_train.npy": Buffer.concat([ARRAYS["x_train.npy"], blank]) });
}

describe("what a page does not take", () => {
  test.each<[string, Record<string, Blob>, string]>([
    [
      "a large file",
      { "mine.csv": sized(300e6) },
      "mine.csv has 0.300 GB, and a page takes files of at most 0.256 GB; train on it with widthwise run",
    ],
    [
      "files of which none is a data set's",
      { "a.csv": sized(9), "b.csv": sized(9), "c.csv": sized(9) },
      "3 files were handed over, such as a.csv; expected a data set: a CSV file or two, an .npz, or four IDX files",
    ],
    [
      "two, either of which may be the test set",
      { "a.csv": sized(9), "b.csv": sized(9) },
      'which of a.csv and b.csv is the test set cannot be told; expected "test" in the name of one of them',
    ],
    ["what systems put beside files", { "mine/.DS_Store": sized(9) }, "no file was handed over"],
  ])("%s", async (_, blobs, sentence) => {
    const files = Object.entries(blobs).map(([path, file]) => ({ path, file }));
    await expect(sourceOf(files)).rejects.toThrow(sentence);
  });

  test("what would become too much of memory", async () => {
    const header = Uint8Array.of(...[0, 0, 8, 2], ...[0, 16, 200, 224], ...[0, 0, 3, 232]);
    const images = sized(20e6, gzipSync(header));
    const hand = new Hand();
    hand.keep([{ path: "train-images-idx3-ubyte.gz", file: images }]);
    await expect(hand.load({ path: "." })).rejects.toThrow(
      "train-images-idx3-ubyte.gz would take 1.10 GB of memory, and a page has room for 1.00 GB; train on it with widthwise run",
    );
  });

  /** That says to have so many bytes. */
  function sized(bytes: number, content: Uint8Array = CSV): Blob {
    const blob = new Blob([Buffer.from(content)]);
    Object.defineProperty(blob, "size", { value: bytes });
    return blob;
  }
});

test.each<[string, readonly string[], OwnFile]>([
  ["a CSV file", ["mine.csv"], { path: "mine.csv", test: { share: 0.2, seed: 0 } }],
  ["two", ["my_test.csv", "a.csv"], { path: "a.csv", test: "my_test.csv" }],
  ["IDX files", Object.keys(IDX), { path: "." }],
  ["a folder of them", Object.keys(IDX).map((name) => `a/b/${name}`), { path: "a/b" }],
])("the study that is made of %s", async (_, paths, said) => {
  const files = Object.fromEntries(paths.map((path) => [path, CSV]));
  expect(await sourceOf(handed(files))).toEqual(said);
});

test("what a study names is found by its file's name alone, and what is missing is named", () => {
  const hand = new Hand();
  hand.keep(handed({ "mine.csv": CSV }));
  const said = { path: "./data/mine.csv", test: "../tests.csv" };
  expect(hand.missing(said)).toEqual(["../tests.csv"]);
  expect(pathsOf(said)).toEqual(["./data/mine.csv", "../tests.csv"]);
  expect(hand.missing({ path: "." })).toEqual([]);
  expect(new Hand().missing({ path: "." })).toEqual(["."]);
});

test("files that are handed over while the page still asks what the study wants are found", async () => {
  const dataset = { path: "mine.csv" };
  const hand: string[] = [];
  let take: (text: string) => void = () => undefined;
  const taking = new Promise<string>((resolve) => {
    take = resolve;
  });
  const own = new OwnFiles(
    {
      call: ((name: string) => {
        const missing = hand.length === 0 ? ["mine.csv"] : [];
        return name === "take" ? taking : Promise.resolve({ missing, found: null });
      }) as never,
    },
    () => undefined,
  );
  const taken = own.take("a study", []);
  await own.see(dataset);
  expect(own.isMissing).toBe(true);
  hand.push("mine.csv");
  take("a study");
  expect(await taken).toBe("a study");
  await own.see(dataset);
  expect(own.isMissing).toBe(false);
});
