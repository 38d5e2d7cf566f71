// What a study's first trial learns from, without training it.

import type { Sha256 } from "../base/sha256.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Undigested } from "../data/digest.ts";
import { preparedDataset } from "../training/prepared.ts";
import { checkData } from "./check-data.ts";
import { beforeHidden } from "./plans/notebook-order.ts";
import { plannedTrial, seedsOf } from "./plans/planned-trial.ts";
import type { Study } from "./spec.ts";

/**
 * The data set as the study's trials see it with its first seed, and the first values of what it sweeps.
 * Throws InputError where it asks for more than the data set has.
 */
export function preparedFor(study: Study, dataset: Dataset, sha256: Sha256): Undigested {
  checkData(study, dataset);
  const [seed] = seedsOf(study);
  const nothing = { learningRate: 1, passes: 0 };
  // Which weights it begins with is nothing to its examples, and they may be in a file.
  const { init, ...model } = study.model;
  const drawn = typeof init === "object" ? { ...study, model: { ...model, init_std: 1 } } : study;
  const asked = { role: "sweep", values: {}, seed, after: beforeHidden, ...nothing } as const;
  const { trial } = plannedTrial(drawn, dataset, asked);
  return preparedDataset(trial.specification, dataset, sha256);
}
