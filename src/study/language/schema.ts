// The rules of a study as a zod schema. Knows nothing of YAML or of places in a file (parse.ts).

import * as z from "zod";
import {
  chosen,
  distinct,
  entry,
  expected,
  expectedNumber,
  integers,
  list,
  number,
  object,
  partNames,
} from "../../base/fields.ts";
import { TRAINING_PARTS, withoutDefaults } from "../../model/parts.ts";
import { exampleChoices, NEEDS_NAMED_STREAMS } from "../../model/trial.ts";
import { canonicalRates, ratesByKind } from "../../model/layer-rates.ts";
import { AXES, width, type widths } from "../axes.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import type { Named } from "../../base/fields.ts";
import { dataset, resolvedDataset } from "./dataset.ts";
import { layerRates, model } from "./model.ts";
import { MAX_SEED, seed } from "./seed.ts";
import { NOTEBOOK_DATASET } from "../plans/notebook-order.ts";
import type { Study } from "../spec.ts";

const MAX_PASSES = 100_000;
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

/** Passes of each trial. */
export const passes = number(`an integer from 0 to ${MAX_PASSES}`, integers(0, MAX_PASSES));

/** Of each step; "eta_star / 2" asks for the search. */
export const learningRate = z.union(
  [z.literal("eta_star / 2"), number("a positive number", { exclusiveMinimum: 0 })],
  { error: expectedNumber('a positive number or "eta_star / 2"') },
);

const seedList = distinct("seeds", seed);

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

/** Of each axis its list of values. */
const SWEEP_FIELDS = Object.fromEntries(
  Object.entries(AXES).map(([axis, { values }]) => [axis, values]),
) as { readonly width: typeof widths };

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
      ...partNames(TRAINING_PARTS),
    }).transform((training) => withoutDefaults<Study["training"]>(TRAINING_PARTS, training)),
    search: object({
      // Its default is set at the end, so that a width which the study names can be told from it.
      width: width.optional(),
      factor: number("a number above 0 and below 1", {
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }).default(0.5),
    }).prefault({}),
    sweep: object(SWEEP_FIELDS).default({ width: [] }),
    streams: z
      .discriminatedUnion("kind", [notebookStreams, namedStreams], {
        // What is given here is the whole mapping, or what stands in its place.
        error: ({ input }) =>
          typeof input === "object" && input !== null && !Array.isArray(input)
            ? expected('"notebook" or "named"')({ input: (input as { kind?: unknown }).kind })
            : expected("a mapping with kind")({ input }),
      })
      .prefault({ kind: "named" }),
    ask: list("a list of questions' names", question(questions))
      .min(1, { error: "expected at least one question, got an empty list" })
      .optional(),
  })
    .superRefine((value, context) => {
      const swept = value.sweep.width.length > 0;
      const used = value.model.hidden.includes("width");
      if (swept && !used) {
        const message =
          'no hidden layer has this width; write "width" into model.hidden or leave sweep out';
        context.addIssue({ code: "custom", path: ["sweep", "width"], message });
      }
      if (used && !swept) {
        const path = ["model", "hidden", value.model.hidden.indexOf("width")];
        const message = '"width" stands for the swept width; list the widths as sweep.width';
        context.addIssue({ code: "custom", path, message });
      }
      const { fraction, examples } = value.dataset;
      if (fraction !== undefined && examples !== undefined) {
        const message = "give fraction or examples, not both";
        context.addIssue({ code: "custom", path: ["dataset", "examples"], message });
      }
      const { init, init_std, parametrization } = value.model;
      const named = init !== undefined || Array.isArray(init_std) ? "init" : "parametrization";
      if (value.streams.kind === "notebook" && (named === "init" || parametrization !== undefined))
        context.addIssue({ code: "custom", path: ["model", named], message: NEEDS_NAMED_STREAMS });
      const layers = value.model.hidden.length + 1;
      for (const [kind, { length }] of Object.entries(
        ratesByKind(value.training.layer_rates, layers),
      ))
        if (length !== layers) {
          const path = [
            "training",
            "layer_rates",
            ...(Array.isArray(value.training.layer_rates) ? [] : [kind]),
          ];
          const message = `expected ${layers} factors, one a layer, got ${length}`;
          context.addIssue({ code: "custom", path, message });
        }
      // A data set that is named otherwise is known once it is loaded.
      const isOther = "name" in value.dataset && value.dataset.name !== NOTEBOOK_DATASET;
      if (value.streams.kind === "notebook")
        for (const choice of [
          ...(isOther ? ["name"] : []),
          ...Object.keys(exampleChoices(value.dataset)),
        ])
          context.addIssue({
            code: "custom",
            path: ["dataset", choice],
            message: NEEDS_NAMED_STREAMS,
          });
      const searches = value.training.learning_rate === "eta_star / 2";
      const ask = value.ask?.findIndex(({ name }) => questions[name].needs === "search") ?? -1;
      if (ask >= 0 && !searches) {
        const message =
          'this asks for the search of a learning rate; write training.learning_rate: "eta_star / 2" or leave it out';
        context.addIssue({ code: "custom", path: ["ask", ask], message });
      }
      if (searches && !used && !swept && value.search.width !== undefined) {
        const message =
          "no hidden layer has this width; the search trains the layers of model.hidden as they are, so leave search.width out";
        context.addIssue({ code: "custom", path: ["search", "width"], message });
      }
    })
    .transform(({ ask, ...value }): Study => {
      const { width = SEARCH_WIDTH, factor } = value.search;
      const dataset = resolvedDataset(value.dataset);
      const { layer_rates, ...training } = value.training;
      const rates = canonicalRates(layer_rates, value.model.bias ?? true);
      return {
        ...value,
        training: { ...training, ...(rates && { layer_rates: rates }) },
        ...(ask && { ask }),
        dataset,
        search: { width, factor },
      };
    });

/** A question's name, or a mapping with its name and settings. */
function question(questions: StudyCatalogue["questions"]) {
  return z.preprocess(
    (input) => (typeof input === "string" ? { name: input } : input),
    entry<Named>(questions),
  );
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
