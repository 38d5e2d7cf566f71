// The rules of a study as a zod schema. Knows nothing of YAML or of places in a file (parse.ts).

import * as z from "zod";
import {
  alternatives,
  chosen,
  distinct,
  entry,
  expected,
  expectedNumber,
  integers,
  isMapping,
  kind,
  list,
  number,
  object,
  oneOf,
  partNames,
} from "../../base/fields.ts";
import { TRAINING_PARTS } from "../../model/parts.ts";
import { canonicalRates } from "../../model/layer-rates.ts";
import { canonicalOptimizer } from "../../model/optimizers/choice.ts";
import { canonicalTraining } from "../../model/trial.ts";
import { AXES, width, widths } from "../axes.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import type { Named } from "../../base/fields.ts";
import { refuseContradictions, type Refuse } from "./contradictions.ts";
import { dataset, resolvedDataset } from "./dataset.ts";
import { measure } from "./measure.ts";
import { layerRates, model } from "./model.ts";
import { evaluate, passes, positivePasses as positive, stop } from "./passes.ts";
import { MAX_SEED, seed } from "./seed.ts";
import type { Study } from "../spec.ts";

const MAX_SEEDS = 10_000;

/** Of a study and its folder. */
export const studyName = z
  .string({ error: expected("a name") })
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/i, {
    error: expected(
      "a name of at most 64 characters: letters a to z, digits, - and _, beginning with a letter or digit",
    ),
  });

/** Width at which η* is searched where the study names none. */
const SEARCH_WIDTH = 32;

/** Of each step; "eta_star / 2" asks for the search. */
export const learningRate = z.union(
  [z.literal("eta_star / 2"), number("a positive number", { exclusiveMinimum: 0 })],
  { error: expectedNumber('a positive number or "eta_star / 2"') },
);

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

const seedList = distinct("seeds", seed);

const schedule = kind({
  constant: {},
  cosine: { passes: positive },
  "inverse square root": {},
  steps: {
    at: list("a list of passes", positive),
    factor: number("a number above 0 and up to 1", { exclusiveMinimum: 0, maximum: 1 }),
  },
});

/** Distinct seeds as a list, or as a range in words: "0..9" stands for 0, 1, …, 9. */
export const seeds = chosen([seedList, range()], (input) =>
  typeof input === "string" ? range() : seedList,
);

const notebookStreams = object(
  { kind: z.literal("notebook"), numpy_seed: seed, torch_seed: seed },
  { seeds: "the notebook drew from one pair of seeds; kind: named has a list of them" },
);

const namedStreams = object({
  kind: z.literal("named"),
  study_seed: seed.default(0),
  seeds: seeds.default([0]),
});

const streamsByKind = z.discriminatedUnion("kind", [notebookStreams, namedStreams], {
  // What is given here is the whole mapping, or what stands in its place.
  error: ({ input }) =>
    isMapping(input)
      ? expected('"notebook" or "named"')({ input: input.kind })
      : expected("a mapping with kind")({ input }),
});

/** Named ones need not say so. */
const streams = z.preprocess(
  (input) =>
    isMapping(input) && ("seeds" in input || "study_seed" in input) && !("numpy_seed" in input)
      ? { kind: "named", ...input }
      : input,
  streamsByKind,
);
alternatives.set(streams, [
  notebookStreams,
  namedStreams.extend({ kind: z.literal("named").optional() }),
]);

/** Of each axis its list of values. */
const SWEEP_FIELDS = {
  ...Object.fromEntries(
    Object.entries(AXES).map(([axis, { values }]) => [axis, values.optional()]),
  ),
  width: widths.default([]),
};

/** A study that names data sets and questions of `catalogue`. */
export const study = ({ datasets, questions }: StudyCatalogue) =>
  object({
    name: studyName,
    question: z
      .string({ error: expected("a sentence") })
      .trim()
      .min(1, { error: expected("a sentence") }),
    dataset: dataset(datasets),
    model,
    training: object({
      learning_rate: learningRate,
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
          schedule: schedule?.kind === "constant" ? undefined : schedule,
        }),
      ),
    search: object({
      // Its default is set at the end, so that a width which the study names can be told from it.
      width: width.optional(),
      factor: number("a number above 0 and below 1", {
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }).default(0.5),
      seeds: oneOf(["first", "all"]).default("first"),
      rule: oneOf(["median", "every"]).default("median"),
    }).prefault({}),
    sweep: object(SWEEP_FIELDS).prefault({}),
    streams: streams.prefault({ kind: "named" }),
    evaluate: evaluate.optional(),
    stop: stop.optional(),
    ask: list("a list of questions' names", question(questions))
      .min(1, { error: "expected at least one question, got an empty list" })
      .optional(),
    measure: measure.optional(),
  })
    .superRefine((value, context) => {
      const refuse: Refuse = (path, message) => {
        context.addIssue({ code: "custom", path: [...path], message });
      };
      refuseContradictions(value, questions, refuse);
    })
    .transform(({ ask, measure, evaluate, stop, ...value }): Study => {
      const { width = SEARCH_WIDTH, factor, seeds, rule } = value.search;
      const dataset = resolvedDataset(value.dataset);
      const { layer_rates, ...training } = value.training;
      const rates = canonicalRates(layer_rates, value.model.bias ?? true);
      return {
        ...value,
        training: {
          ...training,
          ...(rates && { layer_rates: rates }),
        },
        ...(evaluate && { evaluate }),
        ...(stop && { stop }),
        ...(ask && { ask }),
        ...(measure && { measure }),
        dataset,
        search: {
          ...{ width, factor },
          ...(seeds === "all" && { seeds }),
          ...(seeds === "all" && rule === "every" && { rule }),
        },
      };
    });

/** A question's name, or a mapping with its name and settings. */
function question(questions: StudyCatalogue["questions"]) {
  const mapping = entry<Named>(questions);
  const named = z.preprocess((name) => ({ name }), mapping);
  alternatives.set(named, [oneOf(Object.keys(questions))]);
  return chosen<Named>([named, mapping], (input) => (typeof input === "string" ? named : mapping));
}

function range() {
  const error = expected(
    `a list of seeds or a range such as 0..9, of at most ${MAX_SEEDS} seeds up to ${MAX_SEED}`,
  );
  return z.string({ error }).transform((text, context) => {
    const [, first, last] = /^(\d{1,10})\.\.(\d{1,10})$/.exec(text.trim()) ?? [];
    const from = Number(first);
    const count = Number(last) - from + 1;
    if (!(count >= 1 && count <= MAX_SEEDS && Number(last) <= MAX_SEED)) {
      context.addIssue({ code: "custom", message: error({ input: text }) });
      return z.NEVER;
    }
    return Array.from({ length: count }, (_, index) => from + index);
  });
}
