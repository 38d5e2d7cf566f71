// What is written out of a store: tables of trajectories, and weights with the numbers that standardize their inputs.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { parse as parseNpy } from "npyjs";
import { expect, test } from "vitest";
import {
  update,
  keyOf,
  parametersOf,
  plan,
  specification,
} from "../../../../test/support/updates.ts";
import { folder, store, FIRST, THERE, run, runWith } from "../../../../test/cli/kept-store.ts";
import type { Dataset, LabelledExamples } from "../../../data/dataset.ts";
import { featureStatistics } from "../../../data/standardize.ts";
import { WidthwiseError } from "../../../base/errors.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import { compareAndKeep } from "../../../study/checks/compare-fresh.ts";
import { trialDraws } from "../../../training/streams.ts";

/** Lines of a CSV on stdout, as objects. */
function rows(csv: string): Record<string, string>[] {
  const [header = "", ...lines] = csv.trimEnd().split("\r\n");
  const names = header.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((value, i) => [names[i], value])),
  );
}

test("export: a study as far as it asks for", async () => {
  const { out } = await run("export", FIRST.id);
  const found = rows(out());
  expect(found.map(({ seed, pass, outcome }) => `${seed} ${pass} ${outcome}`)).toEqual([
    ...["3 0 finished", "3 1 finished", "3 2 finished"],
    ...["4 0 diverged", "4 1 diverged"],
  ]);
  expect(found[0].study).toBe("other mine");
});

test("export: everything that studies ask for, chosen by seed", async () => {
  expect(rows((await run("export")).out())).toHaveLength(7 + 2 + 6);
  const { out } = await run("export", "--seeds", "5,4", "--widths", "2");
  expect(rows(out()).map(({ seed, outcome }) => [seed, outcome])).toEqual([
    ...Array.from({ length: 6 }, () => ["5", "unfinished"]),
    ...[
      ["4", "diverged"],
      ["4", "diverged"],
    ],
  ]);
  const none = await run("export", "--seeds", "8");
  expect(none.code).toBe(2);
  expect(none.err()).toMatch(/there are widths 2 and seeds 3, 5, 4\n$/);
});

test("export: a trial that no study asks for, by its key", async () => {
  const { out } = await run("export", keyOf(6));
  expect(rows(out()).map(({ study, width, outcome }) => [study, width, outcome])).toEqual([
    ["", "2", "finished"],
    ["", "2", "finished"],
  ]);
});

test("export: to a file, which is told", async () => {
  const path = join(folder, "all.json");
  const { code, out } = await run("export", "other", "--format", "json", "--out", path);
  expect(code).toBe(0);
  expect(out()).toBe(`5 rows of 1 trial: ${path}\n`);
  expect(JSON.parse(readFileSync(path, "utf8"))).toHaveLength(5);
});

/** The data set of the made-up trials: 300 training images of 3 pixels, of which the second is always 7. */
const IMAGES: LabelledExamples = {
  examples: 300,
  size: 3,
  values: Uint8Array.from({ length: 900 }, (_, at) => (at % 3 === 1 ? 7 : (at * at) % 256)),
  labels: new Uint8Array(300),
};

function exportsWeights(digest: string, ...args: string[]) {
  const dataset: Dataset = { name: "noise", classes: 2, train: IMAGES, test: IMAGES, digest };
  const loaded = { dataset, origin: "a made-up place" };
  return runWith({ loadDataset: () => Promise.resolve(loaded) }, "export", ...args);
}

test("export: weights of each trial in a folder", async () => {
  const path = join(folder, "weights");
  const { out } = await exportsWeights(
    "ab".repeat(32),
    ...["mine", "--format", "safetensors", "--out", path, "--json"],
  );
  const name = (seed: number) => `width2-seed${seed}-${keyOf(seed).slice(0, 12)}.safetensors`;
  expect(JSON.parse(out())).toEqual({
    ...{ format: "safetensors", out: path, trials: 2, files: [name(3), name(5)] },
  });
  expect(readdirSync(path).sort()).toEqual([name(3), name(5)].sort());
  expect(readFileSync(join(path, name(5)), "latin1")).toContain('"passes":"5"');
});

test("export: weights come with the numbers that standardize the trial's own subset", async () => {
  const path = join(folder, "inputs");
  await exportsWeights("ab".repeat(32), "mine", "--format", "npz", "--out", path);
  for (const seed of [3, 5]) {
    const file = readFileSync(join(path, `width2-seed${seed}-${keyOf(seed).slice(0, 12)}.npz`));
    const files = unzipSync(new Uint8Array(file));
    const array = (name: string) => parseNpy(new Uint8Array(files[name]).buffer).data;
    const shape = { inputs: 3, hidden: [2], classes: 2 };
    const { subset } = trialDraws(specification(seed), shape, 300, sha256);
    expect(subset).toHaveLength(250);
    const { mean, std } = featureStatistics(IMAGES, subset);
    expect(array("mean.npy")).toEqual(mean);
    expect(array("deviation.npy")).toEqual(std.map((s) => s + Math.fround(1e-6)));
    expect(std[1]).toBe(0);
  }
});

test("export: no weights without the data set that they were trained on", async () => {
  const path = join(folder, "none");
  const args = [keyOf(3), "--format", "npz", "--out", path];
  const nowhere = () => Promise.reject(new WidthwiseError("it was found nowhere"));
  const missing = await runWith({ loadDataset: nowhere }, "export", ...args);
  expect(missing.code).toBe(1);
  expect(missing.err()).toBe(
    "weights are exported with the mean and deviation of their inputs, but it was found nowhere\n",
  );
  expect(existsSync(path)).toBe(false);
  const foreign = await exportsWeights("cd".repeat(32), ...args);
  expect(foreign.code).toBe(1);
  expect(foreign.err()).toBe(
    `trial ${keyOf(3).slice(0, 12)}: it was trained on another data set (digest abababababab); ` +
      "name where that one lies with --data\n",
  );
  expect(readdirSync(path)).toEqual([]);
});

test("export: a table needs no data set, weights take that of --data", async () => {
  const table = await run("export", keyOf(3));
  expect([table.code, table.calls.data]).toEqual([0, []]);
  const args = ["--format", "npz", "--out", join(folder, "none"), "--data", "a/folder"];
  const weights = await run("export", keyOf(3), ...args);
  expect(weights.calls.data).toEqual(["a/folder"]);
});

test("export: files are named as its page says", async () => {
  const page = readFileSync(new URL("../../../../docs/exports.md", import.meta.url), "utf8");
  const told = [...page.matchAll(/[^\s`"(]+\.(npz|safetensors)(?=[`"])/g)].map(([name]) => name);
  expect(told.length).toBeGreaterThan(2);
  const shapeOf = (name: string) =>
    name
      .replace(/[0-9a-f]{12}(?=\.)/, "KEY")
      .replace(/\d+/g, "N")
      .replace(/\.\w+$/, "");
  const path = join(folder, "named");
  await exportsWeights("ab".repeat(32), keyOf(3), "--format", "npz", "--out", path);
  const [seeded] = readdirSync(path).map(shapeOf);
  for (const name of told) expect([seeded, seeded.replace("-seedN", "")]).toContain(shapeOf(name));
});

test("export: weights that are not kept are made by a run with --fresh, which is told", async () => {
  const less = { ...plan(3, [3]), name: "less" };
  await store.plan(less);
  const words = ["less", "--format", "npz", "--out", join(folder, "less")];
  const first = await exportsWeights("ab".repeat(32), ...words);
  const sentence = "to have them: ";
  expect([first.code, first.err().split("\n").at(-2)]).toEqual([
    1,
    `${sentence}run study less ${less.id.slice(0, 12)} again with --fresh --store ${THERE}`,
  ]);
  await store.describe(less.id, JSON.stringify({ command: "widthwise run ./less.yaml" }));
  expect((await exportsWeights("ab".repeat(32), ...words)).err()).toContain(
    `${sentence}widthwise run ./less.yaml --fresh --store ${THERE}\n`,
  );
  const fresh = new MemoryStore();
  await fresh.plan(less);
  await fresh.commit(update(0, 3, { seed: 3 }));
  expect((await compareAndKeep(less.id, fresh, store)).differences).toEqual([]);
  expect(await exportsWeights("ab".repeat(32), ...words)).toMatchObject({ code: 0 });
  expect(await store.parameters(keyOf(3), 6)).toEqual(parametersOf(6));
});

test.each([
  [["--format", "parquet"], "--format parquet: name where to write with --out"],
  [["--format", "npz"], "--format npz: name where to write with --out"],
  [["--json"], "--json: name where to write with --out, since stdout gets the table without it"],
])("export %j wants a place", async (args, message) => {
  const { code, err } = await run("export", ...args);
  expect(code).toBe(2);
  expect(err()).toBe(`${message}\n`);
});
