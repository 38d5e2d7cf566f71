// The rules of what happens after passes: which are evaluated, and what ends a trial before its last.

import * as z from "zod";
import { chosen, expected, integers, isMapping, number, object } from "../../base/fields.ts";
import type { EvaluationSchedule } from "../../model/evaluation-schedule.ts";
import type { StopRules } from "../../model/trial.ts";

const MAX_PASSES = 100_000;

/** Passes of each trial. */
export const passes = number(`an integer from 0 to ${MAX_PASSES}`, integers(0, MAX_PASSES));

export const positivePasses = number(`an integer from 1 to ${MAX_PASSES}`, {
  ...{ type: "integer", minimum: 1, maximum: MAX_PASSES },
});

/** More of them than this between 1 and 10 are all the same. */
const MAX_PER_DECADE = 1000;

const everyPass = z.literal("every pass", {
  error: expected('"every pass", {every: 10} or {log: 20}'),
});
const every = object({ every: positivePasses });
const perDecade = object({
  log: number(`an integer from 1 to ${MAX_PER_DECADE}`, integers(1, MAX_PER_DECADE)),
});

/** What stands for every pass is left out. */
export const evaluate = chosen<"every pass" | EvaluationSchedule>(
  [everyPass, every, perDecade],
  (input) => (!isMapping(input) ? everyPass : "log" in input ? perDecade : every),
).transform((schedule): EvaluationSchedule | undefined =>
  schedule === "every pass" || ("every" in schedule && schedule.every === 1) ? undefined : schedule,
);

export const stop = object({
  after_interpolation: passes.optional(),
  train_loss_below: number("a positive number", { exclusiveMinimum: 0 }).optional(),
})
  .refine((rules) => Object.values(rules).some((value) => value !== undefined), {
    error: "expected after_interpolation, train_loss_below, or both, got an empty mapping",
  })
  .transform((rules): StopRules =>
    Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined)),
  );
