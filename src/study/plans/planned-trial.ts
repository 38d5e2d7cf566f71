// From a study to one of its trials.

import { MODEL_PARTS, namesIn, TRAINING_PARTS } from "../../model/parts.ts";
import { specificationOf, type EarlierTraining } from "../../model/trial.ts";
import type { Study } from "../spec.ts";
import type { DatasetSize, PlannedTrial } from "./plan.ts";

/** The hidden layers with the swept width put in its place. */
export function hiddenLayers(study: Study, width: number | null): number[] {
  return study.model.hidden.map((layer) => {
    if (layer !== "width") return layer;
    if (width === null) throw new Error("a study without a sweep has no swept width");
    return width;
  });
}

export function seedsOf({ streams }: Study): readonly (number | null)[] {
  return streams.kind === "named" ? streams.seeds : [null];
}

export function plannedTrial(
  { dataset: { fraction }, model, streams, training }: Study,
  dataset: DatasetSize,
  asked: {
    readonly role: PlannedTrial["role"];
    readonly hidden: readonly number[];
    readonly seed: number | null;
    readonly after: readonly EarlierTraining[];
    readonly learningRate: number;
    readonly passes: number;
  },
): PlannedTrial {
  const { role, hidden, seed, after, learningRate, passes } = asked;
  const specification = specificationOf({
    data: {
      dataset: dataset.digest,
      train_examples: Math.round(fraction * dataset.train.examples),
    },
    model: { hidden, init_std: model.init_std, ...namesIn(MODEL_PARTS, model) },
    training: {
      learning_rate: learningRate,
      regularization: training.regularization,
      ...namesIn(TRAINING_PARTS, training),
    },
    streams:
      streams.kind === "notebook"
        ? { ...streams, after }
        : { kind: "named", study_seed: streams.study_seed, seed: seed ?? 0 },
  });
  return {
    role,
    width: hidden.at(Math.max(0, model.hidden.indexOf("width"))) ?? 0,
    seed,
    trial: { specification, passes },
  };
}
