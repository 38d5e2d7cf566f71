// The rules of a study's training.

import * as z from "zod";
import {
  expected,
  expectedNumber,
  integers,
  kind,
  list,
  number,
  object,
  partNames,
} from "../../base/fields.ts";
import { canonicalOptimizer } from "../../model/optimizers/choice.ts";
import { TRAINING_PARTS } from "../../model/parts.ts";
import { canonicalTraining } from "../../model/trial.ts";
import type { Study } from "../spec.ts";
import { layerRates } from "./model.ts";
import { passes, positivePasses as positive } from "./passes.ts";

/** Of each step; "eta_star / 2" asks for the search. */
export const learningRate = z.union(
  [z.literal("eta_star / 2"), number("a positive number", { exclusiveMinimum: 0 })],
  { error: expectedNumber('a positive number or "eta_star / 2"') },
);

const schedule = kind({
  constant: {},
  cosine: { passes: positive },
  "inverse square root": {},
  steps: {
    at: list("a list of passes", positive),
    factor: number("a number above 0 and up to 1", { exclusiveMinimum: 0, maximum: 1 }),
  },
});

const share = number("a number from 0 up, below 1", { minimum: 0, exclusiveMaximum: 1 });
const optimizer = kind({
  sgd: {
    momentum: share.default(0),
    nesterov: z.boolean({ error: expected("true or false") }).default(false),
  },
  adam: {
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    // Smaller ones are 0 in float32.
    epsilon: number("a number from 1e-45 up", { minimum: 1e-45 }).default(1e-8),
    weight_decay: number("a number from 0 up", { minimum: 0 }).default(0),
  },
});

/** Examples of a step. */
const batch = z.union([z.literal("full"), number("a positive integer", integers(1))], {
  error: expectedNumber('a positive integer or "full"'),
});

export const training = object({
  learning_rate: learningRate.default("eta_star / 2"),
  regularization: number("a number from 0 up", { minimum: 0 }).default(0),
  passes,
  layer_rates: layerRates.optional(),
  schedule: schedule.optional(),
  optimizer: optimizer.optional(),
  batch: batch.optional(),
  ...partNames(TRAINING_PARTS),
})
  .superRefine(({ optimizer, batch, order = "in order" }, context) => {
    const issue = (path: string[], message: string) => {
      context.addIssue({ code: "custom", path, message });
    };
    if (optimizer?.kind === "sgd" && optimizer.nesterov && optimizer.momentum === 0)
      issue(["optimizer", "nesterov"], "Nesterov's step needs a momentum above 0; give one");
    if (batch === "full" && order !== "in order")
      issue(
        ["order"],
        `a full batch takes every example in order, got ${order}; leave order out, or give batch as a number`,
      );
  })
  .transform(({ schedule, optimizer, order, ...training }) =>
    canonicalTraining<Study["training"]>({
      ...training,
      optimizer: canonicalOptimizer(optimizer),
      order: training.batch === "full" ? undefined : order,
      schedule: canonicalSchedule(schedule),
    }),
  );

/** Undefined where no pass has another rate than the first; steps in their order. */
function canonicalSchedule(
  written: z.output<typeof schedule> | undefined,
): Study["training"]["schedule"] {
  if (written === undefined || written.kind === "constant") return undefined;
  if (written.kind !== "steps") return written;
  const { at, factor } = written;
  return at.length === 0 || factor === 1
    ? undefined
    : { ...written, at: at.toSorted((a, b) => a - b) };
}
