// Sweeps that are refused, each in a sentence with its place.

import { expect, test } from "vitest";
import { parsed, RATE, type Parts } from "../../../test/support/sweeps.ts";

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
    "{ dataset.label_noise: { from: 0, to: 1, points: 137 }, model.init_std: { from: 0, to: 1, points: 73 } }",
    "mine.yaml:6:8 sweep: expected at most 10000 points, got 10001; sweep fewer values, or join axes with zip",
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
    "{ dataset.label_noise: [0, 1], model.init_std: [1, 2], training.regularization: [0, 1], zip: [[dataset.label_noise, model.init_std], [training.regularization, model.init_std]] }",
    "sweep.zip[1][1]: model.init_std is joined already; name each axis once",
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
