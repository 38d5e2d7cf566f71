// A plan asks for trials until it can answer. A sweep asks once; a search asks several times.

import type { Outcome } from "../../analysis/outcome.ts";
import type { TrialRecord } from "../../records/record.ts";
import {
  NUMERICS_VERSION,
  type EarlierTraining,
  type Trial,
  type TrialSpecification,
} from "../../model/trial.ts";
import { beforeHidden, beforeSearchRate } from "./notebook-order.ts";
import type { Study } from "../spec.ts";

/** What plans need to know of a data set (data/dataset.ts). */
export interface DatasetSize {
  readonly digest: string;
  readonly train: { readonly examples: number };
}

export interface PlannedTrial {
  /** The swept width; without a sweep, the first hidden layer's (0 for softmax regression). */
  readonly width: number;
  /** Seed of the named streams; null under the notebook's streams. */
  readonly seed: number | null;
  readonly trial: Trial;
}

/** Finds the record of a planned trial among those that are there by now. */
type FindRecord = (planned: PlannedTrial) => TrialRecord | undefined;

export type Plan<Answer> = (find: FindRecord) => { trials: PlannedTrial[] } | { answer: Answer };

/** What the sweep is asked at: every width, and within it every seed. */
export function sweepPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
): Plan<readonly Outcome[]> {
  const widths = study.sweep.width.length > 0 ? study.sweep.width : [null];
  const trials = widths.flatMap((width) =>
    seedsOf(study).map((seed) => {
      const hidden = hiddenLayers(study, width);
      const after = beforeHidden(hidden);
      return plannedTrial(study, dataset, {
        hidden,
        seed,
        after,
        learningRate,
        passes: study.training.passes,
      });
    }),
  );
  return (find) => {
    const outcomes = trials.flatMap((planned) => {
      const record = find(planned);
      return record ? [{ width: planned.width, seed: planned.seed, record }] : [];
    });
    return outcomes.length === trials.length ? { answer: outcomes } : { trials };
  };
}

/** The trial that tells whether a learning rate converges: one pass at the search's width. */
export function searchTrial(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
): PlannedTrial {
  const hidden = hiddenLayers(study, study.search.width);
  const after = beforeSearchRate(learningRate);
  return plannedTrial(study, dataset, {
    hidden,
    seed: seedsOf(study)[0],
    after,
    learningRate,
    passes: 1,
  });
}

/** The hidden layers with the swept width put in its place. */
function hiddenLayers(study: Study, width: number | null): number[] {
  return study.model.hidden.map((layer) => {
    if (layer !== "width") return layer;
    if (width === null) throw new Error("a study without a sweep has no swept width");
    return width;
  });
}

function seedsOf({ streams }: Study): readonly (number | null)[] {
  return streams.kind === "named" ? streams.seeds : [null];
}

function plannedTrial(
  { dataset: { fraction }, model, streams, training }: Study,
  dataset: DatasetSize,
  asked: {
    readonly hidden: readonly number[];
    readonly seed: number | null;
    readonly after: readonly EarlierTraining[];
    readonly learningRate: number;
    readonly passes: number;
  },
): PlannedTrial {
  const { hidden, seed, after, learningRate, passes } = asked;
  const specification: TrialSpecification = {
    numerics: NUMERICS_VERSION,
    data: {
      dataset: dataset.digest,
      train_examples: Math.round(fraction * dataset.train.examples),
    },
    model: { hidden, init_std: model.init_std },
    training: { learning_rate: learningRate, regularization: training.regularization },
    streams:
      streams.kind === "notebook"
        ? { ...streams, after }
        : { kind: "named", study_seed: streams.study_seed, seed: seed ?? 0 },
  };
  return {
    width: hidden.at(Math.max(0, model.hidden.indexOf("width"))) ?? 0,
    seed,
    trial: { specification, passes },
  };
}
