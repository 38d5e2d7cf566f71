// That a specification from outside is known as a whole, or refused.

import canonicalize from "canonicalize";
import { expect, test } from "vitest";
import { jsonSchema } from "../base/fields.ts";
import { sha256 } from "../base/sha256.node.ts";
import { hex, utf8 } from "../base/sha256.ts";
import { allNames, MODEL_PARTS, TRAINING_PARTS } from "./parts.ts";
import type { ScheduleChoice } from "./schedules/rates.ts";
import type * as schedules from "./schedules/table.ts";
import { parseSpecification, specification, TRAINS } from "./specification.ts";
import { specificationOf, STANDARDIZE, type TrialSpecification } from "./trial.ts";

const digest = "ab".repeat(32);
const base = {
  data: { dataset: digest, train_examples: 30 },
  model: { hidden: [8], init_std: 0.5 },
  training: { learning_rate: 0.1, regularization: 0 },
  streams: { kind: "named", study_seed: 1, seed: 2 },
} as const;
const { data, model, training } = base;

const schedule = {
  cosine: { kind: "cosine", passes: 9 },
  "inverse square root": { kind: "inverse square root" },
  steps: { kind: "steps", at: [3, 5], factor: 0.5 },
} satisfies Record<keyof typeof schedules, ScheduleChoice>;

const specifications: readonly TrialSpecification[] = [
  ...allNames(MODEL_PARTS.activation).map((activation) => ({
    ...base,
    model: { ...model, activation },
  })),
  ...allNames(TRAINING_PARTS.objective).map((objective) => ({
    ...base,
    training: { ...training, objective },
  })),
  ...allNames(TRAINING_PARTS.order).map((order) => ({ ...base, training: { ...training, order } })),
  ...Object.values(schedule).map((one) => ({ ...base, training: { ...training, schedule: one } })),
  ...STANDARDIZE.map((standardize) => ({ ...base, data: { ...data, standardize } })),
  { ...base, data: { ...data, part: { of: 3, index: 2 }, label_noise: { share: 0.1 } } },
  { ...base, data: { ...data, label_noise: { probability: 0.1, kind: "redrawn" as const } } },
  { ...base, model: { hidden: [], init: "torch" as const, bias: false as const } },
  { ...base, model: { hidden: [4, 5], init: { parameters: digest }, perturbation: 3 } },
  { ...base, model: { hidden: [4], init_std: [0.25, 0.5] } },
  {
    ...base,
    training: {
      ...training,
      ...{ batch: 7, layer_rates: [1, 0.5] },
      optimizer: { kind: "sgd" as const, momentum: 0.9, nesterov: true as const },
    },
  },
  {
    ...base,
    training: {
      ...training,
      layer_rates: { weights: [1, 2], biases: [0, 1] },
      optimizer: {
        ...{ kind: "adam" as const, beta1: 0.9, beta2: 0.99 },
        ...{ epsilon: 1e-8, weight_decay: 0.1 },
      },
    },
  },
  { ...base, evaluate: { every: 5 } },
  { ...base, evaluate: { log: 20 } },
  {
    ...base,
    streams: {
      ...{ kind: "notebook" as const, numpy_seed: 1, torch_seed: 2 },
      after: [{ hidden: [3], passes: 1 }],
    },
  },
].map(specificationOf);

test("every specification is known, and comes out as it went in", () => {
  for (const one of specifications) {
    const written: unknown = JSON.parse(JSON.stringify(one));
    expect(parseSpecification(written), JSON.stringify(one)).toEqual(one);
  }
});

/** `value` with a field more, in each of its mappings. */
function* withMore(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value))
    for (const one of withMore(child)) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = one;
      yield copy;
    }
  if (!Array.isArray(value)) yield { ...value, unheard_of: 0.9 };
}

test("a field that is not known is refused wherever it stands", () => {
  let refused = 0;
  for (const one of specifications)
    for (const more of withMore(one)) {
      refused++;
      expect(parseSpecification(more), JSON.stringify(more)).toBeNull();
    }
  expect(refused).toBeGreaterThan(4 * specifications.length);
});

test("a value that is not known is refused, and what is not canonical", () => {
  const [one] = specifications;
  const refused = [
    { ...one, numerics: 2 },
    { ...one, model: { ...one.model, activation: "sine" } },
    { ...one, model: { ...one.model, bias: true } },
    { ...one, training: { ...one.training, batch: 1 } },
    { ...one, training: { ...one.training, optimizer: { kind: "sgd", momentum: 0 } } },
    { ...one, training: { ...one.training, schedule: { kind: "cosine" } } },
    { ...one, training: { ...one.training, objective: "cross-entropy" } },
    {
      ...one,
      streams: { kind: "notebook", numpy_seed: 1, torch_seed: 2, after: [] },
      data: { ...data, standardize: "unit" },
    },
    null,
    [],
    "specification",
  ];
  for (const value of refused) expect(parseSpecification(value)).toBeNull();
});

test("its digest is told: where it has changed, workers of other releases train none of these trials", () => {
  const bytes = utf8(String(canonicalize(jsonSchema(specification))));
  expect(TRAINS).toBe(hex(sha256(bytes)).slice(0, 12));
});
