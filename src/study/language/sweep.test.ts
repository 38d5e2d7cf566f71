// Sweeps over paths: which values they have, and that each point is the study that says so itself.

import { expect, test } from "vitest";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { parsed, planned, RATE, text, type Parts } from "../../../test/support/sweeps.ts";
import { at, sweptValues } from "../axes/axes.ts";
import { idOf } from "../result.ts";
import type { Study } from "../spec.ts";
import { mergedPoints } from "./sweep.ts";
import { parseStudy } from "./parse.ts";
import { written } from "./written.ts";

test("axes are crossed, the width turns slowest, and seeds stand within each point", () => {
  const study = parsed(
    "{ training.learning_rate: [0.1, 0.2], width: [8, 4], dataset.label_noise: [0, 0.2] }",
    {
      ...RATE,
      model: "{ hidden: [width], init_std: 0.1 }",
      streams: "{ seeds: [0, 1] }",
    },
  );
  const trials = planned(study).map(
    ({
      point,
      trial: {
        specification: { data, model, training },
      },
    }) => [...[model.hidden[0], data.label_noise ?? 0, training.learning_rate, point.seed]],
  );
  expect(trials).toEqual(
    [8, 4].flatMap((width) =>
      [0, { share: 0.2 }].flatMap((noise) =>
        [0.1, 0.2].flatMap((rate) => [0, 1].map((seed) => [width, noise, rate, seed])),
      ),
    ),
  );
  expect(sweptValues(study)[3]).toEqual({
    width: 8,
    "dataset.label_noise": 0.2,
    "training.learning_rate": 0.2,
  });
});

test("a range is the list of its points, and the order of axes is no part of a study", () => {
  const range = parsed(
    "{ training.learning_rate: { from: 0.01, to: 1, points: 3, scale: log }, dataset.label_noise: [0, 0.1] }",
    RATE,
  );
  const list = parsed(
    "{ dataset.label_noise: [0, 0.1], training.learning_rate: [0.01, 0.1, 1] }",
    RATE,
  );
  expect(JSON.stringify(range)).toBe(JSON.stringify(list));
  const joined = parsed(
    "{ zip: [[model.init_std, dataset.label_noise]], dataset.label_noise: [0, 0.1], model.init_std: [1, 2] }",
    { model: "{ hidden: [4] }" },
  );
  const other = parsed(
    "{ zip: [[dataset.label_noise, model.init_std]], model.init_std: [1, 2], dataset.label_noise: [0, 0.1] }",
    { model: "{ hidden: [4] }" },
  );
  expect(JSON.stringify(joined)).toBe(JSON.stringify(other));
});

test("axes that are joined turn together", () => {
  const study = parsed(
    "{ width: [2, 4], training.learning_rate: [0.1, 0.2, 0.4], model.init_std: [1, 2], zip: [[width, model.init_std]] }",
    {
      ...RATE,
      model: "{ hidden: [width] }",
    },
  );
  expect(sweptValues(study).map((values) => Object.values(values))).toEqual(
    [
      [2, 1],
      [4, 2],
    ].flatMap(([width, std]) => [0.1, 0.2, 0.4].map((rate) => [width, std, rate])),
  );
  const apart = parsed(
    "{ width: [2, 4], training.learning_rate: [0.1, 0.2], model.init_std: [1, 2], zip: [[training.learning_rate, width]] }",
    { ...RATE, model: "{ hidden: [width] }" },
  );
  expect(sweptValues(apart)).toEqual(
    [
      [2, 0.1],
      [4, 0.2],
    ].flatMap(([width, rate]) =>
      [1, 2].map((std) => ({ width, "model.init_std": std, "training.learning_rate": rate })),
    ),
  );
});

test.each<[string, boolean, string, Parts, readonly ((from: Parts) => Parts)[]]>([
  [
    "words",
    false,
    "model.activation: [relu, tanh, square]",
    {},
    ["relu", "tanh", "square"].map((name) => () => ({
      model: `{ hidden: [4], init_std: 0.1, activation: ${name} }`,
    })),
  ],
  [
    "words and mappings that stand in each other's place",
    false,
    "model.init: [{kind: normal, std: 0.1}, he, {kind: normal, std: [0.1, 0.2]}, torch]",
    { model: "{ hidden: [4] }" },
    ["{kind: normal, std: 0.1}", "he", "{kind: normal, std: [0.1, 0.2]}", "torch"].map(
      (init) => () => ({
        model: `{ hidden: [4], init: ${init} }`,
      }),
    ),
  ],
  [
    "true and false, with rates of biases",
    false,
    "model.bias: [false, true]",
    {
      training:
        "{ learning_rate: 0.1, passes: 2, layer_rates: { weights: [1, 2], biases: [3, 4] } }",
    },
    [false, true].map((bias) => (parts) => ({
      ...parts,
      model: `{ hidden: [4], init_std: 0.1, bias: ${bias} }`,
    })),
  ],
  [
    "layers, of which the first has no use for an activation",
    true,
    "model.hidden: [[], [4], [4, 2]]",
    { model: "{ init_std: 0.1, activation: tanh }" },
    ["[]", "[4]", "[4, 2]"].map((hidden) => () => ({
      model: `{ hidden: ${hidden}, init_std: 0.1, activation: tanh }`,
    })),
  ],
  [
    "an entry of a list that is left out where it is 1",
    true,
    "'training.layer_rates[0]': [1, 2]",
    { training: "{ learning_rate: 0.1, passes: 2, layer_rates: [1, 1] }" },
    [1, 2].map((rate) => () => ({
      training: `{ learning_rate: 0.1, passes: 2, layer_rates: [${rate}, 1] }`,
    })),
  ],
  [
    "a value within a mapping",
    true,
    "training.schedule.factor: [0.5, 0.1]",
    { training: "{ learning_rate: 0.1, passes: 2, schedule: { kind: steps, at: [1] } }" },
    [0.5, 0.1].map((factor) => () => ({
      training: `{ learning_rate: 0.1, passes: 2, schedule: { kind: steps, at: [1], factor: ${factor} } }`,
    })),
  ],
  [
    "schedules, of which the first is the default",
    false,
    "training.schedule: [constant, {kind: cosine, passes: 2}]",
    {},
    ["constant", "{kind: cosine, passes: 2}"].map((schedule) => () => ({
      training: `{ learning_rate: 0.1, passes: 2, schedule: ${schedule} }`,
    })),
  ],
  [
    "numbers of examples",
    false,
    "dataset.examples: [100, 200]",
    { dataset: "{ name: fashion-mnist }" },
    [100, 200].map((examples) => () => ({
      dataset: `{ name: fashion-mnist, examples: ${examples} }`,
    })),
  ],
  [
    "noise, beside deviations of each layer",
    false,
    "dataset.label_noise: [0, 0.1]",
    { model: "{ hidden: [4], init: { kind: normal, std: [0.1, 0.2] } }" },
    [0, 0.1].map((noise) => () => ({
      dataset: `{ name: fashion-mnist, fraction: 0.1, label_noise: ${noise} }`,
    })),
  ],
  [
    "a momentum, of which the first is none",
    true,
    "training.optimizer.momentum: [0, 0.9]",
    { training: "{ learning_rate: 0.1, passes: 2, optimizer: { kind: sgd } }" },
    [0, 0.9].map((momentum) => () => ({
      training: `{ learning_rate: 0.1, passes: 2, optimizer: { kind: sgd, momentum: ${momentum} } }`,
    })),
  ],
  [
    "batches, of which the full ones have an order of their own",
    true,
    "training.batch: [full, 8]",
    { training: "{ learning_rate: 0.1, passes: 2, order: in order }" },
    ["full", 8].map((batch) => () => ({
      training: `{ learning_rate: 0.1, passes: 2, order: in order, batch: ${batch} }`,
    })),
  ],
  [
    "parts",
    true,
    "dataset.part.index: [0, 1]",
    { dataset: "{ name: fashion-mnist, part: { of: 2 } }" },
    [0, 1].map((index) => () => ({
      dataset: `{ name: fashion-mnist, part: { of: 2, index: ${index} } }`,
    })),
  ],
])("each point is the study that says so itself: %s", (_, isWritten, sweep, parts, alone) => {
  const study = parsed(`{ ${sweep} }`, parts);
  const keys = (one: Study) => planned(one).map(({ trial }) => trial);
  expect(keys(study)).toEqual(
    alone.flatMap((change) => keys(parsed("{}", { ...parts, ...change(parts) }))),
  );
  // Sections are told twice only where they have to be.
  const isTold = Object.keys(study.sweep).includes("within");
  expect(isTold).toBe(isWritten);
  // A report's study is read again from what it says.
  const again = JSON.stringify(written(study));
  expect(parseStudy(again, "again.yaml", CATALOGUE)).toEqual(study);
});

test("trials that differ in axes alone have one seed's streams", () => {
  const streams = planned(parsed("{ training.learning_rate: [0.1, 0.2] }", RATE)).map(
    ({ trial }) => trial.specification.streams,
  );
  expect(streams).toEqual([streams[0], streams[0]]);
});

test("a study that sweeps widths alone is what it was before there were other axes", () => {
  const study = parsed("{ width: [8, 16] }", { model: "{ hidden: [width], init_std: 0.1 }" });
  expect(study.sweep).toEqual({ width: [8, 16] });
  // As computed before there were any.
  expect(idOf(study, DATASET_SIZES, sha256)).toMatchInlineSnapshot(
    `"a8ecd67fb140916313e79536d3d2a2dc2721285696f8555e55786803ed1f3206"`,
  );
  expect(at(study, {}).values).toEqual({ width: 8 });
});

test.each([
  ["{ width: { from: 1, to: 8, points: 7, scale: log } }", [1, 2, 3, 4, 6, 8]],
  ["{ width: { from: 1, to: 16, scale: log2 } }", [1, 2, 4, 8, 16]],
])("widths of a range: %s", (sweep, widths) => {
  expect(parsed(sweep, { model: "{ hidden: [width], init_std: 0.1 }" }).sweep.width).toEqual(
    widths,
  );
});

test("points that coincide on integers are told", () => {
  const sweep = {
    width: { from: 1, to: 8, points: 7, scale: "log" },
    "dataset.examples": { from: 10, to: 12, points: 5 },
    "training.learning_rate": { from: 0.1, to: 0.2, points: 5 },
  };
  expect(mergedPoints({ sweep })).toEqual([
    "sweep.width: of 7 points 6 differ as integers, and are swept once each",
    "sweep.dataset.examples: of 5 points 3 differ as integers, and are swept once each",
  ]);
});

test("what is told of a range names the study's file", () => {
  const told: string[] = [];
  const sweep = "{ width: { from: 1, to: 8, points: 7, scale: log } }";
  const written = text(sweep, { model: "{ hidden: [width], init_std: 0.1 }" });
  parseStudy(written, "mine.yaml", CATALOGUE, [], (sentence) => told.push(sentence));
  expect(told).toEqual([
    "mine.yaml: sweep.width: of 7 points 6 differ as integers, and are swept once each",
  ]);
});

test("ten thousand points are read and planned", () => {
  const study = parsed(
    "{ dataset.label_noise: { from: 0, to: 1, points: 100 }, training.learning_rate: { from: 0.01, to: 1, points: 100 } }",
    RATE,
  );
  expect(planned(study)).toHaveLength(10_000);
});
