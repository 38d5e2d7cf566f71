// Replays the homework notebook in its own random streams: its learning-rate search, the accuracies it
// printed before training, and its passes to interpolation; and trains its start moved by one ulp.

import { passesToInterpolation } from "../analysis/interpolation.ts";
import type { Dataset } from "../data/dataset.ts";
import type { TrialRecord } from "../records/record.ts";
import { accuracy, type Score } from "../training/evaluate.ts";
import { specificationOf, type EarlierTraining, type Trial } from "../model/trial.ts";
import { trainOn, type Pool } from "../pool/pool.ts";
import {
  beforeHidden,
  beforeSearchRate,
  NOTEBOOK_SEARCH,
  NOTEBOOK_SEEDS,
  NOTEBOOK_STUDY,
} from "../study/plans/notebook-order.ts";

/** The homework's constants: a tenth of the data, N(0, 1e-6²) weights, half of η* = 0.01. */
const TRAIN_EXAMPLES = 6000;
const INIT_STD = 1e-6;
const LEARNING_RATE = 0.005;

/** Losses in nats, accuracies 0 to 1; a loss that is not finite is null. */
export interface Scores {
  readonly train_loss: number | null;
  readonly train_accuracy: number;
  readonly test_loss: number | null;
  readonly test_accuracy: number;
}

/** One learning rate of the notebook's search. */
export interface ReplayedStream {
  readonly learning_rate: number;
  readonly before: Scores;
  /** After every 100th step of the pass; null where not a number. */
  readonly running_averages: readonly (number | null)[];
  readonly after: Scores;
}

export interface Replay {
  readonly streams: readonly ReplayedStream[];
  /** Training and test accuracy before training, by width. */
  readonly initial_accuracies: Readonly<Record<string, readonly [number, number]>>;
  /** By width; null for never within 100 passes. */
  readonly passes_to_interpolation: Readonly<Record<string, number | null>>;
  /** Fingerprint of each width's training. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export interface ReplayContext {
  readonly dataset: Dataset;
  readonly pool: Pool;
  readonly signal?: AbortSignal | undefined;
  /** Told after each trial how many are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** One training as the notebook's streams give it. */
export function notebookTrial(
  dataset: Dataset,
  asked: {
    readonly hidden: readonly number[];
    readonly learningRate: number;
    readonly passes: number;
    readonly after: readonly EarlierTraining[];
    /** Seeds of the two generators; default to the notebook's. */
    readonly seeds?: { readonly numpy: number; readonly torch: number };
    /** Which one-ulp perturbation of the initial weights, from 1; none where left out. */
    readonly perturbation?: number;
  },
): Trial {
  const { hidden, learningRate, passes, after, seeds = NOTEBOOK_SEEDS, perturbation } = asked;
  return {
    passes,
    specification: specificationOf({
      data: { dataset: dataset.digest, train_examples: TRAIN_EXAMPLES },
      model: { hidden, init_std: INIT_STD, perturbation },
      training: { learning_rate: learningRate, regularization: 0 },
      streams: {
        kind: "notebook",
        numpy_seed: seeds.numpy,
        torch_seed: seeds.torch,
        after,
      },
    }),
  };
}

/** Replays the search, which goes on past NaN as the notebook did, and the five trainings. */
export async function replayNotebook({
  dataset,
  pool,
  signal,
  onProgress,
}: ReplayContext): Promise<Replay> {
  const total = NOTEBOOK_SEARCH.learningRates.length + NOTEBOOK_STUDY.widths.length;
  let done = 0;
  const run = async (trial: Trial): Promise<TrialRecord> => {
    const record = await trainOn(pool, trial, { signal, pastDivergence: true });
    onProgress?.(++done, total);
    return record;
  };
  const searching = NOTEBOOK_SEARCH.learningRates.map(async (learningRate) => {
    const hidden = [NOTEBOOK_SEARCH.width];
    const after = beforeSearchRate(learningRate);
    const record = await run(notebookTrial(dataset, { hidden, learningRate, passes: 1, after }));
    return replayedStream(learningRate, record);
  });
  const studying = NOTEBOOK_STUDY.widths.map(async (width) => {
    const record = await run(trialOfWidth(dataset, width));
    return [String(width), record] as const;
  });
  const streams = await Promise.all(searching);
  const studied = await Promise.all(studying);
  const byWidth = <T>(value: (record: TrialRecord) => T): Record<string, T> =>
    Object.fromEntries(studied.map(([width, record]) => [width, value(record)]));
  return {
    streams,
    initial_accuracies: byWidth(({ trajectory: [{ train, test }] }) => [
      float32Accuracy(train),
      float32Accuracy(test),
    ]),
    passes_to_interpolation: byWidth(passesToInterpolation),
    fingerprints: byWidth(({ fingerprint }) => fingerprint),
  };
}

/** Passes to interpolation of every member, by width; null for never within 100 passes. */
export type Ensemble = Readonly<Record<string, readonly (number | null)[]>>;

/** Trains the notebook's widths from `members` one-ulp perturbations of its start. */
export async function replayEnsemble(
  members: number,
  { dataset, pool, signal, onProgress }: ReplayContext,
): Promise<Ensemble> {
  const total = members * NOTEBOOK_STUDY.widths.length;
  let done = 0;
  const rows = NOTEBOOK_STUDY.widths.map(async (width) => {
    const trainings = Array.from({ length: members }, async (_, member) => {
      const record = await trainOn(pool, trialOfWidth(dataset, width, member + 1), { signal });
      onProgress?.(++done, total);
      return passesToInterpolation(record);
    });
    return [String(width), await Promise.all(trainings)] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

function trialOfWidth(dataset: Dataset, width: number, perturbation?: number): Trial {
  const hidden = [width];
  return notebookTrial(dataset, {
    hidden,
    learningRate: LEARNING_RATE,
    passes: NOTEBOOK_STUDY.passes,
    after: beforeHidden(hidden),
    ...(perturbation === undefined ? {} : { perturbation }),
  });
}

function replayedStream(learningRate: number, record: TrialRecord): ReplayedStream {
  const [before, after] = record.trajectory.map(({ train, test }) => ({
    train_loss: finiteOrNull(train.objective),
    train_accuracy: float32Accuracy(train),
    test_loss: finiteOrNull(test.objective),
    test_accuracy: float32Accuracy(test),
  }));
  return {
    learning_rate: learningRate,
    before,
    running_averages: record.running_averages.map(finiteOrNull),
    after,
  };
}

/** The notebook's accuracies are float32: 483 of 6000 is 0.080 there, and 0.081 in float64. */
function float32Accuracy(score: Score): number {
  return Math.fround(accuracy(score));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
