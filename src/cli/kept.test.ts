// The commands that look at, write out and clear what is kept, on a store in memory.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { parse as parseNpy } from "npyjs";
import { afterAll, beforeEach, expect, test } from "vitest";
import { stage, type Stage } from "../../test/cli/fakes.ts";
import {
  evaluation,
  update,
  keyOf,
  parametersOf,
  plan,
  specification,
} from "../../test/support/updates.ts";
import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { featureStatistics } from "../data/standardize.ts";
import { WidthwiseError } from "../base/errors.ts";
import { accuracyPercent } from "../base/numbers.ts";
import { trialKey } from "../records/fingerprint.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { sha256 } from "../base/sha256.node.ts";
import { compareAndKeep } from "../study/checks/compare-fresh.ts";
import { trialDraws } from "../training/streams.ts";
import { alignedLines } from "./view/columns.ts";
import { size } from "./view/kept-text.ts";
import type { Effects } from "./effects.ts";
import { main } from "./main.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-kept-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two studies of one name and one of another. Trial 3 has more passes than asked for, 4 has diverged, 5 fewer. */
let store: MemoryStore;
const FIRST = plan(2, [3, 4]);
const SECOND = plan(6, [3, 5]);
const OTHER = { ...plan(4, [3]), name: "other", id: "0f".repeat(32) };

beforeEach(async () => {
  store = new MemoryStore();
  for (const study of [FIRST, SECOND, OTHER]) await store.plan(study);
  await store.commit(update(0, 2, { seed: 3 }));
  await store.commit(update(3, 4, { seed: 3 }));
  await store.commit(update(5, 6, { seed: 3 }));
  await store.commit(update(0, 1, { seed: 4, ending: { kind: "diverged", pass: 2, step: 7 } }));
  await store.commit(update(0, 5, { seed: 5 }));
  await store.commit(update(0, 1, { seed: 6 }));
  await store.finish(FIRST.id, "ab".repeat(32));
});

/** A file that is there: the commands look before they open. */
const THERE = fileURLToPath(import.meta.url);

function run(...args: string[]): Promise<Stage & { code: number }> {
  return runWith({}, ...args);
}

async function runWith(changes: Partial<Effects>, ...args: string[]) {
  const staged = stage({ openStore: () => Promise.resolve(store), ...changes });
  const code = await main([...args, "--store", THERE], staged.context);
  return { ...staged, code };
}

test("list: a line for each study, the newest first, and what is nobody's", async () => {
  const { code, out } = await run("list");
  expect(code).toBe(0);
  const lines = out().split("\n");
  expect(lines[0]).toMatch(/^study +id +planned +trials +outcome +size$/);
  expect(lines[1]).toMatch(
    /^other +0f0f0f0f0f0f +\d{4}-\d\d-\d\d \d\d:\d\d +1\/1 +unfinished +\d+ B$/,
  );
  expect(lines[2]).toMatch(new RegExp(`^mine +${SECOND.id.slice(0, 12)} .* 1/2 +unfinished `));
  expect(lines[3]).toMatch(new RegExp(`^mine +${FIRST.id.slice(0, 12)} .* 2/2 +1 diverged `));
  expect(lines[5]).toMatch(/^3 studies, 4 trials, \d+ B in /);
  expect(lines[6]).toBe("1 trial that no study asks for: see widthwise gc");
  expect(Math.max(...lines.slice(0, 5).map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test("list --json", async () => {
  const { out } = await run("list", "--json");
  expect(JSON.parse(out())).toMatchObject({
    store: THERE,
    trials: 4,
    unasked: 1,
    studies: [
      { name: "other", id: OTHER.id, finished: null, trials: 1, ended: 1 },
      { name: "mine", id: SECOND.id, trials: 2, ended: 1, diverged: 0 },
      { name: "mine", id: FIRST.id, fingerprint: "ab".repeat(32), ended: 2, diverged: 1 },
    ],
  });
});

test("a store that is not there is listed as empty, and made by none of them", async () => {
  const path = join(folder, "none.db");
  const listed = stage();
  expect(await main(["list", "--store", path], listed.context)).toBe(0);
  expect(listed.out()).toBe(`nothing is kept yet in ${path}\n`);
  for (const args of [["show", "x"], ["export"], ["remove", "x"], ["gc"]]) {
    const { context, err } = stage();
    expect(await main([...args, "--store", path], context)).toBe(2);
    expect(err()).toMatch(/there is none yet; widthwise run makes it/);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("show STUDY: its trials, and how far they are", async () => {
  const { code, out } = await run("show", SECOND.id.slice(0, 8));
  expect(code).toBe(0);
  expect(out()).toContain(SECOND.id);
  expect(out()).toMatch(
    new RegExp(`${keyOf(3).slice(0, 12)}  sweep +2 +3 +0\\.005 +6/6  finished `),
  );
  expect(out()).toMatch(
    new RegExp(`${keyOf(5).slice(0, 12)}  sweep +2 +5 +0\\.005 +5/6  unfinished `),
  );
});

test("show STUDY: a trial that went on for another study is told as far as this one asks", async () => {
  const { train, test: other } = evaluation(2);
  const { out } = await run("show", FIRST.id.slice(0, 8));
  const accuracies = [train, other].map((score) => accuracyPercent(score)).join(" +");
  expect(out()).toMatch(
    new RegExp(`${keyOf(3).slice(0, 12)}  sweep +2 +3 +0\\.005 +2/2  finished +${accuracies}\n`),
  );
});

test("show KEY: how its examples were chosen", async () => {
  const data = {
    ...specification(9).data,
    part: { of: 5, index: 1 },
    label_noise: { probability: 0.2, kind: "redrawn" },
    standardize: "whole",
  } as const;
  const chosen = { ...specification(9), data };
  const key = trialKey(chosen, sha256);
  await store.commit({ ...update(0, 1, { seed: 9 }), key, specification: chosen });
  expect((await run("show", key)).out()).toMatch(
    /\n +part +of 5, index 1\n +label noise +probability 0\.2, kind redrawn\n +standardize +whole\n/,
  );
});

test("show KEY: what it trains by, where that is not the default", async () => {
  const plain = specification(9);
  const chosen = {
    ...plain,
    model: { ...plain.model, activation: "tanh" },
    training: {
      ...plain.training,
      layer_rates: { weights: [1, 0.5], biases: [1, 1] },
      optimizer: { kind: "sgd", momentum: 0.9, nesterov: true },
      batch: 32,
      order: "shuffled",
    },
  } as const;
  const key = trialKey(chosen, sha256);
  await store.commit({ ...update(0, 0, { seed: 9 }), key, specification: chosen });
  expect((await run("show", key)).out()).toMatch(
    /\n +activation +tanh\n[^]*\n +regularization +0\n +layer rates +weights 1, 0\.5, biases 1, 1\n +optimizer +kind sgd, momentum 0\.9, nesterov true\n +batch +32\n +order +shuffled\n/,
  );
  expect((await run("show", keyOf(3))).out()).toMatch(/ regularization +0\n +training set /);
});

test("show KEY: one trial in full", async () => {
  const { code, out } = await run("show", keyOf(3).slice(0, 6));
  expect(code).toBe(0);
  expect(out()).toContain(`trial ${keyOf(3)}\n`);
  expect(out()).toMatch(
    /asked for by +other 0f0f0f0f0f0f, 4 passes\n +mine \w+, 6 passes\n +mine \w+, 2 passes\n/,
  );
  expect(out()).toMatch(/weights +after pass 2, 4, 6\n/);
  expect(out()).toMatch(/\n +6 +0 +2\.40% +0\.286 +5\.00%\n$/);
  const { out: json } = await run("show", keyOf(4), "--json");
  expect(JSON.parse(json())).toMatchObject([
    {
      key: keyOf(4),
      outcome: "diverged",
      ending: { pass: 2, step: 7 },
      trajectory: [{ pass: 0 }, { pass: 1 }],
    },
  ]);
});

test("a name means the study planned last; what is ambiguous or unknown is said", async () => {
  expect((await run("show", "mine")).out()).toContain(SECOND.id);
  const unknown = await run("show", "othre");
  expect(unknown.code).toBe(2);
  expect(unknown.err()).toMatch(/did you mean other\?\n$/);
  store.keys = () => Promise.resolve(["abcd1", "abcd2"]);
  const { code, err } = await run("show", "abcd");
  expect(code).toBe(2);
  expect(err()).toBe('"abcd" means 2 things: trial abcd1, trial abcd2; name one by its digits\n');
});

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
  const page = readFileSync(new URL("../../docs/exports.md", import.meta.url), "utf8");
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

test("remove: says what, and leaves the trials of a study to gc", async () => {
  const dry = await run("remove", FIRST.id, keyOf(6), "--dry-run");
  expect(dry.out()).toMatch(
    /^would remove study mine \w{12} \(planned .* UTC\); its 2 trials stay until widthwise gc\nwould remove trial \w{12} \(no study asks for it\)\n$/,
  );
  expect(await store.studies()).toHaveLength(3);
  const done = await run("remove", FIRST.id, keyOf(6), "--json");
  expect(JSON.parse(done.out())).toEqual({
    dry_run: false,
    studies: [FIRST.id],
    trials: [keyOf(6)],
  });
  expect((await store.studies()).map(({ id }) => id)).toEqual([OTHER.id, SECOND.id]);
  expect((await store.trials()).map(({ key }) => key)).toEqual([3, 4, 5].map(keyOf));
  const collected = await run("gc");
  expect(collected.out()).toMatch(
    /^removed 1 trial and 1 set of weights that no study asks for\n\d+ B before, \d+ B after\n$/,
  );
  expect((await store.trials()).map(({ key, weights }) => [key, weights])).toEqual([
    [keyOf(3), [4, 6]],
    [keyOf(5), [5]],
  ]);
});

test("remove --all: every study of a name, which the refusal without it tells", async () => {
  const refused = await run("remove", "mine");
  expect([refused.code, refused.err()]).toEqual([
    2,
    `"mine" means 2 things: study mine ${SECOND.id.slice(0, 12)}, study mine ${FIRST.id.slice(0, 12)}; name one by its digits, or all of these studies by --all\n`,
  ]);
  const dry = await run("remove", "mine", "--all", "--dry-run");
  expect(dry.out().match(/would remove study mine/g)).toHaveLength(2);
  expect(await store.studies()).toHaveLength(3);
  expect((await run("remove", "mine", "--all")).code).toBe(0);
  expect((await store.studies()).map(({ name }) => name)).toEqual(["other"]);
});

test("remove: nothing where a word is ambiguous, means nothing, or is being trained", async () => {
  for (const words of [["mine"], ["other", "nothing"]]) {
    const { code } = await run("remove", ...words);
    expect(code).toBe(2);
  }
  expect(await store.studies()).toHaveLength(3);
  await store.claim(keyOf(3));
  const { code, err } = await run("remove", keyOf(3));
  expect(code).toBe(2);
  expect(err()).toMatch(/is being trained now; stop that run first\n$/);
});

test("sizes have two digits, and columns are aligned", () => {
  expect([0, 999, 1000, 9940, 9960, 123_456, 999_600, 5e9].map(size)).toEqual([
    ...["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "123 kB", "1.0 MB", "5.0 GB"],
  ]);
  expect(
    alignedLines(
      [
        ["a", "b"],
        ["long", "12"],
      ],
      [1],
    ),
  ).toEqual(["a      b", "long  12"]);
});

test.each(["show", "verify", "export"])(
  "%s says which study it takes where several have the name",
  async (command) => {
    const { err } = await run(command, "mine");
    expect(err()).toMatch(
      /^study mine [0-9a-f]{12}, planned .* UTC, of 2 of that name; name another one by its id/,
    );
    expect((await run(command, "other")).err()).not.toContain("of that name");
  },
);
