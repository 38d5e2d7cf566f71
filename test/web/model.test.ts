// What the page makes of its trials and its address, without a browser.

import { afterEach, describe, expect, test, vi } from "vitest";
import { fromHash, plainly, toHash, type Shared } from "../../src/web/model/address.ts";
import { edit } from "../../src/web/engine/reading.ts";
import { titlesOn } from "../../src/web/model/presets.ts";
import { takesMomentum, withMomentum } from "../../src/web/form/momentum.ts";
import { AddressBar } from "../../src/web/model/address-bar.ts";
import { RowSender } from "../../src/web/engine/row-sender.ts";
import type { Event } from "../../src/web/protocol.ts";
import { lineColor } from "../../src/web/model/colors.ts";
import {
  axesOf,
  endBefore,
  estimatedAt,
  interpolatedAt,
  linesOf,
  probesWith,
  spreadAt,
} from "../../src/web/model/lines.ts";
import type { LiveTrial } from "../../src/web/model/lines.ts";
import { Trained } from "../../src/web/model/trained.ts";

function trial(width: number, seed: number, misses: readonly number[], role = "sweep"): LiveTrial {
  const score = (wrong: number) => ({ objective: wrong, correct: 1000 - wrong, examples: 1000 });
  return {
    ...{ key: `${role} ${width} ${seed}`, role, point: { values: { width }, seed } },
    ...{ passes: 100, learningRate: 0.1, examples: 1000, ending: null, fingerprint: null },
    rows: misses.map((wrong, pass) => ({
      ...{ pass, train: score(wrong), test: score(wrong), fingerprint: "" },
    })),
  };
}

describe("how far a trial is from interpolating", () => {
  test("is told from how fast its misses fall", () => {
    // Halved at every pass: 512 are half of one after ten.
    expect(estimatedAt(trial(8, 0, [512, 256, 128, 64, 32, 16, 8]))).toBe(10);
  });

  test.each([
    ["they do not fall", [10, 10, 11, 12, 12]],
    ["there are too few passes", [512, 256, 128]],
    ["it would take for ever", [500, 499.9999, 499.9998, 499.9997, 499.9996]],
  ])("is not told where %s", (_, misses) => {
    expect(estimatedAt(trial(8, 0, misses))).toBeNull();
  });

  test("ends with the first pass that has none", () => {
    expect(interpolatedAt(trial(8, 0, [3, 0, 1, 0]))).toBe(1);
  });
});

test("lines stand in order of width, with their seeds, and without the search's trials", () => {
  const trials = [trial(32, 0, [4]), trial(8, 0, [9]), trial(8, 1, [3]), trial(8, 2, [5])];
  const lines = linesOf([...trials, trial(64, 0, [1], "search")]);
  expect(lines.map(({ name, index, trials }) => [name, index, trials.length])).toEqual([
    ["8", 0, 3],
    ["32", 1, 1],
  ]);
  expect(spreadAt(lines[0], "train_loss", 0)).toEqual({ middle: 5, low: 3, high: 9 });
  expect(spreadAt(lines[0], "train_loss", 1)).toBeNull();
});

test("lines are told apart by what differs between them, in words", () => {
  const at = (values: Record<string, number>) => {
    const one = trial(8, 0, [4]);
    return { ...one, key: JSON.stringify(values), point: { values, seed: 0 } };
  };
  const widths = linesOf([at({ width: 8 }), at({ width: 16 })]);
  expect([axesOf(widths), axesOf(widths.slice(1))]).toEqual(["width", "width"]);
  const batches = [1, 4].map((batch) => at({ width: 8, "training.batch": batch }));
  expect(linesOf(batches).map(({ name }) => name)).toEqual(["8 · batch 1", "8 · batch 4"]);
  expect(axesOf(linesOf(batches))).toBe("batch");
  const both = [...batches, at({ width: 16, "training.batch": 1 })];
  expect(axesOf(linesOf(both))).toBe("width and batch");
});

test("where a line has no values it is told why", () => {
  const ended = { fingerprint: "0", ending: { kind: "finished" } } as const;
  const line = (...changes: Partial<LiveTrial>[]) => ({
    trials: changes.map((change) => ({ ...trial(8, 0, [3, 2, 1]), ...change })),
  });
  expect(endBefore(line({}), 2)).toBeNull();
  expect(endBefore(line({}, ended), 3)).toBe("so far at pass 2");
  expect(endBefore(line(ended), 3)).toBe("ended at pass 2");
  const diverged = { ...ended, ending: { kind: "diverged", pass: 3, step: 1 } } as const;
  expect(endBefore(line(diverged), 3)).toBe("diverged after pass 2");
  expect(endBefore(line(diverged, ended), 3)).toBe("ended at pass 2");
});

test.each([true, false])("colours are in order of lightness, on black: %s", (dark) => {
  const lightness = Array.from({ length: 7 }, (_, index) => {
    const [r, g, b] = lineColor({ index, count: 7 }, dark).match(/\d+/g)?.map(Number) ?? [];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  const sorted = lightness.toSorted((a, b) => (dark ? a - b : b - a));
  expect(lightness).toEqual(sorted);
  expect(new Set(lightness).size).toBe(7);
});

describe("an address", () => {
  const text = "name: a # ü & = + %\nsweep: {width: [8, 16]}\n";
  const plain = plainly(text);

  test.each<Partial<Shared>>([
    {},
    { log: false },
    { tab: "claims" },
    { pass: 0 },
    { pass: 12_345, inside: "8 · batch 4" },
    { inside: "256" },
    { cell: [12, 30] },
    { digest: "0f".repeat(32) },
    { stored: ["0".repeat(64), "a".repeat(64)] },
    { log: false, tab: "yaml", pass: 3, inside: "8", digest: "0f".repeat(32), stored: ["a".repeat(64)] }, // prettier-ignore
  ])("keeps a study as it is, comments and all, with %j", (changes) => {
    const shared = { ...plain, ...changes };
    expect(fromHash(toHash(shared))).toEqual(shared);
  });

  test("says nothing of what is as it is at first, as links before it did", () => {
    expect(toHash(plain)).toBe(`#${new URLSearchParams({ study: text }).toString()}`);
    expect(toHash({ ...plain, pass: 3 })).toMatch(/&pass=3$/);
    expect(toHash({ ...plain, cell: [12, 30] })).toMatch(/&cell=12-30$/);
  });

  test.each<[string, Partial<Shared>]>([
    ["digest=<b>", { digest: null }],
    ["stored=../elsewhere", { stored: [] }],
    ["tab=elsewhere", { tab: "form" }],
    ["pass=-1", { pass: null }],
    ["pass=1e9", { pass: null }],
    ["pass=", { pass: null }],
    ["cell=4", { cell: null }],
    ["cell=4-5-6", { cell: null }],
    ["cell=-4-5", { cell: null }],
    [`stored=${"0".repeat(63)},${"0".repeat(65)},x`, { stored: [] }],
  ])("that somebody has made up, %s, is none", (field, found) => {
    expect(fromHash(`#study=a&${field}`)).toMatchObject(found);
  });

  test("without a study, or too long for one, is none", () => {
    expect(fromHash("#elsewhere")).toBeNull();
    expect(fromHash(`#study=${"a".repeat(40_000)}`)).toBeNull();
  });
});

describe("history", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("keeps of what is left what was typed last", () => {
    const entries = [""];
    vi.stubGlobal("addEventListener", () => undefined);
    vi.stubGlobal("location", { href: "http://localhost/", hash: "" });
    vi.stubGlobal("history", {
      replaceState: (_: unknown, __: string, url: string) => entries.splice(-1, 1, url),
      pushState: (_: unknown, __: string, url: string) => entries.push(url),
    });
    let text = "a";
    const bar = new AddressBar(
      () => plainly(text),
      () => undefined,
      () => undefined,
    );
    bar.putInTurn();
    text = "b";
    bar.putInTurn();
    bar.step(plainly("c"));
    expect(entries.map((url) => fromHash(url.slice(url.indexOf("#")))?.text)).toEqual(["b", "c"]);
  });
});

describe("a study to begin with, on the user's own file", () => {
  const presets = (name: string, question: string) =>
    `name: ${name}\nquestion: ${question}\nrest: 1`;
  const homework = presets(
    "homework-small",
    "Which width learns its training images by heart, and after how many passes?",
  );
  const question = "Which width learns its training examples by heart, and after how many passes?";

  test.each([
    ["flowers/iris.csv.gz", "iris"],
    ["_my set 1.npz", "my-set-1"],
    [".", "own"],
    [`${"a".repeat(80)}.csv`, "a".repeat(64)],
  ])("%s is called %s, and asked for no images", (path, name) => {
    expect(titlesOn(path, homework)).toEqual([
      [["name"], name],
      [["question"], question],
    ]);
    expect(titlesOn(path, presets("first-look", question))).toEqual([[["name"], name]]);
  });

  test("keeps what the user calls it", () => {
    expect(titlesOn("iris.csv", homework.replace("homework-small", "mine"))).toEqual([]);
  });
});

test("that a width interpolates is told once, and not of the search, whose rows the sweep's trial of the same key keeps", () => {
  const trained = new Trained();
  const searched = trial(8, 0, [5, 0], "search");
  const swept = { ...trial(4, 0, [5, 3]), key: searched.key };
  const rowsOf = ({ key, rows }: LiveTrial, from = 0) => ({
    kind: "rows" as const,
    all: [{ key, rows: rows.slice(from) }],
  });
  trained.add({ kind: "planned", trials: [searched] });
  trained.add(rowsOf(searched));
  expect(trained.notes).toEqual([]);
  trained.add({ kind: "planned", trials: [swept, trial(16, 0, [])] });
  expect(trained.trials.get(searched.key)?.rows).toHaveLength(2);
  trained.add(rowsOf(trial(16, 0, [4, 0, 1, 0]), 0));
  trained.add(rowsOf(trial(16, 0, [4, 0, 1, 0, 0]), 4));
  expect(trained.notes).toEqual(["Width 16 interpolates after 1 pass."]);
});

test("rates that were tried stand in ascending order, each once", () => {
  const probe = (learningRate: number, misses: readonly number[] = []) => ({
    ...trial(64, 0, misses, "search"),
    ...{ key: String(learningRate), learningRate },
  });
  const tried = [0.02, 0.08, 0.01, 0.04].reduce<LiveTrial[]>(
    (probes, rate) => probesWith(probes, probe(rate)),
    [],
  );
  expect(tried.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.02, 0.04, 0.08]);
  const again = probesWith(tried, probe(0.02, [9]));
  expect(again.map(({ rows }) => rows.length)).toEqual([0, 1, 0, 0]);
});

test("evaluations are sent to the page once, though they are told again after a crash", () => {
  const sent: Event[] = [];
  const sender = new RowSender((event) => sent.push(event));
  const [first, second, third] = trial(8, 0, [3, 2, 1]).rows;
  for (const row of [first, second]) sender.add("a", row);
  sender.flush();
  for (const row of [first, second, third]) sender.add("a", row);
  sender.add("b", first);
  sender.flush();
  sender.flush();
  expect(sent).toEqual([
    { kind: "rows", all: [{ key: "a", rows: [first, second] }] },
    {
      kind: "rows",
      all: [
        { key: "a", rows: [third] },
        { key: "b", rows: [first] },
      ],
    },
  ]);
});

test("a list that the form has changed stands in one line, and comments stay where they are", () => {
  const text = "sweep:\n  width: [4, 8] # powers\nstreams:\n  seeds: [0]\n";
  expect(edit(text, ["sweep", "width"], [4])).toContain("\n  width: [4]");
  expect(edit(text, ["streams", "seeds"], undefined)).toContain("# powers");
});

test.each([
  ["sweep: 9\n", /^sweep has no room for width as it is; change it under YAML$/],
  ["sweep: {width: [4\n", /^the study is no YAML as it is/],
])("an edit that %j has no place for is refused", (text, sentence) => {
  expect(() => edit(text, ["sweep", "width"], [4])).toThrow(sentence);
});

test("what is taken out again leaves nothing behind", () => {
  const text = "a: 1\nb:\n  c:\n    - 2\n";
  for (const path of [
    ["streams", "seeds"],
    ["training", "optimizer", "momentum"],
  ])
    expect(edit(edit(text, path, 4), path, undefined)).toBe(text);
});

test("what is named and left empty takes an edit", () => {
  expect(edit("a: 1\nsweep:\nb: 2\n", ["sweep", "width"], [4])).toBe(
    "a: 1\nsweep:\n  width: [4]\nb: 2\n",
  );
});

test.each<[said: unknown, momentum: unknown, then: unknown]>([
  [undefined, 0.9, { kind: "sgd", momentum: 0.9 }],
  ["sgd", 0.9, { kind: "sgd", momentum: 0.9 }],
  [{ kind: "sgd", momentum: 0.9 }, 0, undefined],
  [
    { kind: "sgd", momentum: 0.9, nesterov: true },
    0.5,
    { kind: "sgd", momentum: 0.5, nesterov: true },
  ],
  [{ kind: "sgd", momentum: 0.9, nesterov: true }, 0, { kind: "sgd", nesterov: true }],
])("of steps that are %j, momentum %j changes nothing else", (said, momentum, then) => {
  expect(withMomentum(said, momentum)).toEqual(then);
});

test("steps that have no momentum are known", () => {
  const said = [undefined, null, "sgd", { kind: "sgd" }, "adam", { kind: "adam", beta1: 0.5 }];
  expect(said.map(takesMomentum)).toEqual([true, true, true, true, false, false]);
});
