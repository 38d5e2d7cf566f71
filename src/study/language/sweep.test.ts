// Sweeps over paths: which values they have, that each point is the study that says so itself, and what is refused.

import { expect, test } from "vitest";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { at, sweptValues } from "../axes/axes.ts";
import { sweepPlan } from "../plans/sweep.ts";
import { idOf } from "../result.ts";
import type { Study } from "../spec.ts";
import { mergedPoints } from "./sweep.ts";
import { parseStudy } from "./parse.ts";
import { written } from "./written.ts";

interface Parts {
  readonly model?: string;
  readonly training?: string;
  readonly dataset?: string;
  readonly streams?: string;
}

function text(sweep: string, parts: Parts = {}): string {
  const {
    model = "{ hidden: [4], init_std: 0.1 }",
    training = "{ learning_rate: 0.1, passes: 2 }",
    dataset = "{ name: fashion-mnist, fraction: 0.1 }",
    streams = "{ kind: named }",
  } = parts;
  return [
    "name: mine",
    "question: What?",
    `dataset: ${dataset}`,
    `model: ${model}`,
    `training: ${training}`,
    `sweep: ${sweep}`,
    `streams: ${streams}`,
  ].join("\n");
}

function parsed(sweep: string, parts: Parts = {}): Study {
  return parseStudy(text(sweep, parts), "mine.yaml", CATALOGUE);
}

const planned = (study: Study) => {
  const next = sweepPlan(
    study,
    DATASET_SIZES,
    Number(study.training.learning_rate),
  )(() => undefined);
  return "trials" in next ? [...next.trials] : [];
};

const RATE = { training: "{ passes: 2 }" };

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

const REFUSED: [sweep: string, message: string, parts?: Parts][] = [
  ["{ widht: [8] }", "mine.yaml:6:10 sweep.widht: no path of a study; did you mean width?"],
  [
    "{ training.rate: [8] }",
    "mine.yaml:6:10 sweep.training.rate: no path of a study that can be swept; known here are learning_rate, regularization",
  ],
  [
    "{ training.learning_rat: [8] }",
    "mine.yaml:6:10 sweep.training.learning_rat: no path of a study that can be swept; did you mean learning_rate?",
  ],
  [
    "{ training: [8] }",
    "mine.yaml:6:10 sweep.training: this is a whole section; name one of its values, such as training.learning_rate",
  ],
  [
    "{ name: [a, b] }",
    "mine.yaml:6:10 sweep.name: this cannot be swept: it is one for the whole study",
  ],
  [
    "{ ask: [a, b] }",
    "mine.yaml:6:10 sweep.ask: this cannot be swept: it is one for the whole study",
  ],
  [
    "{ streams.seeds: [1] }",
    "mine.yaml:6:10 sweep.streams.seeds: this cannot be swept: every point is trained with all seeds of streams.seeds",
  ],
  [
    "{ training.passes: [1] }",
    "mine.yaml:6:10 sweep.training.passes: this cannot be swept: what fewer passes do is in the trajectory of more",
  ],
  [
    "{ dataset.name: [mnist] }",
    "mine.yaml:6:10 sweep.dataset.name: no path of a study that can be swept; known here are fraction, examples, part, label_noise, standardize; a study has one data set",
  ],
  ["{ 'training.x y': [1] }", "mine.yaml:6:10 sweep.training.x y: no path of a study"],
  [
    "{ training.learning_rate: 3 }",
    "mine.yaml:6:34 sweep.training.learning_rate: expected a list of values, or a range {from, to, points, scale}, got 3",
  ],
  [
    "{ training.learning_rate: [] }",
    "mine.yaml:6:34 sweep.training.learning_rate: expected a list of values, or a range {from, to, points, scale}, got an empty list",
  ],
  [
    "{ training.learning_rate: [0.1, 0.1] }",
    "mine.yaml:6:40 sweep.training.learning_rate[1]: expected distinct values, got 0.1 twice",
  ],
  [
    "{ training.learning_rate: [0.1, -1] }",
    "mine.yaml:6:40 sweep.training.learning_rate[1]: expected a positive number, got -1",
    RATE,
  ],
  [
    "{ training.learning_rate: [0.1, ~] }",
    "mine.yaml:6:40 sweep.training.learning_rate[1]: expected a value, got nothing",
    RATE,
  ],
  [
    "{ model.activation: [relu, gelu] }",
    'mine.yaml:6:35 sweep.model.activation[1]: expected relu or tanh or linear or square, got "gelu"',
  ],
  [
    "{ model.init: [he, {kind: normal, std: [0.1]}] }",
    "mine.yaml:6:47 sweep.model.init[1].std: expected 2 numbers, one a layer, got 1",
    { model: "{ hidden: [4] }" },
  ],
  [
    "{ dataset.fraction: { from: 0.5, to: 1.5, points: 3 } }",
    "mine.yaml:6:28 sweep.dataset.fraction: its point 1.5: expected a number from 0.0001 to 1, got 1.5",
    { dataset: "{ name: fashion-mnist }" },
  ],
  [
    "{ training.learning_rate: { from: 1, to: 1, points: 3 } }",
    "mine.yaml:6:49 sweep.training.learning_rate.to: expected a number above 1, got 1",
  ],
  [
    "{ training.learning_rate: { from: 0, to: 1, points: 3, scale: log } }",
    "mine.yaml:6:42 sweep.training.learning_rate.from: expected a number above 0 on a log scale, got 0",
  ],
  [
    "{ training.learning_rate: { from: 1, to: 4, points: 3, scale: log2 } }",
    "sweep.training.learning_rate.points: a log2 scale has every power of two; leave points out",
  ],
  [
    "{ training.learning_rate: { from: 3, to: 3.5, scale: log2 } }",
    "sweep.training.learning_rate.to: expected a power of two from 3 to 3.5, of which there is none",
  ],
  [
    "{ training.learning_rate: { from: 1, to: 4 } }",
    "mine.yaml:6:10 sweep.training.learning_rate.points: missing; expected an integer from 2 to 10000",
  ],
  [
    "{ training.learning_rate: { from: 1, to: 4, points: 3, step: 3 } }",
    "mine.yaml:6:63 sweep.training.learning_rate.step: unknown key; known here are from, to, points, scale",
  ],
  [
    "{ width: { from: 1, to: 100000, points: 2 } }",
    "mine.yaml:6:17 sweep.width: its point 100000: expected a positive integer up to 65536, got 100000",
  ],
  [
    "{ training.learning_rate: [0.1, 0.2] }",
    "mine.yaml:5:28 training.learning_rate: this is swept; leave it out here, or out of sweep",
  ],
  [
    "{ training.schedule: [constant], training.schedule.factor: [0.5] }",
    "sweep.training.schedule: training.schedule.factor is swept, too, which is of the same place; sweep one of them",
  ],
  [
    "{ training.schedule.factor: [0.5] }",
    "mine.yaml:6:37 sweep.training.schedule.factor[0]: training.schedule.kind: missing; expected constant or cosine or inverse square root or steps",
  ],
  [
    "{ 'training.layer_rates[2]': [0.5] }",
    "sweep.training.layer_rates[2][0]: there is no such place in training.layer_rates; write it out there",
    { training: "{ learning_rate: 0.1, passes: 2, layer_rates: [1, 1] }" },
  ],
  [
    "{ dataset.label_noise: { from: 0, to: 1, points: 200 }, model.init_std: { from: 0, to: 1, points: 51 } }",
    "mine.yaml:6:8 sweep: expected at most 10000 points, got 10200; sweep fewer values, or join axes with zip",
  ],
  [
    "{ dataset.label_noise: [0, 1], model.init_std: [1, 2, 3], zip: [[dataset.label_noise, model.init_std]] }",
    "mine.yaml:6:72 sweep.zip[0]: expected axes with as many values each, got dataset.label_noise with 2, model.init_std with 3",
  ],
  [
    "{ dataset.label_noise: [0, 1], zip: [[dataset.label_noise, width]] }",
    "mine.yaml:6:67 sweep.zip[0][1]: expected one of the axes dataset.label_noise, got width",
  ],
  [
    "{ dataset.label_noise: [0, 1], zip: [[dataset.label_noise]] }",
    "mine.yaml:6:45 sweep.zip[0]: expected at least two axes to join",
  ],
  [
    "{ dataset.label_noise: [0, 1], zip: [[dataset.label_noise, dataset.label_noise]] }",
    "sweep.zip[0][1]: dataset.label_noise is joined already; name each axis once",
  ],
  [
    "{ model.hidden: [[4], [4, 4]] }",
    "mine.yaml:6:24 sweep.model.hidden: with hidden [4, 4]: training.layer_rates: expected 3 factors, one a layer, got 2",
    {
      model: "{ init_std: 0.1 }",
      training: "{ learning_rate: 0.1, passes: 2, layer_rates: [1, 2] }",
    },
  ],
  [
    "{ model.hidden: [[4], [width]] }",
    'sweep.model.hidden: with hidden [width]: model.hidden[0]: "width" stands for the swept width',
    { model: "{ init_std: 0.1 }" },
  ],
  [
    "{ dataset.label_noise: [0, 0.2] }",
    "mine.yaml:6:31 sweep.dataset.label_noise: with label noise 0.2: dataset.label_noise: needs named streams",
    { streams: "{ kind: notebook, numpy_seed: 1, torch_seed: 0 }" },
  ],
  [
    "{ training.learning_rate: [0.1, eta_star / 2] }",
    "sweep.training.learning_rate: a rate that is swept is a number; to search one at each point, write training.learning_rate",
    RATE,
  ],
  [
    "{ model.init: [he, { kind: file, path: w.npz }] }",
    "sweep.model.init: with init {kind: file, path: w.npz}: model.init: a file's weights go with one model; sweep no values of model",
    { model: "{ hidden: [4] }" },
  ],
  [
    "{ training.optimizer.momentum: [0.5, 1] }",
    "sweep.training.optimizer.momentum[1]: expected a number from 0 up, below 1, got 1",
    { training: "{ learning_rate: 0.1, passes: 2, optimizer: { kind: sgd } }" },
  ],
];

test.each<[string, string, Parts?]>(REFUSED)(
  "%s is refused: %s",
  (sweep, message, parts?: Parts) => {
    expect(() => parsed(sweep, parts)).toThrow(message);
  },
);

test("ten thousand points are read and planned", () => {
  const study = parsed(
    "{ dataset.label_noise: { from: 0, to: 1, points: 100 }, training.learning_rate: { from: 0.01, to: 1, points: 100 } }",
    RATE,
  );
  expect(planned(study)).toHaveLength(10_000);
});
