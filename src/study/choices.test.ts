// What a study says of its training examples: part, number, label noise, standardizing. Read, refused, planned and hashed.

import { describe, expect, test } from "vitest";
import { DATASET_SIZES } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { trialKey } from "../records/fingerprint.ts";
import { mostMisleadingPixels } from "./misleading.ts";
import { parseStudy } from "./language/parse.ts";
import { searchTrial } from "./plans/learning-rate.ts";
import { idOf } from "./result.ts";

function written(dataset: string, streams = "{ kind: named }"): string {
  return `name: noisy
question: What do wrong labels do?
dataset: { name: fashion-mnist, ${dataset} }
model: { hidden: [8], init_std: 0.01 }
training: { learning_rate: 0.01, passes: 3 }
streams: ${streams}
`;
}

const read = (...text: Parameters<typeof written>) =>
  parseStudy(written(...text), "noisy.yaml", CATALOGUE);

test.each<[string, object]>([
  ["part: { of: 5, index: 4 }", { fraction: 1, part: { of: 5, index: 4 } }],
  ["examples: 4000", { examples: 4000 }],
  ["label_noise: 0.2", { fraction: 1, label_noise: { share: 0.2 } }],
  ["label_noise: { share: 1 }", { fraction: 1, label_noise: { share: 1 } }],
  [
    "label_noise: { kind: redrawn, probability: 0.2 }",
    { fraction: 1, label_noise: { probability: 0.2, kind: "redrawn" } },
  ],
  ["standardize: whole", { fraction: 1, standardize: "whole" }],
])("%s", (text, wanted) => {
  const study = read(text);
  expect(study.dataset).toEqual({ name: "fashion-mnist", ...wanted });
  expect(
    parseStudy(JSON.stringify({ ...study, search: undefined, sweep: undefined }), "", CATALOGUE),
    "what a report shows is read again",
  ).toEqual(study);
});

describe("is refused:", () => {
  const notebook = "{ kind: notebook, numpy_seed: 1, torch_seed: 0 }";
  const named = "needs named streams: write streams: {kind: named}, or give --seeds 0";
  test.each<[string, string, string?]>([
    ["examples: 0", "examples: expected a positive integer, got 0"],
    ["fraction: 1, examples: 5", "examples: give fraction or examples, not both"],
    ["part: 3", "part: expected a mapping with of, index, got 3"],
    ["part: { of: 3 }", "part.index: missing; expected an integer from 0"],
    ["part: { of: 3, index: 3 }", "part.index: expected an integer from 0 to 2, got 3"],
    ["part: { of: 0, index: 0 }", "part.of: expected an integer from 1 to 10000, got 0"],
    ["label_noise: 1.5", "label_noise: expected a share from 0 to 1, got 1.5"],
    ["label_noise: '0,5'", 'label_noise: expected a share from 0 to 1, got "0,5"; write numbers'],
    ["label_noise: { share: 2 }", "label_noise.share: expected a share from 0 to 1, got 2"],
    [
      "label_noise: { probability: 0.5, kind: flip }",
      'label_noise.kind: expected kind: redrawn, got "flip"',
    ],
    ["label_noise: { probability: 0.5 }", "label_noise.kind: missing; expected kind: redrawn"],
    ["label_noise: {}", "label_noise.probability: missing; expected a probability from 0 to 1"],
    [
      "label_noise: { share: 0.5, kind: redrawn }",
      "label_noise.kind: unknown key; known here are share",
    ],
    [
      "standardize: pixel",
      'standardize: expected per feature or whole or unit or none, got "pixel"',
    ],
    ["part: { of: 2, index: 0 }", `part: ${named}`, notebook],
    ["label_noise: 0.1", `label_noise: ${named}`, notebook],
    ["standardize: unit", `standardize: ${named}`, notebook],
  ])("%s", (text, sentence, streams) => {
    expect(() => read(text, streams)).toThrow(`dataset.${sentence}`);
  });

  test("another set than the notebook's, with the notebook's streams", () => {
    const text = written("fraction: 1", notebook).replace("fashion-mnist", "other");
    const datasets = { ...CATALOGUE.datasets, other: CATALOGUE.datasets["fashion-mnist"] };
    expect(() => parseStudy(text, "noisy.yaml", { ...CATALOGUE, datasets })).toThrow(
      `dataset.name: ${named}`,
    );
  });

  test("examples that the part has not, as soon as the data set is known", () => {
    const trial = (text: string) => searchTrial(read(text), DATASET_SIZES, 1);
    expect(() => trial("examples: 60001")).toThrow(
      "dataset.examples: 60001 are more than the 60000 training examples of the data set; ask for as many at the most",
    );
    expect(() => trial("examples: 20001, part: { of: 3, index: 2 }")).toThrow(
      "dataset.examples: 20001 are more than the 20000 training examples of the part;",
    );
  });
});

test("a study of no examples is refused", () => {
  const few = { ...DATASET_SIZES, train: { ...DATASET_SIZES.train, examples: 3 } };
  const trial = (text: string) => searchTrial(read(text), few, 1);
  expect(() => trial("part: { of: 4, index: 0 }")).toThrow(
    "dataset: the part has 0 training examples, of which nothing is kept; ask for a larger fraction, or for fewer parts",
  );
  expect(() => trial("fraction: 0.1")).toThrow("dataset: the data set has 3 training examples,");
  expect(trial("part: { of: 4, index: 1 }").trial.specification.data.train_examples).toBe(1);
});

test.each([
  ["part: { of: 7, index: 0 }", 8571],
  ["part: { of: 7, index: 1 }", 8571],
  ["part: { of: 7, index: 6 }", 8572],
  ["part: { of: 7, index: 6 }, fraction: 0.5", 4286],
  ["part: { of: 7, index: 6 }, examples: 10", 10],
])("%s keeps %i examples", (text, examples) => {
  const { specification } = searchTrial(read(text), DATASET_SIZES, 1).trial;
  expect(specification.data.train_examples).toBe(examples);
});

describe("equal meanings have one key and one id:", () => {
  const names = (...text: Parameters<typeof written>) => {
    const study = read(...text);
    const { specification } = searchTrial(study, DATASET_SIZES, 0.01).trial;
    return [idOf(study, DATASET_SIZES, sha256), trialKey(specification, sha256)];
  };

  test.each([
    ["fraction: 1", "label_noise: 0"],
    ["fraction: 1", "label_noise: { share: 0 }"],
    ["fraction: 1", "label_noise: { probability: 0, kind: redrawn }"],
    ["fraction: 1", "standardize: per feature"],
    ["fraction: 0.1", "examples: 6000"],
    ["fraction: 0.1, part: { of: 3, index: 1 }", "examples: 2000, part: { index: 1, of: 3 }"],
    ["label_noise: 0.2", "label_noise: { share: 0.2 }"],
  ])("%s and %s", (one, other) => {
    expect(names(one)).toEqual(names(other));
  });

  // Of the notebook's streams, too, which go with a number of examples.
  test("fraction and examples of the notebook's streams", () => {
    const streams = "{ kind: notebook, numpy_seed: 1, torch_seed: 0 }";
    expect(names("examples: 6000", streams)).toEqual(names("fraction: 0.1", streams));
  });

  test("and other meanings have others", () => {
    const all = [
      "fraction: 1",
      "fraction: 0.5",
      "examples: 29999",
      "part: { of: 1, index: 0 }",
      "part: { of: 2, index: 0 }",
      "part: { of: 2, index: 1 }",
      "label_noise: 0.2",
      "label_noise: 0.3",
      "label_noise: { probability: 0.2, kind: redrawn }",
      ...["whole", "unit", "none"].map((rule) => `standardize: ${rule}`),
    ].map((text) => names(text));
    for (const column of [0, 1])
      expect(new Set(all.map((pair) => pair[column])).size).toBe(all.length);
  });

  // Made by Python: SHA-256 of json.dumps(…, sort_keys=True, separators=(",", ":")) of what is meant.
  test.each([
    [
      "fraction: 1",
      "d046123d94151ce19653fa17afea41aef99feb455d5ed3d793eaf4a455c09f9a",
      "f4b1efe091b8307a63a0901427385ab867279697c2359a72b5922e3842f6b270",
    ],
    [
      "examples: 6000, label_noise: 0.2",
      "13aec12ac9accc6651f4c3b1081ab0a970c68bceed21fe58c91479f05c915d26",
      "3049ea37479080c07bd7e56b1200f2d353ebd8fbf65526ea3240da2e85eb3f33",
    ],
    [
      "part: { of: 4, index: 3 }, standardize: whole, label_noise: { probability: 0.5, kind: redrawn }",
      "e2b35bcc198762ba65dfd964a8ac84e6d8383beda18ceaf57aa73b1a97b4e0cf",
      "72e0cda578c9ab0909f5a7c0ecfa90adb1b6f6fa67c66f5ac4b17b469072b6ce",
    ],
  ])("%s", (text, ...golden) => {
    expect(names(text)).toEqual(golden);
  });
});

test("features that mislead are looked for in the trial's own part, and by its own rule", () => {
  const set = {
    examples: 4,
    size: 2,
    values: Uint8Array.of(0, 1, 0, 2, 0, 3, 9, 4),
    labels: new Uint8Array(4),
  };
  const dataset = { ...DATASET_SIZES, train: set, test: set };
  const count = (text: string) => mostMisleadingPixels(read(text), dataset, sha256);
  const part = (index: number) => count(`part: { of: 2, index: ${index} }`);
  expect([part(0), part(1)].sort()).toEqual([0, 1]);
  expect(count("standardize: whole, examples: 3")).toBe(0);
  expect(count("standardize: none, examples: 3")).toBe(0);
  const notebook = (seed: number) =>
    read("fraction: 0.75", `{ kind: notebook, numpy_seed: ${seed}, torch_seed: 0 }`);
  const counts = [4, 5].map((seed) => mostMisleadingPixels(notebook(seed), dataset, sha256));
  expect(counts).toEqual([0, 1]);
});
