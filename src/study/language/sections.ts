// The sections of a study that axes may lie in, each with its rules.

import type * as z from "zod";
import { jsonSchema } from "../../base/fields.ts";
import { stepsOf, type Steps } from "../axes/paths.ts";
import type { SectionName, Study } from "../spec.ts";
import { exampleFields, withExamples } from "./dataset.ts";
import { model } from "./model.ts";
import { training } from "./training.ts";

export const SECTIONS = { dataset: exampleFields, model, training } satisfies Record<
  SectionName,
  z.ZodType
>;

export function isSection(step: string | number | undefined): step is SectionName {
  return typeof step === "string" && Object.hasOwn(SECTIONS, step);
}

/** Where a study's file says what is at `path`: an axis is one key of the sweep, as sweep.training.learning_rate; none of no path. */
export function placeOf(path: string): Steps {
  const steps = (path.match(/[^.[\]]+/g) ?? []).map((step) =>
    /^\d+$/.test(step) ? Number(step) : step,
  );
  const [sweep, section] = steps;
  return sweep === "sweep" && isSection(section) ? [sweep, path.slice(sweep.length + 1)] : steps;
}

/** The study with a section as its rules have it. */
export function withSection(study: Study, name: SectionName, section: unknown): Study {
  return name === "dataset"
    ? { ...study, dataset: withExamples(study.dataset, section as z.output<typeof exampleFields>) }
    : { ...study, [name]: section };
}

/** Of a data set what says which of its examples, and how they are changed. */
export function examplesOf(dataset: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(dataset).filter(([key]) => Object.hasOwn(exampleFields.shape, key)),
  );
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** What the rules know of a path: whether it is one, whether it takes no number but integers, and what is known beside it. */
export interface PathFacts {
  readonly isKnown: boolean;
  readonly isInteger: boolean;
  /** Keys of the innermost mapping on the way that is known. */
  readonly siblings: readonly string[];
}

export function factsOf([section, ...steps]: Steps): PathFacts {
  let at = isSection(section) ? alternatives(schemaOf(section)) : [];
  let siblings = keysOf(at);
  for (const step of steps) {
    const keys = keysOf(at);
    if (keys.length > 0) siblings = keys;
    at = at
      .flatMap(
        ({ properties, items }) =>
          (typeof step === "number" ? items : ownOf(properties, step)) ?? [],
      )
      .flatMap(alternatives);
  }
  const types = at.flatMap(({ type }) => type ?? []);
  return {
    isKnown: at.length > 0,
    isInteger: types.includes("integer") && !types.includes("number"),
    siblings,
  };
}

/** Whether an axis takes no number but integers. */
export function isInteger(axis: string): boolean {
  return axis === "width" || factsOf(stepsOf(axis) ?? []).isInteger;
}

function ownOf<Of>(properties: Readonly<Record<string, Of>> = {}, key: string): Of | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function keysOf(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap(({ properties = {} }) => Object.keys(properties)))];
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternatives) ?? [schema];
}

const SCHEMAS = new Map<SectionName, Schema>();

function schemaOf(name: SectionName): Schema {
  const schema = SCHEMAS.get(name) ?? (jsonSchema(SECTIONS[name]) as Schema);
  SCHEMAS.set(name, schema);
  return schema;
}
