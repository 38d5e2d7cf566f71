// The rules of a study as a zod schema. Knows nothing of YAML or of places in a file (parse.ts).

import * as z from "zod";
import {
  alternatives,
  chosen,
  distinct,
  entry,
  expected,
  isMapping,
  list,
  nearHint,
  number,
  object,
  oneOf,
} from "../../base/fields.ts";
import { canonicalRates } from "../../model/layer-rates.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import type { Named } from "../../base/fields.ts";
import { needs } from "../plans/study-plan.ts";
import { refuseContradictions, STOP_OF_THRESHOLD, type Refuse } from "./contradictions.ts";
import { dataset, resolvedDataset } from "./dataset.ts";
import { measure } from "./measure.ts";
import { model } from "./model.ts";
import { evaluate, stop } from "./passes.ts";
import { MAX_SEED, seed } from "./seed.ts";
import { mapSweep, sweep, withCheckedPoints, withFirstValues } from "./sweep.ts";
import { training } from "./training.ts";
import { width } from "./width.ts";
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

const seedList = distinct("seeds", seed, " such as [0, 1, 2], or a range such as 0..9");

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
  // Its default is set at the end, so that seeds which the study names can be told from it.
  seeds: seeds.optional(),
});

const streamsByKind = z.discriminatedUnion("kind", [notebookStreams, namedStreams], {
  // What is given here is the whole mapping, or what stands in its place.
  error: ({ input }) =>
    isMapping(input)
      ? expected('"notebook" or "named"')({ input: input.kind }) +
        nearHint(input.kind, ["notebook", "named"])
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

/** A study that names data sets and questions of `catalogue`. */
export function study(catalogue: StudyCatalogue) {
  return z.unknown().transform((written, context): Study => {
    const sweepRules = asksMap(written, catalogue) ? mapSweep : sweep;
    const rules = writtenStudy(catalogue, sweepRules);
    let refused = 0;
    const refuse: Refuse = (path, message) => {
      refused++;
      context.addIssue({ code: "custom", path: [...path], message });
    };
    const swept = isMapping(written) ? sweepRules.prefault({}).safeParse(written.sweep) : null;
    if (swept?.success === false)
      for (const issue of swept.error.issues)
        context.addIssue({ ...issue, path: ["sweep", ...issue.path] });
    const filled =
      swept?.success && isMapping(written) ? withFirstValues(written, swept.data, refuse) : written;
    if (refused > 0 || swept?.success === false) return z.NEVER;
    const result = rules.safeParse(filled);
    for (const issue of result.error?.issues ?? []) context.addIssue({ ...issue });
    if (!result.success || !isMapping(written)) return z.NEVER;
    const contradict = (point: Study, refuse: Refuse) => {
      // What has its default by now is not what the study names.
      const { kind } = point.streams;
      const unnamed = {
        search: {},
        ...(needs("threshold", point, catalogue) && { streams: { kind } }),
      };
      refuseContradictions({ ...point, ...unnamed }, catalogue.questions, refuse);
    };
    return withCheckedPoints(result.data, written, contradict, refuse);
  });
}

/** Before values that are swept are put in their places: what a file may say. */
export const writtenStudy = ({ datasets, questions }: StudyCatalogue, sweepRules = sweep) =>
  object({
    name: studyName,
    question: z
      .string({ error: expected("a sentence") })
      .trim()
      .min(1, { error: expected("a sentence") }),
    dataset: dataset(datasets),
    model,
    training,
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
    sweep: sweepRules.prefault({}),
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
    .transform(({ ask, measure, evaluate, stop, streams, ...value }): Study => {
      const { width = SEARCH_WIDTH, factor, seeds, rule } = value.search;
      const dataset = resolvedDataset(value.dataset);
      const { layer_rates, ...training } = value.training;
      const isBiased = value.model.bias ?? true;
      const rates = canonicalRates(
        layer_rates,
        isBiased || "model.bias" in (value.sweep.paths ?? {}),
      );
      return {
        ...value,
        training: {
          ...training,
          ...(rates && { layer_rates: rates }),
        },
        streams:
          streams.kind === "notebook" ? streams : { ...streams, seeds: streams.seeds ?? [0] },
        ...(evaluate && { evaluate }),
        ...(needs("threshold", { ask }, { questions })
          ? { stop: STOP_OF_THRESHOLD }
          : stop && { stop }),
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

/** Whether one of the questions that are written draws a map. */
function asksMap(written: unknown, { questions }: StudyCatalogue): boolean {
  const asked: unknown[] = isMapping(written) && Array.isArray(written.ask) ? written.ask : [];
  return asked.some((one) => {
    const name = isMapping(one) ? one.name : one;
    return typeof name === "string" && Object.hasOwn(questions, name) && questions[name].isMap;
  });
}

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
