// Fields of what users write, as zod schemas whose messages say what was expected and what was found.

import * as z from "zod";
import { nearest } from "./nearest.ts";
import { quote } from "./quote.ts";

/** Of a list. */
const MAX_ITEMS = 10_000;

/** Which numbers are accepted, in JSON Schema's terms. */
export interface Limits {
  readonly type?: "integer";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** All integers from `minimum` on. */
export function integers(minimum: number, maximum?: number): Limits {
  return { type: "integer", minimum, ...(maximum !== undefined && { maximum }) };
}

/** One of these words. */
export function oneOf<Word extends string>(words: readonly Word[]) {
  const error = expected(words.join(" or "));
  return z.enum(words, { error: (given) => error(given) + nearHint(given.input, words) });
}

/** A number within `limits`; `what` says in words which these are. */
export function number(what: string, limits: Limits) {
  const error = expectedNumber(what);
  const { type, minimum = -Infinity, maximum = Infinity } = limits;
  const { exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = limits;
  const accepts = (value: number) =>
    // −0 has no place in a canonical specification, and nobody means it.
    !Object.is(value, -0) &&
    (type === undefined || Number.isInteger(value)) &&
    value >= minimum &&
    value <= maximum &&
    value > exclusiveMinimum &&
    value < exclusiveMaximum;
  return z
    .number({ error })
    .refine(accepts, { error })
    .meta({ ...limits });
}

export function list<Item extends z.ZodType>(what: string, item: Item) {
  return z.array(item, { error: expected(what) });
}

/** A list of different numbers, at least one. */
export function distinct(what: string, item: z.ZodType<number>, example = "") {
  return list(`a list of ${what}${example}`, item)
    .min(1, { error: `expected at least one of the ${what}, got an empty list`, abort: true })
    .max(MAX_ITEMS, { error: `expected at most ${MAX_ITEMS} ${what}` })
    .superRefine((values, context) => {
      const repeated = values.findIndex((value, index) => values.indexOf(value) < index);
      if (repeated < 0) return;
      const message = `expected distinct ${what}, got ${String(values[repeated])} twice`;
      context.addIssue({ code: "custom", path: [repeated], message });
    });
}

/** A mapping without unknown keys; `hints` say why a key of another place is none here. */
export function object<Shape extends z.ZodRawShape>(
  shape: Shape,
  hints: Record<string, string> = {},
) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") {
        return expected(`a mapping with ${known.join(", ")}`)(issue);
      }
      // The message speaks of the first unknown key; parse.ts points there.
      const key = issue.keys[0] ?? "";
      if (Object.hasOwn(hints, key)) return `unknown key; ${hints[key]}`;
      const near = nearest(key, known);
      return `unknown key; ${near === null ? `known here are ${known.join(", ")}` : `did you mean ${near}?`}`;
    },
  });
}

export function isMapping(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

/** A table's entry by its name, with the entry's settings. */
export interface Named {
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** Entries by name, each with the fields that it takes where it is named. */
export type Table = Readonly<Record<string, { readonly settings: z.ZodRawShape }>>;

/** What `choose` may choose, for JSON Schema. */
export const alternatives = new WeakMap<object, readonly z.ZodType[]>();

/** What is accepted, as JSON Schema. */
export function jsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, JSON_SCHEMA);
}

const JSON_SCHEMA: Parameters<typeof z.toJSONSchema>[1] = {
  io: "input",
  unrepresentable: "any",
  override({ zodSchema, jsonSchema: written }) {
    const of = alternatives.get(zodSchema);
    if (of === undefined) return;
    written.anyOf = of.map((one) => {
      const inner = jsonSchema(one);
      delete inner.$schema;
      return inner;
    });
  },
};

/** What the schema accepts that `choose` takes for what is written, so that its messages are told. */
export function chosen<Output>(
  of: readonly z.ZodType<Output>[],
  choose: (input: unknown) => z.ZodType<Output>,
) {
  const schema = z.unknown().transform((input, context): Output => {
    const result = choose(input).safeParse(input);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.addIssue({ ...issue });
    // Unknown keys alone would let zod go on, although there is no value then.
    if (result.error.issues.every(({ code }) => code === "unrecognized_keys"))
      context.addIssue({ code: "custom", message: expected("known keys")({ input }) });
    return z.NEVER;
  });
  alternatives.set(schema, of);
  return schema;
}

/** A mapping with the name of an entry of `table`, `common` fields and the entry's own. */
export function entry<Entry extends Named>(table: Table, common: z.ZodRawShape = {}) {
  const names = Object.keys(table);
  const fields = (name: z.ZodType<string>, own: z.ZodRawShape) =>
    object({ name, ...common, ...own }) as unknown as z.ZodType<Entry>;
  const known = new Map(names.map((name) => [name, fields(z.literal(name), table[name].settings)]));
  const unnamed = fields(oneOf(names), {});
  // What belongs to a name that is not known is not known either, and needs no word.
  const misnamed = z.object({ name: oneOf(names) }) as unknown as z.ZodType<Entry>;
  return chosen<Entry>([...known.values()], (input) => {
    const { name } = isMapping(input) ? input : {};
    return typeof name === "string" ? (known.get(name) ?? misnamed) : unnamed;
  });
}

/** A field for each kind of part, which takes the names of its table. */
export function partNames<Kinds extends Readonly<Record<string, { readonly table: object }>>>(
  kinds: Kinds,
) {
  const fields = Object.entries(kinds).map(([kind, { table }]) => {
    const names = Object.keys(table);
    return [kind, oneOf(names).optional()];
  });
  return Object.fromEntries(fields) as {
    [Kind in keyof Kinds]: z.ZodOptional<z.ZodType<keyof Kinds[Kind]["table"] & string>>;
  };
}

/** The name of a kind, or a mapping with `kind` and the settings that it takes. */
export function kind<Settings extends Readonly<Record<string, z.ZodRawShape>>>(table: Settings) {
  type Kinds = {
    [Kind in keyof Settings & string]: { readonly kind: Kind } & z.output<
      z.ZodObject<Settings[Kind]>
    >;
  };
  type Chosen = z.ZodType<Kinds[keyof Kinds]>;
  const names = Object.keys(table);
  const mapping = (kind: z.ZodType, own: z.ZodRawShape) =>
    object({ kind, ...own }) as unknown as Chosen;
  const mappings = new Map(names.map((name) => [name, mapping(z.literal(name), table[name])]));
  // What belongs to a kind that is not known is not known either, and needs no word.
  const unnamed = z.object(
    { kind: oneOf(names) },
    { error: expected("a mapping with kind") },
  ) as unknown as Chosen;
  const word = oneOf(names).transform((name, context) => {
    const result = (mappings.get(name) ?? unnamed).safeParse({ kind: name });
    if (result.success) return result.data;
    const lacking = result.error.issues.map(({ path }) => `, ${path.join(".")}: …`);
    const message = `expected {kind: ${name}${lacking.join("")}}, got ${quote(name)}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return chosen<Kinds[keyof Kinds]>([word, ...mappings.values()], (input) => {
    if (typeof input === "string") return word;
    const { kind } = isMapping(input) ? input : {};
    return (typeof kind === "string" ? mappings.get(kind) : undefined) ?? unnamed;
  });
}

/** The message where something else than `what` was found. */
export function expected(what: string) {
  return ({ input }: { input?: unknown }): string =>
    input === undefined ? `missing; expected ${what}` : `expected ${what}, got ${show(input)}`;
}

export function expectedNumber(what: string) {
  return (given: { input?: unknown }): string => expected(what)(given) + commaHint(given.input);
}

/** What to add to a message where a number was written with a decimal comma; else nothing. */
export function commaHint(input: unknown): string {
  return typeof input === "string" && /^\s*[-+]?\d*,\d+\s*$/.test(input)
    ? "; write numbers with a decimal point and without commas"
    : "";
}

/** What to add where one of `words` was probably meant; else nothing. */
export function nearHint(input: unknown, words: readonly string[]): string {
  const near = typeof input === "string" ? nearest(input, words) : null;
  return near === null ? "" : `; did you mean ${near}?`;
}

function show(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  return typeof value === "boolean" ? String(value) : "a mapping";
}
