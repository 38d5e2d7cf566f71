// Where each training of the homework notebook stands in its streams of random numbers: the search at three
// rates, one pass each, then five widths, 100 passes each. Anything the notebook did not train comes after.

import type { EarlierTraining } from "../../model/trial.ts";

/** Seeds of its two generators. */
export const NOTEBOOK_SEEDS = { numpy: 1, torch: 0 } as const;

export const NOTEBOOK_DATASET = "fashion-mnist";

/** The notebook's search: width 32 at these rates in this order. */
export const NOTEBOOK_SEARCH = { width: 32, learningRates: [0.1, 0.01, 0.02] } as const;

/** The notebook's study: these widths in this order. */
export const NOTEBOOK_STUDY = { widths: [8, 16, 32, 128, 512], passes: 100 } as const;

const searched: readonly EarlierTraining[] = NOTEBOOK_SEARCH.learningRates.map(() => ({
  hidden: [NOTEBOOK_SEARCH.width],
  passes: 1,
}));

const studied: readonly EarlierTraining[] = NOTEBOOK_STUDY.widths.map((width) => ({
  hidden: [width],
  passes: NOTEBOOK_STUDY.passes,
}));

/** What the notebook trained before it tried a rate; for other rates the whole search. */
export function beforeSearchRate(learningRate: number): readonly EarlierTraining[] {
  const index = NOTEBOOK_SEARCH.learningRates.findIndex((rate) => rate === learningRate);
  return index < 0 ? searched : searched.slice(0, index);
}

/** What the notebook trained before it came to these hidden layers; for others everything. */
export function beforeHidden(hidden: readonly number[]): readonly EarlierTraining[] {
  const index = NOTEBOOK_STUDY.widths.findIndex(
    (width) => hidden.length === 1 && hidden[0] === width,
  );
  return [...searched, ...(index < 0 ? studied : studied.slice(0, index))];
}
