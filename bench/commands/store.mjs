// The record store: a large one opened and listed, and what commits cost.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hex } from "../../dist/base/sha256.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { trialKey } from "../../dist/records/fingerprint.js";
import { packRows } from "../../dist/records/packed-rows.js";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";

const STUDIES = 1000;
const TRIALS_EACH = 100;
/** Of each trial: what is asked of a large store does not look at more of them. */
const PASSES = 1;

const [INPUTS, CLASSES] = [784, 10];
const COMMITS = 20;
/** Passes of a commit. */
const ROWS = 20;

const TRAINER = { machine: "bench", versions: "bench" };
const DATASET = { name: "fashion-mnist", digest: "ab".repeat(32), train_examples: 60_000 };

/**
 * @typedef {object} StoreTimes
 * @property {number} trials in the large store
 * @property {number} megabytes of its file
 * @property {number} open seconds
 * @property {number} studies in it
 * @property {number} list seconds to tell of every study what `widthwise list` tells
 * @property {number} show seconds to tell of one study and each of its trials
 * @property {{ width: number, milliseconds: number }[]} commits of some passes and the newest checkpoint: median
 */

/**
 * @param {readonly number[]} widths whose commits are timed
 * @param {(text: string) => void} tell
 * @returns {Promise<StoreTimes>}
 */
export async function measureStore(widths, tell) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-bench-store-"));
  try {
    tell(`the record store: ${STUDIES * TRIALS_EACH} trials`);
    const large = await timeLarge(join(folder, "large.db"));
    tell("the record store: commits");
    /** @type {StoreTimes["commits"]} */
    const commits = [];
    for (const width of widths)
      commits.push({ width, milliseconds: await timeCommits(join(folder, `${width}.db`), width) });
    return { ...large, commits };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} path */
async function timeLarge(path) {
  await fill(path);
  const [open, store] = await timed(() => openStore(path));
  const [list, studies] = await timed(async () => {
    const all = await store.studies();
    for (const { id } of all) await store.studyTotals(id);
    await store.totals();
    return all;
  });
  const [show, trials] = await timed(async () => {
    const kept = await store.study(studies[STUDIES / 2].id);
    return store.trials(kept?.trials.map(({ key }) => key));
  });
  await store.close();
  if (studies.length !== STUDIES || trials.length !== TRIALS_EACH)
    throw new Error(`${studies.length} studies, ${trials.length} trials in one`);
  const { size } = statSync(path);
  return {
    trials: STUDIES * TRIALS_EACH,
    studies: STUDIES,
    megabytes: size / 1e6,
    open,
    list,
    show,
  };
}

/** @param {string} path */
async function fill(path) {
  const store = openStore(path);
  for (let number = 0; number < STUDIES; number++) {
    const trials = Array.from({ length: TRIALS_EACH }, (_, position) =>
      wholeTrial(number * TRIALS_EACH + position),
    );
    await store.keepWhole(trials);
    const id = hex(sha256(new TextEncoder().encode(`study ${number}`)));
    await store.plan({
      id,
      name: `study ${number}`,
      specification: JSON.stringify({ name: `study ${number}` }),
      dataset: DATASET,
      trials: trials.map(({ key }, seed) => ({
        ...{ key, passes: PASSES, role: /** @type {const} */ ("sweep") },
        point: { values: { width: 2 }, seed },
      })),
    });
    await store.finish(id, "f1".repeat(32));
  }
  await store.close();
}

/**
 * @param {number} seed
 * @returns {import("../../src/records/store.ts").WholeTrial}
 */
function wholeTrial(seed) {
  const { rows, ...update } = updateOf(2, seed, 0, PASSES);
  return { ...update, rows: packRows(rows), examples: { train: 6000, test: 10_000 } };
}

/**
 * Median milliseconds of a commit of some passes and a checkpoint.
 * @param {string} path
 * @param {number} width
 */
async function timeCommits(path, width) {
  const store = openStore(path);
  const milliseconds = [];
  for (let commit = 0; commit < COMMITS; commit++) {
    const update = updateOf(width, 0, ROWS * commit, ROWS * (commit + 1) - 1);
    const [seconds] = await timed(() => store.commit(update));
    milliseconds.push(1000 * seconds);
  }
  await store.close();
  return milliseconds.sort((a, b) => a - b)[COMMITS / 2];
}

/** @param {string} path */
function openStore(path) {
  return new SqliteStore(path, {
    sha256,
    trainer: TRAINER,
    onDamage: (message) => {
      throw new Error(message);
    },
  });
}

/**
 * What training hands to the store, with numbers that nobody trained.
 * @param {number} width
 * @param {number} seed
 * @param {number} from
 * @param {number} to
 * @returns {import("../../src/records/store.ts").TrialUpdate}
 */
function updateOf(width, seed, from, to) {
  /** @type {import("../../src/model/trial.ts").TrialSpecification} */
  const specification = {
    numerics: 1,
    data: { dataset: DATASET.digest, train_examples: 6000 },
    model: { hidden: [width], init_std: 0.01 },
    training: { learning_rate: 0.005, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
  };
  const fingerprint = "d1".repeat(32);
  const rows = Array.from({ length: to - from + 1 }, (_, index) => ({
    evaluation: {
      pass: from + index,
      train: { objective: 1 / (seed + 1), correct: seed % 6000, examples: 6000 },
      test: { objective: 1 / 3, correct: 5000, examples: 10_000 },
      fingerprint,
    },
    averages: from + index === 0 ? [] : Array.from({ length: 60 }, (__, average) => average / 3),
  }));
  const [inputs, classes] = width === 2 ? [2, 2] : [INPUTS, CLASSES];
  return {
    key: trialKey(specification, sha256),
    specification,
    rows,
    ending: { kind: "finished" },
    fingerprint,
    checkpoint: {
      pass: to,
      parameters: {
        weights: [new Float32Array(inputs * width).fill(1 / 3), new Float32Array(width * classes)],
        biases: [new Float32Array(width), new Float32Array(classes)],
      },
      state: [],
      order: ORDER,
      average: 1 / 7,
    },
    since: 0,
    seconds: 1,
  };
}

const ORDER = new NumpyRandomState(0).snapshot();

/**
 * Seconds that work took, and what it gave.
 * @template Result
 * @param {() => Result | Promise<Result>} work
 * @returns {Promise<[number, Result]>}
 */
async function timed(work) {
  const began = performance.now();
  const result = await work();
  return [(performance.now() - began) / 1000, result];
}
