// What a trial is: the specification that decides every bit of its result, and how far to train it.

import type { Shape } from "./network.ts";
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
  };
  readonly model: {
    /** Widths of the hidden layers from input to output; empty for softmax regression. */
    readonly hidden: readonly number[];
    /** Standard deviation of the initial weights; biases start at zero. */
    readonly init_std: number;
    /** Which one-ulp perturbation of the initial weights, from 1; left out for none. */
    readonly perturbation?: number;
  } & PartNames<typeof MODEL_PARTS>;
  readonly training: {
    readonly learning_rate: number;
    /** λ in loss + λ/2 · Σ‖W‖² over all weight matrices. */
    readonly regularization: number;
  } & PartNames<typeof TRAINING_PARTS>;
  readonly streams: NotebookStreams | NamedStreams;
}

/** A specification and the number of passes it is to be trained for (which is not part of the key). */
export interface Trial {
  readonly specification: TrialSpecification;
  readonly passes: number;
}

/** A specification as a caller has it, defaults and all. */
type SpecificationParts = Pick<TrialSpecification, "data" | "streams"> & {
  readonly model: OrUndefined<TrialSpecification["model"]>;
  readonly training: OrUndefined<TrialSpecification["training"]>;
};

/** The canonical specification: without what has the value of before there was a choice. */
export function specificationOf({
  data,
  model,
  training,
  streams,
}: SpecificationParts): TrialSpecification {
  return {
    numerics: NUMERICS_VERSION,
    data,
    model: withoutDefaults(MODEL_PARTS, model),
    training: withoutDefaults(TRAINING_PARTS, training),
    streams,
  };
}

/** Sizes of the network that a trial trains on a data set. */
export function shapeOf(
  { specification }: Trial,
  dataset: { readonly train: { readonly size: number }; readonly classes: number },
): Shape {
  return {
    inputs: dataset.train.size,
    hidden: specification.model.hidden,
    classes: dataset.classes,
  };
}
