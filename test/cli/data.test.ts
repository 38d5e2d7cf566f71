// `widthwise data`: what it shows, and that what it writes is what was read, to the bit.

import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { hex } from "../../src/base/sha256.ts";
import { effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";
import { loadDataset } from "../../src/data/load.node.ts";
import { temporaryFolder, tinyDataset, writeFiles } from "../data/tiny.ts";
import { stage } from "./fakes.ts";

const PYTHON = "/usr/bin/python3";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function data(...args: string[]) {
  const on = stage({ loadDataset: (...asked) => effects.loadDataset(...asked) });
  const code = await main(["data", ...args], on.context);
  return { code, out: on.out(), err: on.err() };
}

async function tinyFolder(): Promise<string> {
  await writeFiles(folder, tinyDataset().archives);
  return `${folder}/`;
}

const CSV = "a,b,c,label\n0.5,3,-1,0\n0.25,3,2,2\n-4,3,2,2\n0,3,9,1\n";

async function mineCsv(): Promise<{ path: string; test: string }> {
  const [path, test] = [join(folder, "mine.csv"), join(folder, "test.csv")];
  await writeFile(path, CSV);
  await writeFile(test, "a,b,c,label\n1,2,3,0\n");
  return { path, test };
}

async function mineStudy(dataset: string): Promise<string> {
  const path = join(folder, "mine.yaml");
  await writeFile(
    path,
    `
name: mine
question: How wide?
dataset: ${dataset}
model: { hidden: [8], init_std: 0.1 }
training: { learning_rate: 0.01, passes: 1 }
streams: { study_seed: 7, kind: named, seeds: [4, 5] }
`,
  );
  return path;
}

describe("shows", () => {
  test("a folder of images, as text", async () => {
    const path = await tinyFolder();
    const { code, out } = await data(path);
    expect(code).toBe(0);
    const { dataset } = await loadDataset({ path });
    expect(out).toContain(`
  training  60 examples of 28 × 28 values, bytes from 0 to 255
  test      20 examples of 28 × 28 values, bytes from 0 to 255
  classes   3
  constant  none of the 784 features in training
  digest    ${dataset.digest}

  class  training  test
      0        20     7
      1        20     7
      2        20     6
`);
  });

  test("the names of classes, where labels are words", async () => {
    const path = join(folder, "iris.csv");
    const species = ["virginica", "setosa", "a\u202eb"];
    const rows = Array.from({ length: 9 }, (_, i) => `${i / 2};${species[i % 3]}`);
    await writeFile(path, ["petal;species", ...rows].join("\n"));
    const study = await mineStudy("{ path: iris.csv, label: species, test: { share: 0.3 } }");
    const { out } = await data(study);
    expect(out).toContain(`
  classes   3
  constant  none of the 1 features in training
`);
    expect(out).toMatch(
      /\n {2}class {2}name +training +test\n {6}0 {2}a b +\d +\d\n {6}1 {2}setosa +\d +\d\n {6}2 {2}virginica +\d +\d\n/,
    );
    const json = await data(study, "--json");
    expect(JSON.parse(json.out)).toMatchObject({
      classes: 3,
      class_names: ["a\u202eb", "setosa", "virginica"],
    });
    expect((await data(study, "--prepared")).out).toContain("setosa");
  });

  test("a study's own file, as JSON: counts, ranges and what is constant in training", async () => {
    await mineCsv();
    const { out } = await data(await mineStudy("{ path: mine.csv, test: test.csv }"), "--json");
    expect(JSON.parse(out)).toMatchObject({
      ...{ name: "mine.csv", classes: 3, values: "float32", constant_features: [1] },
      train: { examples: 4, size: 3, smallest: -4, largest: 9, classes: [1, 1, 2] },
      test: { examples: 1, size: 3, smallest: 1, largest: 3, classes: [1, 0, 0] },
    });
  });

  test("what trials see: examples, labels and inputs of the study's first seed, or of another", async () => {
    const study = await mineStudy("{ name: gaussian-clusters, fraction: 0.25, label_noise: 0.5 }");
    const seen = JSON.parse((await data(study, "--prepared", "--json")).out) as object;
    const source = await loadDataset({ name: "gaussian-clusters" });
    expect(seen).toMatchObject({
      ...{ digest: source.dataset.digest, prepared: study },
      ...{ train: { examples: 250 }, test: { examples: 1000 } },
    });
    const first = JSON.parse(
      (await data(study, "--prepared", "--seed", "4", "--json")).out,
    ) as object;
    expect(first).toEqual(seen);
    const other = JSON.parse(
      (await data(study, "--prepared", "--seed", "6", "--json")).out,
    ) as object;
    expect(other).not.toEqual(seen);
  });
});

describe("writes", () => {
  const written = async (word: string, ...args: string[]) => {
    const out = join(folder, "written.npz");
    expect((await data(word, ...args, "--format", "npz", "--out", out)).code).toBe(0);
    return out;
  };

  test("arrays that are the same data set", async () => {
    const digests = async (path: string) => (await loadDataset({ path })).dataset.digest;
    const images = await tinyFolder();
    expect(await digests(await written(images))).toBe(await digests(images));
    const { dataset } = await loadDataset({ name: "mnist-1d", num_samples: 50 });
    const study = await mineStudy("{ name: mnist-1d, num_samples: 50 }");
    const floats = join(folder, "floats.npz");
    await data(study, "--format", "npz", "--out", floats);
    expect(await digests(floats)).toBe(dataset.digest);
  });

  test("arrays that NumPy reads to the bit", async ({ skip }) => {
    try {
      execFileSync(PYTHON, ["-c", "import numpy"], { stdio: "ignore" });
    } catch {
      skip(`${PYTHON} has no NumPy: install Debian's python3-numpy`);
    }
    const script = `
import hashlib, json, numpy, sys
print(json.dumps([[a.dtype.str, list(a.shape), hashlib.sha256(a.tobytes()).hexdigest()]
    for file in [numpy.load(sys.argv[1])] for name in ["x_train", "y_train", "x_test", "y_test"] for a in [file[name]]]))`;
    const read = (path: string) =>
      JSON.parse(execFileSync(PYTHON, ["-c", script, path], { encoding: "utf8" })) as unknown;
    const digest = (values: Uint8Array | Float32Array) =>
      hex(sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
    const images = await tinyFolder();
    const { train, test } = (await loadDataset({ path: images })).dataset;
    expect(read(await written(images))).toEqual([
      ["|u1", [60, 28, 28], digest(train.values)],
      ["|u1", [60], digest(train.labels)],
      ["|u1", [20, 28, 28], digest(test.values)],
      ["|u1", [20], digest(test.labels)],
    ]);
    const floats = (await loadDataset({ name: "gaussian-clusters" })).dataset;
    expect(read(await written("gaussian-clusters", "--force"))).toEqual([
      ["<f4", [1000, 20], digest(floats.train.values)],
      ["|u1", [1000], digest(floats.train.labels)],
      ["<f4", [1000, 20], digest(floats.test.values)],
      ["|u1", [1000], digest(floats.test.labels)],
    ]);
  });

  test("a picture: a row for each class, its first examples side by side", async () => {
    const images = await tinyFolder();
    const { values, labels } = (await loadDataset({ path: images })).dataset.train;
    const out = join(folder, "picture.png");
    expect((await data(images, "--out", out)).code).toBe(0);
    const png = await readFile(out);
    // Images of 28 × 28 are shown twice as large, with 2 pixels around each.
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect([width, height]).toEqual([10 * 58 + 2, 3 * 58 + 2]);
    const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    const pixel = (row: number, column: number) => rows[row * (width + 1) + 1 + column];
    const [second] = [...labels.keys()].filter((example) => labels[example] === 2).slice(1);
    for (const [y, x] of [
      [0, 0],
      [5, 27],
      [27, 3],
    ]) {
      const value = values[second * 784 + 28 * y + x];
      const [row, column] = [2 + 2 * 58 + 2 * y, 2 + 58 + 2 * x];
      expect([pixel(row, column), pixel(row + 1, column + 1)]).toEqual([value, value]);
    }
    expect(pixel(1, 1)).toBe(128);
  });

  test("nothing over data that lie there, but what is asked for by --force, and never its own source", async () => {
    const images = await tinyFolder();
    const out = await written(images);
    const before = await readFile(out);
    const again = await data("mnist-1d", "--format", "npz", "--out", out);
    expect([again.code, again.err]).toEqual([
      2,
      `--out ${out}: it is there already, and widthwise did not write it; name another file, or have it replaced with --force\n`,
    ]);
    const own = await data(out, "--format", "npz", "--out", out, "--force");
    expect([own.code, own.err]).toEqual([
      2,
      `--out ${out}: this is a data file of the same command; name another file\n`,
    ]);
    expect(await readFile(out)).toEqual(before);
  });
});

test("what no run of the study could train on is refused", async () => {
  const { path, test } = await mineCsv();
  const study = await mineStudy(`{ path: ${path}, test: ${test} }`);
  const notebook = "streams: { kind: notebook, numpy_seed: 1, torch_seed: 0 }";
  await writeFile(study, (await readFile(study, "utf8")).replace(/streams: .*/, notebook));
  const { code, err } = await data(study, "--prepared");
  expect([code, err]).toEqual([2, expect.stringMatching(/^dataset\.path: .*--seeds 0\n$/)]);
});

test.each([
  ["cifar", 'unknown study "cifar": shipped with widthwise: homework'],
  ["mnist1d", 'unknown study or data set "mnist1d"; did you mean mnist-1d?'],
  ["homwork", 'unknown study "homwork": did you mean homework?'],
  ["./no/such.npz", "./no/such.npz"],
  ["mnist-1d --prepared", '--prepared: "mnist-1d" is no study, which says what its trials see'],
  ["homework --seed 1", "--seed: trials have seeds; ask for what they see with --prepared"],
  ["homework --prepared --seed 1,2", '--seed: expected one seed, got "1,2"'],
  ["mnist-1d --format npz", "--format npz: name where to write with --out"],
  ["modular-addition --out /tmp/x.png", "--out: its examples are no images; write their numbers"],
  ["teacher", "data set teacher: train: missing; expected an integer from 1"],
])("data %s is refused", async (args, sentence) => {
  const { code, out, err } = await data(...args.split(" "));
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(sentence);
  expect(err.trim()).not.toContain("\n");
});
