// From a study to one of its trials.

import { InputError } from "../../base/errors.ts";
import { availableExamples } from "../../data/subset.ts";
import type { MeasurementChoice } from "../../measurements/table.ts";
import { MODEL_PARTS, namesIn, TRAINING_PARTS } from "../../model/parts.ts";
import {
  exampleChoices,
  specificationOf,
  type EarlierTraining,
  type NamedStreams,
} from "../../model/trial.ts";
import { pointText, type Point } from "../../records/point.ts";
import { at } from "../axes/axes.ts";
import { initializationOf, layerRatesOf } from "./layers.ts";
import type { Study } from "../spec.ts";
import type { DatasetSize, PlannedTrial } from "./plan.ts";

export function seedsOf({ streams }: Study): readonly (number | null)[] {
  return streams.kind === "named" ? streams.seeds : [null];
}

/** Throws InputError where a study asks for more examples than there are, or for none. */
function trainExamples(
  { part, fraction, examples }: Study["dataset"],
  { train }: DatasetSize,
): number {
  const available = availableExamples(part, train.examples);
  const whole = part ? "part" : "data set";
  const count = examples ?? Math.round(fraction * available);
  if (count > available)
    throw new InputError(
      `dataset.examples: ${count} are more than the ${available} training examples of the ${whole}; ask for as many at the most`,
    );
  if (count < 1)
    throw new InputError(
      `dataset: the ${whole} has ${available} training examples, of which nothing is kept; ask for a larger fraction${part ? ", or for fewer parts" : ""}`,
    );
  return count;
}

/** Examples of a step and their order. Throws InputError where a trial has fewer examples. */
function batchOf({ batch, order }: Study["training"], examples: number) {
  if (batch === "full") return { batch: examples, order: "in order" } as const;
  if (batch !== undefined && batch > examples)
    throw new InputError(
      `training.batch: ${batch} are more than the ${examples} training examples of a trial; give as many at the most, or full`,
    );
  return { batch, order };
}

function refuseFewer(choice: MeasurementChoice, examples: number): void {
  if (typeof choice === "object" && choice.sharpness.examples > examples)
    throw new InputError(
      `measure: sharpness of ${choice.sharpness.examples} examples, but trials have ${examples}; ask for as many at the most`,
    );
}

/** The trial of a study at one of its points. */
export function plannedTrial(
  whole: Study,
  dataset: DatasetSize,
  asked: {
    readonly role: PlannedTrial["role"];
    readonly values: Point["values"];
    readonly seed: number | null;
    /** What the notebook trained before it came to these hidden layers. */
    readonly after: (hidden: readonly number[]) => readonly EarlierTraining[];
    /** Left out for those of the study at this point. */
    readonly learningRate?: number;
    readonly passes?: number;
    /** Which one-ulp perturbation of the initial weights, from 1; left out for none. */
    readonly perturbation?: number;
  },
): PlannedTrial {
  const { role, seed, after, perturbation } = asked;
  const { study, values } = at(whole, asked.values);
  const { model, streams, training } = study;
  const { learningRate = Number(training.learning_rate), passes = training.passes } = asked;
  const hidden = model.hidden.map(Number);
  const shape = { inputs: dataset.train.size, hidden, classes: dataset.classes };
  for (const choice of study.measure ?? [])
    refuseFewer(choice, trainExamples(study.dataset, dataset));
  const { schedule } = training;
  if (schedule?.kind === "cosine" && passes > schedule.passes)
    throw new InputError(
      `training.passes: ${passes} are more than the ${schedule.passes} passes of the cosine; ask for as many at the most, or for a longer one`,
    );
  const examples = trainExamples(study.dataset, dataset);
  const specification = specificationOf({
    data: {
      dataset: dataset.digest,
      train_examples: examples,
      ...exampleChoices(study.dataset),
    },
    model: {
      hidden,
      ...initializationOf(model, shape),
      bias: model.bias,
      perturbation,
      ...namesIn(MODEL_PARTS, model),
    },
    training: {
      learning_rate: learningRate,
      regularization: training.regularization,
      layer_rates: layerRatesOf(study, shape),
      schedule,
      optimizer: training.optimizer,
      ...namesIn(TRAINING_PARTS, training),
      ...batchOf(training, examples),
    },
    streams:
      streams.kind === "notebook"
        ? { ...streams, after: after(hidden) }
        : { kind: "named", study_seed: streams.study_seed, seed: seed ?? 0 },
    evaluate: study.evaluate,
  });
  const stop = role === "search" ? undefined : study.stop;
  return {
    ...{ role, point: { values, seed } },
    trial: { specification, passes, ...(stop && { stop }) },
  };
}

/** The trial with another seed, where its streams are named; it shares all the rest. */
export function withSeed({ role, point, trial }: PlannedTrial, seed: number): PlannedTrial {
  const { specification } = trial;
  const streams = { ...specification.streams, seed } as NamedStreams;
  return {
    ...{ role, point: { ...point, seed } },
    trial: { ...trial, specification: { ...specification, streams } },
  };
}

/** "width 32 seed 1", "width 32 seed 1, perturbation 4" */
export function trialText({ point, trial }: Pick<PlannedTrial, "point" | "trial">): string {
  const { perturbation } = trial.specification.model;
  return pointText(point) + (perturbation === undefined ? "" : `, perturbation ${perturbation}`);
}
