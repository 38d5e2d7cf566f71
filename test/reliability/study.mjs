// What the campaigns train: a few small studies, and one of very many smaller trials, on a data set that is made up here,
// so that a process needs no file and its training takes a second. Knows nothing of stores and processes.

import { NumpyRandomState } from "../../dist/random/numpy.js";
import { hex } from "../../dist/base/sha256.js";
import { sha256 } from "../../dist/base/sha256.node.js";

/**
 * @typedef {import("../../src/data/dataset.ts").Dataset} Dataset
 * @typedef {import("../../src/data/dataset.ts").LabelledExamples} LabelledExamples
 * @typedef {import("../../src/study/spec.ts").Study} Study
 */

const CLASSES = 4;
const SIZE = 24;

/** @returns {Dataset} a noisy picture for each class */
export function dataset() {
  const random = new NumpyRandomState(4);
  const pictures = Array.from({ length: CLASSES }, () => random.randints(256, SIZE));
  /** @type {(examples: number) => LabelledExamples} */
  const images = (examples) => {
    const labels = Uint8Array.from(random.randints(CLASSES, examples));
    const values = new Uint8Array(examples * SIZE);
    labels.forEach((label, example) => {
      const noise = random.randints(256, SIZE);
      const seen = noise.map((value, index) => (value + pictures[label][index]) / 2);
      values.set(seen, example * SIZE);
    });
    return { examples, size: SIZE, values, labels };
  };
  const [train, test] = [images(120), images(40)];
  const contents = [train, test].flatMap(({ values, labels }) => [Uint8Array.from(values), labels]);
  return {
    name: "noisy pictures",
    classes: CLASSES,
    train,
    test,
    digest: hex(sha256(...contents)),
  };
}

/** Of the trials that are trained whole; no others have so many. */
export const SMALL_PASSES = 4;

/** @type {Study} */
const BASE = {
  name: "searched",
  question: "Does it survive?",
  dataset: { name: "fashion-mnist", fraction: 1 },
  model: { hidden: ["width"], init_std: 0.1 },
  training: { learning_rate: "eta_star / 2", regularization: 0, passes: 30 },
  search: { width: 8, factor: 0.9 },
  sweep: { width: [3, 8] },
  streams: { kind: "named", study_seed: 1, seeds: [0, 1] },
};

/** @type {readonly Study[]} */
export const STUDIES = [
  // Trials by the hundred, which share claims and commits.
  {
    ...BASE,
    name: "small",
    training: { learning_rate: 0.05, regularization: 0, passes: SMALL_PASSES },
    sweep: { width: [1, 2, 3, 4] },
    streams: {
      kind: "named",
      study_seed: 1,
      seeds: Array.from({ length: 100 }, (_, seed) => seed),
    },
  },
  // A search, whose last trial shows that its rate is too large, and a sweep of named streams.
  BASE,
  // The same trials go on: more passes are asked for, and a width more.
  {
    ...BASE,
    name: "longer",
    training: { ...BASE.training, passes: 50 },
    sweep: { width: [3, 5, 8] },
  },
  // Checkpoints with an optimizer's state, of one number and of two for each parameter.
  {
    ...BASE,
    name: "momentum",
    training: {
      ...{ learning_rate: 0.05, regularization: 0, passes: 30 },
      ...{ optimizer: { kind: "sgd", momentum: 0.9 }, batch: 16, order: "shuffled" },
    },
  },
  {
    ...BASE,
    name: "adam",
    training: {
      ...{ learning_rate: 0.005, regularization: 0, passes: 30, batch: 7 },
      optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    },
    sweep: { width: [5] },
  },
  // At this rate most trials diverge after some passes.
  {
    ...BASE,
    name: "diverging",
    training: { learning_rate: 0.35, regularization: 0, passes: 30 },
    sweep: { width: [6, 12] },
    streams: { kind: "named", study_seed: 1, seeds: [0, 1, 2] },
  },
];
