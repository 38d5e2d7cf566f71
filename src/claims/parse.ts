// Reads a claim from the text of its YAML file.

import * as z from "zod";
import { expected, list, number, object } from "../base/fields.ts";
import { parseYaml, type Change } from "../base/yaml.ts";
import type { StudyCatalogue } from "../study/catalogue.ts";
import { placeOf } from "../study/language/sections.ts";
import * as schema from "../study/language/schema.ts";
import type { ClaimFile, Criterion, PublishedNumber } from "./claim.ts";

const MAX_ENTRIES = 100;

const sentence = z
  .string({ error: expected("a sentence") })
  .trim()
  .min(1, { error: expected("a sentence") });

const path = z
  .string({ error: expected("a path in summary.json, such as threshold") })
  .min(1, { error: expected("a path in summary.json, such as threshold") });

const finite = number("a number", {});
const seconds = number("seconds", { exclusiveMinimum: 0 }).optional();

const published: z.ZodType<PublishedNumber> = object({
  says: sentence,
  number: z.union([finite, z.literal("never")], { error: expected("a number or never") }),
  where: sentence,
  seen: path.exactOptional(),
});

const bound = z.union([finite, path], { error: expected("a number, or another value's path") });

const BOUNDS = ["within", "above", "below"] as const;

const criterion: z.ZodType<Criterion> = object({
  value: path,
  within: z
    .tuple([finite, finite], { error: expected("[lowest, highest]") })
    .refine(([low, high]) => low <= high, { error: "expected the lower number first" })
    .exactOptional(),
  above: bound.exactOptional(),
  below: bound.exactOptional(),
  says: sentence,
}).refine((given) => BOUNDS.filter((one) => given[one] !== undefined).length === 1, {
  error: `expected exactly one of ${BOUNDS.join(", ")}`,
});

const claimFile = (catalogue: StudyCatalogue) =>
  object({
    claim: sentence,
    source: sentence,
    published: list("a list of published numbers", published).max(MAX_ENTRIES).default([]),
    objective: sentence.exactOptional(),
    smaller: sentence.exactOptional(),
    seconds: object({ whole: seconds, quick: seconds }).prefault({}),
    study: schema.study(catalogue),
    quick: z
      .record(z.string(), z.unknown(), { error: expected("a mapping of the study's paths") })
      .default({}),
    verdict: list("a list of criteria", criterion)
      .min(1, { error: "expected at least one criterion, got an empty list" })
      .max(MAX_ENTRIES),
  });

/**
 * The claim `name` in `text`, whose study may name what is in `catalogue`, changed as `changes` of the study ask.
 * Throws an InputError with the first problem, as parseStudy does; of what `quick` sets, too.
 */
export function parseClaim(
  text: string,
  { name, file }: { readonly name: string; readonly file: string },
  catalogue: StudyCatalogue,
  changes: readonly Change[] = [],
): ClaimFile {
  const written = { text, file, kind: "claim" };
  const rules = claimFile(catalogue);
  const asked = changes.map((one) => ({ ...one, path: ["study", ...one.path] }));
  const { output } = parseYaml(written, rules, asked);
  const { study, quick, seconds, ...claim } = output;
  const set = Object.entries(quick).map(([path, value]): Change => ({
    option: `${file}: quick: ${path}`,
    path: ["study", ...placeOf(path)],
    value: () => value,
  }));
  const named: Change = {
    option: "--quick",
    path: ["study", "name"],
    value: (given) => `${String(given)}-quick`,
  };
  return {
    claim: { name, ...claim },
    study,
    // What is asked for at last goes before what the file makes smaller.
    quick:
      set.length === 0 ? null : parseYaml(written, rules, [...set, named, ...asked]).output.study,
    seconds,
  } as ClaimFile;
}
