// What a study says of its steps: optimizer and batch. Read, refused, planned and hashed.

import { describe, expect, test } from "vitest";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { hex, utf8 } from "../../base/sha256.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { searchTrial } from "../plans/learning-rate.ts";
import { idOf } from "../result.ts";
import { parseStudy } from "./parse.ts";

interface Others {
  readonly model?: string;
  readonly streams?: string;
}

const written = (training: string, others: Others = {}) => `name: a
question: b?
dataset: { name: fashion-mnist, examples: 330 }
model: ${others.model ?? "{ hidden: [width], init_std: 0.01 }"}
training: { learning_rate: 0.01, passes: 3${training} }
sweep: { width: [8, 32] }
streams: ${others.streams ?? "{ kind: named }"}
`;
const NOTEBOOK = { streams: "{ kind: notebook, numpy_seed: 1, torch_seed: 0 }" };

const read = (...text: Parameters<typeof written>) =>
  parseStudy(written(...text), "a.yaml", CATALOGUE);
const specificationOf = (...text: Parameters<typeof written>) =>
  searchTrial(read(...text), DATASET_SIZES, 0.01).trial.specification;

const adam = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

test.each<[string, object]>([
  ["", {}],
  [", optimizer: sgd", {}],
  [", optimizer: { kind: sgd }", {}],
  [", optimizer: { kind: sgd, momentum: 0, nesterov: false }", {}],
  [", batch: 1", {}],
  [
    ", optimizer: { kind: sgd, momentum: 0.9, nesterov: false }",
    { optimizer: { kind: "sgd", momentum: 0.9 } },
  ],
  [
    ", optimizer: { kind: sgd, momentum: 0.9, nesterov: true }",
    { optimizer: { kind: "sgd", momentum: 0.9, nesterov: true } },
  ],
  [", optimizer: adam", { optimizer: adam }],
  [", optimizer: { kind: adam, weight_decay: 0 }", { optimizer: adam }],
  [
    ", optimizer: { kind: adam, beta1: 0, beta2: 0.5, epsilon: 1, weight_decay: 0.1 }",
    { optimizer: { kind: "adam", beta1: 0, beta2: 0.5, epsilon: 1, weight_decay: 0.1 } },
  ],
  [", batch: 32, order: shuffled", { batch: 32, order: "shuffled" }],
  [", batch: full", { batch: "full" }],
  [", batch: full, order: in order", { batch: "full" }],
])("a study with%s", (text, wanted) => {
  const study = read(text);
  expect(study.training).toStrictEqual({
    learning_rate: 0.01,
    regularization: 0,
    passes: 3,
    ...wanted,
  });
  expect(parseStudy(JSON.stringify(study), "", CATALOGUE), "what a report shows").toEqual(study);
});

const NAMED = "needs named streams: write streams: {kind: named}, or give --seeds 0";

test.each<[string, string, Others?]>([
  ["optimizer: lion", 'training.optimizer: expected sgd or adam, got "lion"'],
  ["optimizer: 0.9", "training.optimizer: expected a mapping with kind, got 0.9"],
  ["optimizer: { momentum: 0.9 }", "training.optimizer.kind: missing; expected sgd or adam"],
  [
    "optimizer: { kind: sgd, momentum: 1 }",
    "training.optimizer.momentum: expected a number from 0 up, below 1, got 1",
  ],
  [
    "optimizer: { kind: sgd, momentum: -0.5 }",
    "training.optimizer.momentum: expected a number from 0 up, below 1, got -0.5",
  ],
  [
    "optimizer: { kind: sgd, beta1: 0.9 }",
    "training.optimizer.beta1: unknown key; known here are kind, momentum, nesterov",
  ],
  ...["", ", momentum: 0"].map((momentum): [string, string] => [
    `optimizer: { kind: sgd, nesterov: true${momentum} }`,
    "training.optimizer.nesterov: Nesterov's step needs a momentum above 0; give one",
  ]),
  [
    "optimizer: { kind: sgd, momentum: 0.9, nesterov: 1 }",
    "training.optimizer.nesterov: expected true or false, got 1",
  ],
  [
    "optimizer: { kind: adam, beta2: 1 }",
    "training.optimizer.beta2: expected a number from 0 up, below 1, got 1",
  ],
  [
    "optimizer: { kind: adam, epsilon: 0 }",
    "training.optimizer.epsilon: expected a number from 1e-45 up, got 0",
  ],
  [
    "optimizer: { kind: adam, weight_decay: -1 }",
    "training.optimizer.weight_decay: expected a number from 0 up, got -1",
  ],
  ["batch: 0", "training.batch: expected a positive integer, got 0"],
  ["batch: 1.5", "training.batch: expected a positive integer, got 1.5"],
  ["batch: all", 'training.batch: expected a positive integer or "full", got "all"'],
  ...["shuffled", "with replacement"].map((order): [string, string] => [
    `batch: full, order: ${order}`,
    `training.order: a full batch takes every example in order, got ${order}; leave order out, or give batch as a number`,
  ]),
  ["batch: full", `training.batch: ${NAMED}`, NOTEBOOK],
  ["batch: 10, order: in order", `training.order: ${NAMED}`, NOTEBOOK],
  [
    "optimizer: adam",
    "model.parametrization: beside adam ntk would have another epsilon in each layer; take mup or standard, or sgd",
    { model: "{ hidden: [width], init: he, parametrization: ntk }" },
  ],
])("is refused: %s", (text, message, others) => {
  expect(() => read(`, ${text}`, others)).toThrow(` ${message}`);
});

test("momentum and a number of examples go with the notebook's streams, and ntk with momentum", () => {
  const momentum = { kind: "sgd", momentum: 0.9 };
  const text = ", batch: 330, optimizer: { kind: sgd, momentum: 0.9 }";
  expect(specificationOf(text, NOTEBOOK).training).toMatchObject({
    batch: 330,
    optimizer: momentum,
  });
  const model = "{ hidden: [width], init: he, parametrization: ntk }";
  expect(specificationOf(text, { model }).training).toMatchObject({ optimizer: momentum });
});

test("a batch that is larger than a trial is refused, as soon as the data set is known", () => {
  expect(specificationOf(", batch: 330").training.batch).toBe(330);
  expect(() => specificationOf(", batch: 331")).toThrow(
    "training.batch: 331 are more than the 330 training examples of a trial; give as many at the most, or full",
  );
});

describe("keys", () => {
  const PLAIN = '"learning_rate":0.01';
  // RFC 8785, written by hand: names in order, no defaults.
  const keyWith = (training: string) =>
    hex(
      sha256(
        utf8(
          `{"data":{"dataset":"${DATASET_SIZES.digest}","train_examples":330},"model":{"hidden":[32],"init_std":0.01},` +
            `"numerics":1,"streams":{"kind":"named","seed":0,"study_seed":0},"training":{${training},"regularization":0}}`,
        ),
      ),
    );
  const MOMENTUM = `${PLAIN},"optimizer":{"kind":"sgd","momentum":0.9}`;
  const ADAM = '"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"kind":"adam"';

  test.each([
    ["", PLAIN],
    [", batch: 1, optimizer: { kind: sgd, momentum: 0 }, order: with replacement", PLAIN],
    [", optimizer: { kind: sgd, momentum: 0.9 }", MOMENTUM],
    [
      ", optimizer: { kind: sgd, momentum: 0.9, nesterov: true }",
      `${PLAIN},"optimizer":{"kind":"sgd","momentum":0.9,"nesterov":true}`,
    ],
    [", optimizer: adam", `${PLAIN},"optimizer":{${ADAM}}`],
    [
      ", optimizer: { kind: adam, weight_decay: 0.5 }",
      `${PLAIN},"optimizer":{${ADAM},"weight_decay":0.5}`,
    ],
    [", batch: 330", `"batch":330,${PLAIN}`],
    [
      ", batch: 32, optimizer: { kind: sgd, momentum: 0.9 }, order: shuffled",
      `"batch":32,${MOMENTUM},"order":"shuffled"`,
    ],
    [", batch: full", `"batch":330,${PLAIN},"order":"in order"`],
    [", batch: 330, order: in order", `"batch":330,${PLAIN},"order":"in order"`],
  ])("of%s", (text, wanted) => {
    expect(trialKey(specificationOf(text), sha256)).toBe(keyWith(wanted));
  });

  test("what says the same is one study", () => {
    const id = (text: string) => idOf(read(text), DATASET_SIZES, sha256);
    expect(id(", batch: 1, optimizer: sgd")).toBe(id(""));
    expect(id(", batch: full, order: in order")).toBe(id(", batch: full"));
    expect(id(", optimizer: { kind: adam, beta1: 0.9 }")).toBe(id(", optimizer: adam"));
    const others = ["", ", optimizer: adam", ", batch: full", ", batch: 2"].map(id);
    expect(new Set(others).size).toBe(4);
  });
});

test("under Adam μP scales the rates of weights above the input by 1/r, and nothing else", () => {
  const model =
    "{ hidden: [width, width], init_std: 1, parametrization: { kind: mup, base_width: 8 } }";
  const { layer_rates } = specificationOf(", optimizer: adam", { model }).training;
  expect(layer_rates).toEqual({ weights: [1, 1 / 4, 1 / 4], biases: [1, 1, 1] });
  const momentum = ", optimizer: { kind: sgd, momentum: 0.9 }";
  expect(specificationOf(momentum, { model }).training.layer_rates).toEqual({
    weights: [4, 1, 1 / 4],
    biases: [4, 4, 1],
  });
});

test("a schedule whose rate never changes is none, and its steps have one order", () => {
  const scheduled = (schedule: string) => specificationOf(`, schedule: ${schedule}`).training;
  const none = specificationOf("").training;
  expect(scheduled("{ kind: steps, at: [], factor: 0.5 }")).toEqual(none);
  expect(scheduled("{ kind: steps, at: [2], factor: 1 }")).toEqual(none);
  expect(scheduled("{ kind: steps, at: [3, 2, 3], factor: 0.5 }")).toEqual({
    ...none,
    schedule: { kind: "steps", at: [2, 3, 3], factor: 0.5 },
  });
});
