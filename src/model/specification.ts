// A trial's specification as it comes from outside: every field and value is known, or it is refused. Trained without what
// is not known, a trial would get the key of another one.

import canonicalize from "canonicalize";
import * as z from "zod";
import { InputError } from "../base/errors.ts";
import { integers, number, object, oneOf, partNames } from "../base/fields.ts";
import type { EvaluationSchedule } from "./evaluation-schedule.ts";
import type { LayerRates } from "./layer-rates.ts";
import { MODEL_PARTS, TRAINING_PARTS } from "./parts.ts";
import type { ScheduleChoice } from "./schedules/rates.ts";
import {
  NUMERICS_VERSION,
  specificationOf,
  STANDARDIZE,
  type StopRules,
  type TrialSpecification,
} from "./trial.ts";

const MOST_LAYERS = 1000;
const MOST_ITEMS = 10_000;

const count = number("a positive integer", integers(1));
const natural = number("an integer from 0 up", integers(0));
const seed = number("a seed", integers(0, 2 ** 32 - 1));
const real = number("a number from 0 up", { minimum: 0 });
const positive = number("a positive number", { exclusiveMinimum: 0 });
const share = number("a share from 0 to 1", { minimum: 0, maximum: 1 });
const factor = number("a number from 0, below 1", { minimum: 0, exclusiveMaximum: 1 });
const digest = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected 64 hex digits" });
const layers = <Item extends z.ZodType>(item: Item) => z.array(item).max(MOST_LAYERS);
const perLayer = z.array(real).max(MOST_LAYERS + 1);

/** So that a schedule that is added here or in its table is added in both. */
const SCHEDULES: {
  [Kind in ScheduleChoice["kind"]]: z.ZodType<Extract<ScheduleChoice, { kind: Kind }>>;
} = {
  cosine: object({ kind: z.literal("cosine"), passes: count }),
  "inverse square root": object({ kind: z.literal("inverse square root") }),
  steps: object({
    kind: z.literal("steps"),
    at: z.array(count).max(MOST_ITEMS),
    factor: number("a number above 0, up to 1", { exclusiveMinimum: 0, maximum: 1 }),
  }),
};

const data = object({
  dataset: digest,
  train_examples: count,
  part: object({ of: count, index: natural }).optional(),
  label_noise: z
    .union([object({ share }), object({ probability: share, kind: z.literal("redrawn") })])
    .optional(),
  standardize: oneOf(STANDARDIZE).optional(),
});

const model = object({
  hidden: layers(count),
  bias: z.literal(false).optional(),
  perturbation: count.optional(),
  init_std: z.union([real, perLayer]).optional(),
  init: z.union([z.literal("torch"), object({ parameters: digest })]).optional(),
  ...partNames(MODEL_PARTS),
});

const optimizer = z.union([
  object({
    kind: z.literal("sgd"),
    momentum: factor,
    nesterov: z.literal(true).optional(),
  }),
  object({
    kind: z.literal("adam"),
    beta1: factor,
    beta2: factor,
    epsilon: positive,
    weight_decay: real.optional(),
  }),
]);

const training = object({
  learning_rate: positive,
  regularization: real,
  layer_rates: z
    .union([perLayer, object({ weights: perLayer, biases: perLayer })])
    .optional() satisfies z.ZodType<LayerRates | undefined>,
  schedule: z.union(Object.values(SCHEDULES)).optional(),
  optimizer: optimizer.optional(),
  batch: count.optional(),
  ...partNames(TRAINING_PARTS),
});

const streams = z.union([
  object({
    kind: z.literal("notebook"),
    numpy_seed: seed,
    torch_seed: seed,
    after: z.array(object({ hidden: layers(count), passes: natural })).max(MOST_ITEMS),
  }),
  object({ kind: z.literal("named"), study_seed: seed, seed }),
]);

const evaluate: z.ZodType<EvaluationSchedule> = z.union([
  object({ every: count }),
  object({ log: count }),
]);

/** What a specification may say; that it is a canonical one, `parseSpecification` sees. */
export const specification = object({
  numerics: z.literal(NUMERICS_VERSION),
  data,
  model,
  training,
  streams,
  evaluate: evaluate.optional(),
});

export const stopRules = object({
  after_interpolation: natural.optional(),
  train_loss_below: positive.optional(),
}) as z.ZodType<StopRules>;

/**
 * Digest of what this release can train: of `specification` as JSON Schema. A test holds it; it decides who may train for
 * whom (pool/queue).
 */
export const TRAINS = "b8eacba5d88d";

/** The canonical specification that `value` is; null where it is none, or this release does not know all of it. */
export function parseSpecification(value: unknown): TrialSpecification | null {
  const parsed = specification.safeParse(value);
  if (!parsed.success) return null;
  const found = parsed.data as TrialSpecification;
  try {
    return canonicalize(specificationOf(found)) === canonicalize(found) ? found : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
