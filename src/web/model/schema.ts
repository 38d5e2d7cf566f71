// What the studies' JSON Schema says of a path.

interface Schema {
  readonly properties?: Readonly<Partial<Record<string, Schema>>>;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly default?: unknown;
}

export type Said = Readonly<Record<string, unknown>> | null;

/** Where the schema has several forms, the one that has the same `name` as what is said. */
function step(schema: Schema, key: string, said: unknown): Schema | null {
  const forms = formsOf(schema);
  const name = isMapping(said) ? said.name : undefined;
  const named = forms.find(({ properties }) => properties?.name?.const === name);
  const has = (form: Schema | undefined) => form?.properties?.[key] ?? null;
  return (name === undefined ? null : has(named)) ?? has(forms.find((form) => has(form) !== null));
}

function formsOf(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(formsOf) ?? [schema];
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAt(said: Said, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isMapping(at) ? at[key] : undefined), said);
}

function schemaAt(schema: object, path: readonly string[], said: Said): Schema | null {
  let at: Schema | null = schema;
  path.forEach((key, index) => {
    at = at && step(at, key, valueAt(said, path.slice(0, index)));
  });
  return at;
}

/** The words that may stand at a path; empty where it takes others, too. */
export function wordsAt(schema: object, path: readonly string[], said: Said): string[] {
  const at = schemaAt(schema, path, said);
  const words = (at === null ? [] : formsOf(at)).flatMap((form) => form.enum ?? []);
  return words.filter((word) => typeof word === "string");
}

/** The names of data sets. */
export function datasetNames(schema: object): string[] {
  const at = schemaAt(schema, ["dataset"], null);
  return (at === null ? [] : formsOf(at)).flatMap(({ properties }) =>
    typeof properties?.name?.const === "string" ? [properties.name.const] : [],
  );
}

/** Settings of the data set that is named, beside those of every data set. */
export function datasetSettings(schema: object, said: Said): { key: string; byDefault: string }[] {
  const forms = formsOf(schemaAt(schema, ["dataset"], null) ?? {});
  const name = valueAt(said, ["dataset", "name"]);
  const own = forms.find(({ properties }) => properties?.name?.const === name)?.properties ?? {};
  const isCommon = (key: string) =>
    forms.every(({ properties = {} }) => key in properties || "path" in properties);
  return Object.entries(own)
    .filter(
      ([key, { type } = {}]) =>
        key !== "name" && !isCommon(key) && (type === "number" || type === "integer"),
    )
    .map(([key, { default: value } = {}]) => ({
      key,
      byDefault: typeof value === "number" ? String(value) : "",
    }));
}
