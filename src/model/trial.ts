// What a trial is: the specification that decides every bit of its result, and how far to train it.

import { InputError } from "../base/errors.ts";
import type { EvaluationSchedule } from "./evaluation-schedule.ts";
import type { ScheduleChoice } from "./schedules/rates.ts";
import { shortest, type Initialization } from "./initializations/initialization.ts";
import { canonicalRates, type LayerRates } from "./layer-rates.ts";
import type { Shape } from "./network.ts";
import { canonicalOptimizer, type Stepping } from "./optimizers/choice.ts";
import {
  MODEL_PARTS,
  TRAINING_PARTS,
  withoutDefaults,
  type OrUndefined,
  type PartNames,
} from "./parts.ts";

/** Version of the numerics contract (docs/numerics.md). What changes a bit of any result raises it. */
export const NUMERICS_VERSION = 1;

/** One training whose draws come before this trial's in the notebook's streams. */
export interface EarlierTraining {
  readonly hidden: readonly number[];
  readonly passes: number;
}

/** The homework notebook's own streams: NumPy's legacy RandomState and torch's CPU generator. */
export interface NotebookStreams {
  readonly kind: "notebook";
  readonly numpy_seed: number;
  readonly torch_seed: number;
  /** The trainings whose random draws the notebook made before it came to this one. */
  readonly after: readonly EarlierTraining[];
}

/** Streams of the trial's own, derived by hash from both seeds and a purpose (random/named.ts). */
export interface NamedStreams {
  readonly kind: "named";
  readonly study_seed: number;
  readonly seed: number;
}

/** One of `of` disjoint parts of the training set, from 0. */
export interface Part {
  readonly of: number;
  readonly index: number;
}

/**
 * Wrong labels in the training set: this share of them is replaced by another class, or each is drawn anew over all
 * classes with this probability.
 */
export type LabelNoise =
  { readonly share: number } | { readonly probability: number; readonly kind: "redrawn" };

/** The rules by which inputs are standardized (data/standardize.ts); the first where none is named. */
export const STANDARDIZE = ["per feature", "whole", "unit", "none"] as const;

/** What decides a trial's examples beside their number. */
export interface ExampleChoices {
  /** Left out for the whole training set. */
  readonly part?: Part;
  /** Left out for none. */
  readonly label_noise?: LabelNoise;
  /** Left out for "per feature". */
  readonly standardize?: (typeof STANDARDIZE)[number];
}

/**
 * A trial's canonical specification, everything resolved. Its RFC 8785 JSON is hashed to the trial's
 * key, so a field that a later version adds must be left out where it has the value of today: specificationOf does that.
 */
export interface TrialSpecification {
  readonly numerics: typeof NUMERICS_VERSION;
  readonly data: {
    /** Digest of the data set's content (data/dataset.ts), 64 hex digits. */
    readonly dataset: string;
    /** Training examples drawn without replacement; all of them, in order, where it is their number. */
    readonly train_examples: number;
  } & ExampleChoices;
  readonly model: {
    /** Widths of the hidden layers from input to output; empty for softmax regression. */
    readonly hidden: readonly number[];
    /** Left out where layers have biases. */
    readonly bias?: false;
    /** Which one-ulp perturbation of the initial weights, from 1; left out for none. */
    readonly perturbation?: number;
  } & Initialization &
    PartNames<typeof MODEL_PARTS>;
  readonly training: {
    readonly learning_rate: number;
    /** λ in loss + λ/2 · Σ‖W‖² over all weight matrices. */
    readonly regularization: number;
    /** Factors on the learning rate; left out where they are 1. */
    readonly layer_rates?: LayerRates;
    /** Left out where the rate is the same in every pass. */
    readonly schedule?: ScheduleChoice;
  } & Stepping &
    PartNames<typeof TRAINING_PARTS>;
  readonly streams: NotebookStreams | NamedStreams;
  /** Left out for every pass. */
  readonly evaluate?: EvaluationSchedule;
}

/** What ends a trial before its passes: the first rule that is satisfied at a scheduled evaluation. */
export interface StopRules {
  /** Passes after the first at which every training example is predicted right. */
  readonly after_interpolation?: number;
  /** Training objective, in the objective's unit. */
  readonly train_loss_below?: number;
}

/** A specification and how far it is to be trained (which is not part of the key). */
export interface Trial {
  readonly specification: TrialSpecification;
  /** At the most, where there are rules to stop by. */
  readonly passes: number;
  readonly stop?: StopRules | undefined;
}

/** A specification as a caller has it, defaults and all. */
type SpecificationParts = OrUndefined<Pick<TrialSpecification, "streams" | "evaluate">> & {
  readonly data: OrUndefined<TrialSpecification["data"]>;
  readonly model: OrUndefined<TrialSpecification["model"]>;
  readonly training: OrUndefined<TrialSpecification["training"]>;
};

/** `choices` without what has the value of before there was a choice. */
export function exampleChoices({
  part,
  label_noise: noise,
  standardize,
}: OrUndefined<ExampleChoices>): ExampleChoices {
  const level = noise === undefined ? 0 : "share" in noise ? noise.share : noise.probability;
  return {
    ...(part === undefined ? {} : { part }),
    ...(noise === undefined || level === 0 ? {} : { label_noise: noise }),
    ...(standardize === undefined || standardize === STANDARDIZE[0] ? {} : { standardize }),
  };
}

/** What to say of a choice that comes with the notebook's streams. */
export const NEEDS_NAMED_STREAMS =
  "needs named streams: write streams: {kind: named}, or give --seeds 0";

/** Throws InputError where the notebook's streams come with what the notebook did not do. */
export function checkStreams({
  data,
  model,
  training,
  streams,
}: Omit<TrialSpecification, "numerics">): void {
  const choice = [
    ...Object.keys(exampleChoices(data)),
    ...(typeof model.init_std === "number" ? [] : ["init"]),
    ...("order" in training ? ["order"] : []),
  ].at(0);
  if (streams.kind === "notebook" && choice !== undefined)
    throw new InputError(`${choice} ${NEEDS_NAMED_STREAMS}`);
}

/**
 * The canonical specification: without what has the value of before there was a choice. Throws as `checkStreams`
 * does.
 */
export function specificationOf({
  data,
  model,
  training,
  streams,
  evaluate,
}: SpecificationParts): TrialSpecification {
  const { dataset, train_examples, ...choices } = data;
  const specified = { dataset, train_examples, ...exampleChoices(choices) };
  const canonical = canonicalModel<TrialSpecification["model"]>(model);
  const specification = {
    numerics: NUMERICS_VERSION,
    data: specified,
    model: canonical,
    training: canonicalTraining<TrialSpecification["training"]>({
      ...training,
      layer_rates: canonicalRates(training.layer_rates, canonical.bias ?? true),
    }),
    streams,
    ...(evaluate && { evaluate }),
  } as const;
  checkStreams(specification);
  return specification;
}

/** A study's or a specification's model without what has the value of before there was a choice, or decides nothing. */
export function canonicalModel<
  Model extends Pick<Initialization, "init_std"> & { readonly hidden: readonly unknown[] },
>(model: OrUndefined<Model>): Model {
  const { init_std } = model;
  return withoutDefaults<Model>(MODEL_PARTS, {
    ...model,
    init_std: typeof init_std === "object" ? shortest(init_std) : init_std,
    ...(model.hidden.length === 0 && { activation: undefined }),
  });
}

/** Its training likewise. */
export function canonicalTraining<
  Training extends Pick<Stepping, "optimizer"> & { readonly batch?: number | "full" | undefined },
>(training: OrUndefined<Training>): Training {
  const { optimizer, batch } = training;
  return withoutDefaults<Training>(TRAINING_PARTS, {
    ...training,
    optimizer: canonicalOptimizer(optimizer),
    batch: batch === 1 ? undefined : batch,
  });
}

/** Sizes of the network that a trial trains on a data set. */
export function shapeOf(
  { specification }: Pick<Trial, "specification">,
  dataset: { readonly train: { readonly size: number }; readonly classes: number },
): Shape {
  return {
    inputs: dataset.train.size,
    hidden: specification.model.hidden,
    classes: dataset.classes,
    ...(specification.model.bias === false && { bias: false }),
  };
}
