// What a study says of its data set.

import * as z from "zod";
import {
  chosen,
  entry,
  expected,
  integers,
  isMapping,
  number,
  object,
  oneOf,
  type Named,
} from "../../base/fields.ts";
import type { Datasets, DataSource } from "../../data/sets/set.ts";
import type { TestShare } from "../../data/split-off.ts";
import { exampleChoices, STANDARDIZE, type LabelNoise } from "../../model/trial.ts";
import type { Study } from "../spec.ts";
import { seed } from "./seed.ts";

const MAX_PARTS = 10_000;

const part = object({
  of: number(`an integer from 1 to ${MAX_PARTS}`, integers(1, MAX_PARTS)),
  index: number("an integer from 0", integers(0)),
}).superRefine(({ of, index }, context) => {
  if (index < of) return;
  const message = `expected an integer from 0 to ${of - 1}, got ${index}`;
  context.addIssue({ code: "custom", path: ["index"], message });
});

const isShare = { minimum: 0, maximum: 1 };
const share = number("a share from 0 to 1", isShare);
const noiseShare = share.transform((value): LabelNoise => ({ share: value }));
const replaced = object({ share });
const redrawn = object({
  probability: number("a probability from 0 to 1", isShare),
  kind: z.literal("redrawn", { error: expected("kind: redrawn") }),
});

/** A share of the labels alone, or one of two mappings. */
const labelNoise = chosen<LabelNoise>([noiseShare, replaced, redrawn], (input) =>
  !isMapping(input) ? noiseShare : "share" in input ? replaced : redrawn,
);

/** What is said of every data set; defaults are set, or left out, at the end. */
const DATASET_FIELDS = {
  // Below 6 of 60000 examples there is no standard deviation worth dividing by.
  fraction: number("a number from 0.0001 to 1", { minimum: 1e-4, maximum: 1 }).optional(),
  examples: number("a positive integer", integers(1)).optional(),
  part: part.optional(),
  label_noise: labelNoise.optional(),
  standardize: oneOf(STANDARDIZE).optional(),
};

const path = z.string({ error: expected("a path") }).min(1, { error: expected("a path") });
const testShare = object({
  share: number("a share above 0 and below 1", { exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  seed: seed.default(0),
});

/** A data set from the user's own file or folder. */
const ownFile = object(
  {
    path,
    label: z.string({ error: expected("a column's name") }).optional(),
    test: chosen<string | TestShare>([path, testShare], (input) =>
      isMapping(input) ? testShare : path,
    ).optional(),
    ...DATASET_FIELDS,
  },
  { name: "a file has no name here; give path or name, not both" },
);

/** Before what has its default is set or left out. */
export type WrittenDataset = DataSource & z.output<z.ZodObject<typeof DATASET_FIELDS>>;

/** The data set of a study: one of `datasets`, or a file. */
export function dataset(datasets: Datasets) {
  const named = entry<Named & WrittenDataset>(datasets, DATASET_FIELDS);
  return chosen<WrittenDataset>([named, ownFile], (input) =>
    isMapping(input) && "path" in input ? ownFile : named,
  );
}

/** Of these alone, whatever the data set. */
export const exampleFields = object(DATASET_FIELDS);

/** The data set with other examples. */
export function withExamples(
  dataset: Study["dataset"],
  examples: z.output<typeof exampleFields>,
): Study["dataset"] {
  const source = Object.entries(dataset).filter(([key]) => !Object.hasOwn(DATASET_FIELDS, key));
  return resolvedDataset({ ...(Object.fromEntries(source) as DataSource), ...examples });
}

/** Without what has its default. */
export function resolvedDataset(written: WrittenDataset): Study["dataset"] {
  const { fraction = 1, examples, part, label_noise, standardize, ...named } = written;
  return {
    ...named,
    ...(examples === undefined ? { fraction } : { examples }),
    ...exampleChoices({ part, label_noise, standardize }),
  };
}
