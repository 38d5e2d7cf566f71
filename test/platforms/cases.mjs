// What every platform computes: trials and data sets whose fingerprints must not depend on where they are made.
// Knows nothing of platforms.

import { hex } from "../../dist/base/sha256.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import {
  beforeHidden,
  NOTEBOOK_SEEDS,
  NOTEBOOK_STUDY,
} from "../../dist/study/plans/notebook-order.js";
import { allNames, isDefault, MODEL_PARTS, TRAINING_PARTS } from "../../dist/model/parts.js";
import { NUMERICS_VERSION, specificationOf } from "../../dist/model/trial.js";

/**
 * @typedef {import("../../src/data/dataset.ts").Dataset} Dataset
 * @typedef {import("../../src/data/dataset.ts").LabelledExamples} LabelledExamples
 * @typedef {import("../../src/model/trial.ts").Trial} Trial
 */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {Trial} trial
 * @property {boolean} pastDivergence train on after an objective that is not finite
 */

/**
 * @typedef {object} Round trials that are asked for together, on one data set
 * @property {Dataset} dataset
 * @property {readonly Case[]} cases
 */

/** 601 is 75 blocks of 8 and one step, or 37 blocks of 16 and nine steps; and an evaluation chunk and 89. */
const EXAMPLES = 601;

/** For all that is no default: three layers that train under each. */
const DEEP = { hidden: [37, 9, 5], init_std: 0.3, learning_rate: 0.001, regularization: 0.01 };

/** @type {import("../../src/model/optimizers/choice.ts").OptimizerChoice & { kind: "sgd" }} */
const MOMENTUM = { kind: "sgd", momentum: 0.9 };

/**
 * Trials of two short passes that between them reach every kernel and its tails: name → what is special.
 * @type {Record<string, Edge>}
 */
const EDGES = {
  diverges: { hidden: [32], learning_rate: 0.1 },
  // In the second pass, so that its fingerprint holds what came before as well.
  late: { hidden: [32], learning_rate: 0.06 },
  // NaN bits differ between processors; fingerprints must not.
  NaN: { hidden: [32], learning_rate: 0.1, pastDivergence: true },
  decay: { hidden: [64], regularization: 0.01 },
  deep: { hidden: [37, 9, 5], init_std: 0.3 },
  "deep decay": { hidden: [37, 9, 5], init_std: 0.3, regularization: 0.01 },
  softmax: { hidden: [] },
  "softmax decay": { hidden: [], regularization: 0.01 },
  w1: { hidden: [1] },
  w3: { hidden: [3] },
  w37: { hidden: [37] },
  torch: { ...DEEP, init: /** @type {const} */ ("torch"), init_std: undefined },
  "a deviation a layer": { ...DEEP, init_std: [0.1, 0.2, 0.3, 0.4] },
  ...casesOf(TRAINING_PARTS.order, (order) => ({ order })),
  cosine: { ...DEEP, schedule: { kind: /** @type {const} */ ("cosine"), passes: 3 } },
  "inverse square root": {
    ...DEEP,
    schedule: { kind: /** @type {const} */ ("inverse square root") },
  },
  steps: { ...DEEP, schedule: { kind: /** @type {const} */ ("steps"), at: [1], factor: 0.3 } },
  "layer rates": {
    ...DEEP,
    layer_rates: { weights: [0.5, 1, 2, 0.3], biases: [1, 0.7, 0, 1] },
  },
  momentum: { hidden: [37], optimizer: MOMENTUM },
  "momentum decay": { ...DEEP, optimizer: MOMENTUM, batch: 3 },
  "Nesterov batches": {
    ...{ ...DEEP, optimizer: { ...MOMENTUM, nesterov: true } },
    ...{ batch: 32, order: "shuffled" },
  },
  batches: { ...DEEP, batch: 4 },
  "full batch": { ...DEEP, batch: EXAMPLES, order: "in order" },
  Adam: {
    ...DEEP,
    optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.01 },
    batch: 20,
  },
  "no bias": { ...DEEP, bias: /** @type {const} */ (false) },
  ...casesOf(MODEL_PARTS.activation, (activation) => ({ activation })),
  ...casesOf(TRAINING_PARTS.objective, (objective) => ({ objective })),
};

/** Trained with nothing beside it: all workers are free to share it. */
const WIDE = { w1000: { hidden: [1000], regularization: 0.01 } };

/** Data sets that are made there; their fingerprints are their digests, which src/data/sets/reference.json has by NumPy. */
export const GENERATED = {
  "mnist-1d": {},
  "gaussian-clusters": {},
  teacher: { train: 300, test: 100, inputs: 20, classes: 10 },
  "modular-addition": {},
};

/** The cases whose fingerprints are not the homework's. */
export const EDGE_NAMES = [EDGES, WIDE, GENERATED].flatMap((cases) => Object.keys(cases));

/** All cases; the homework's are called by their width, as in test/golden/homework.json. */
export const CASE_NAMES = [...NOTEBOOK_STUDY.widths.map(String), ...EDGE_NAMES];

/** The cases that an emulated processor computes in half a minute. */
export const SMALL_NAMES = [EDGES, GENERATED].flatMap((cases) => Object.keys(cases));

/**
 * All rounds over FashionMNIST.
 * @param {Dataset} fashionMnist
 * @returns {readonly Round[]}
 */
export function rounds(fashionMnist) {
  // Evaluations take most of the time, and 701 test examples have every tail that 10000 have.
  const few = firstOf(fashionMnist, 2000, 701);
  const homework = NOTEBOOK_STUDY.widths.map((width) => homeworkCase(fashionMnist, width));
  return [
    { dataset: fashionMnist, cases: homework },
    { dataset: few, cases: edgeCases(few, EDGES) },
    { dataset: few, cases: edgeCases(few, WIDE) },
  ];
}

/**
 * @param {Dataset} dataset
 * @param {number} width
 * @returns {Case}
 */
function homeworkCase({ digest }, width) {
  const hidden = [width];
  return {
    name: String(width),
    pastDivergence: false,
    trial: {
      specification: {
        numerics: NUMERICS_VERSION,
        data: { dataset: digest, train_examples: 6000 },
        model: { hidden, init_std: 1e-6 },
        training: { learning_rate: 0.005, regularization: 0 },
        streams: {
          kind: "notebook",
          numpy_seed: NOTEBOOK_SEEDS.numpy,
          torch_seed: NOTEBOOK_SEEDS.torch,
          after: beforeHidden(hidden),
        },
      },
      passes: 2,
    },
  };
}

/**
 * @typedef {object} Edge
 * @property {number[]} hidden
 * @property {"torch"} [init]
 * @property {number | number[] | undefined} [init_std] defaults to 0.05 without init
 * @property {number} [learning_rate] defaults to 0.01
 * @property {number} [regularization] defaults to 0
 * @property {boolean} [pastDivergence] defaults to false
 * @property {import("../../src/model/layer-rates.ts").LayerRates} [layer_rates]
 * @property {import("../../src/model/schedules/rates.ts").ScheduleChoice} [schedule]
 * @property {keyof typeof TRAINING_PARTS.order.table} [order]
 * @property {import("../../src/model/optimizers/choice.ts").OptimizerChoice} [optimizer]
 * @property {number} [batch]
 * @property {false} [bias]
 * @property {keyof typeof MODEL_PARTS.activation.table} [activation]
 * @property {keyof typeof TRAINING_PARTS.objective.table} [objective]
 */

/**
 * @param {Dataset} dataset
 * @param {Record<string, Edge>} edges
 * @returns {Case[]}
 */
function edgeCases({ digest }, edges) {
  return Object.entries(edges).map(
    ([
      name,
      {
        hidden,
        init,
        init_std = init === undefined ? 0.05 : undefined,
        learning_rate = 0.01,
        regularization = 0,
        pastDivergence = false,
        layer_rates,
        schedule,
        order,
        optimizer,
        batch,
        bias,
        activation,
        objective,
      },
    ]) => ({
      name,
      pastDivergence,
      trial: {
        specification: specificationOf({
          data: { dataset: digest, train_examples: EXAMPLES },
          model: { hidden, init, init_std, bias, activation },
          training: {
            ...{ learning_rate, regularization, layer_rates, schedule },
            ...{ order, optimizer, batch, objective },
          },
          streams: { kind: "named", study_seed: 1, seed: 1 },
        }),
        passes: 2,
      },
    }),
  );
}

/**
 * The data set of a data set's first examples.
 * @param {Dataset} dataset
 * @param {number} train
 * @param {number} test
 * @returns {Dataset}
 */
function firstOf(dataset, train, test) {
  /** @type {(images: LabelledExamples, examples: number) => LabelledExamples} */
  const first = ({ size, values, labels }, examples) => ({
    examples,
    size,
    values: values.subarray(0, examples * size),
    labels: labels.subarray(0, examples),
  });
  const parts = { train: first(dataset.train, train), test: first(dataset.test, test) };
  const contents = [parts.train, parts.test].flatMap(({ values, labels }) => [
    Uint8Array.from(values),
    labels,
  ]);
  return { ...dataset, ...parts, digest: hex(sha256(...contents)) };
}

/**
 * A case for each part of a kind but its default, called by its name.
 * @template {string} Name
 * @param {import("../../src/model/parts.ts").Kind<Name, unknown>} kind
 * @param {(name: Name) => Partial<Edge>} edge
 * @returns {Record<string, Edge>}
 */
function casesOf(kind, edge) {
  const others = allNames(kind).filter((name) => !isDefault(kind, name));
  return Object.fromEntries(others.map((name) => [name, { ...DEEP, ...edge(name) }]));
}
