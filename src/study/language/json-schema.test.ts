// The shipped JSON Schema is that of the rules, and every key of these is in the documentation.

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { expect, test } from "vitest";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { parseStudy } from "./parse.ts";
import { studyJsonSchema } from "./json-schema.ts";

const SHIPPED = new URL("../../../studies/study.schema.json", import.meta.url);
const DOCUMENTATION = readFileSync(new URL("../../../docs/studies.md", import.meta.url), "utf8");

const FLAT = DOCUMENTATION.replace(/\s+/g, " ");

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: string;
}

const schema = studyJsonSchema(CATALOGUE) as Schema;

test("is shipped as it is", () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE_GOLDENS) writeFileSync(SHIPPED, text);
  expect(readFileSync(SHIPPED, "utf8")).toBe(text);
});

/** Keys by their paths, and words that stand for values. */
function* said(
  of: Schema,
  path: string,
): Generator<{ key?: string; word?: string; schema: Schema }> {
  for (const [key, one] of Object.entries(of.properties ?? {})) {
    const inner = path === "" ? key : `${path}.${key}`;
    yield { key: inner, schema: one };
    yield* said(one, inner);
  }
  for (const one of [...(of.anyOf ?? []), ...(of.oneOf ?? []), ...(of.items ? [of.items] : [])])
    yield* said(one, path);
  for (const word of [...(of.enum ?? []), ...(of.const === undefined ? [] : [of.const])])
    yield { word, schema: of };
}

const all = [...said(schema, "")];

test.each([...new Set(all.flatMap(({ key }) => key ?? []))])("%s is explained", (key) => {
  // A mapping in the place of a value has its keys in the same row or the section's snippet.
  const [section, ...rest] = key.split(".");
  const told = [`\`${section}\``, `\`${section}.`, `\`${section}.${rest[0]}\``];
  const wanted = rest.length === 0 ? told.slice(0, 2) : told.slice(2);
  expect(wanted.some((row) => DOCUMENTATION.includes(row))).toBe(true);
  for (const inner of rest.slice(1)) expect(FLAT).toMatch(new RegExp(`\\b${inner}\\b`));
});

test.each([...new Set(all.flatMap(({ word }) => word ?? []))])("the word %s is there", (word) => {
  expect(new RegExp(`[ \`"(]${word}[ \`",;:.)}]`).test(FLAT)).toBe(true);
});

test("defaults are told as they are", () => {
  for (const { key = "", schema: one } of all) {
    if (typeof one.default !== "number" || !/^[a-z]+\.[a-z_]+$/.test(key)) continue;
    const row = DOCUMENTATION.split("\n").find((line) => line.includes(`\`${key}\``)) ?? "";
    const written = `${key.split(".")[1]}: ${one.default}`;
    // In the key's row, or among those of its data set.
    const isTold = row.replace(/ +/g, " ").includes(`| ${one.default} |`) || FLAT.includes(written);
    expect(isTold, key).toBe(true);
  }
});

/** What a snippet leaves out. */
const REST = {
  name: "name: a",
  question: "question: b?",
  dataset: "dataset: { name: fashion-mnist }",
  model: "model: { hidden: [width], init_std: 0.1 }",
  training: "training: { learning_rate: eta_star / 2, passes: 1 }",
  sweep: "sweep: { width: [2] }",
};

test.each(
  DOCUMENTATION.split("```yaml\n")
    .slice(1)
    .map((part) => part.split("```")[0]),
)("a snippet is a study, or a part of one: %s", (snippet) => {
  const isThere = (key: string) => new RegExp(`^${key}:`, "m").test(snippet);
  const others = Object.entries(REST).filter(
    ([key]) => !isThere(key) && !(key === "sweep" && snippet.includes("threshold")),
  );
  const text = [snippet, ...others.map(([, line]) => line)].join("\n");
  expect(() => parseStudy(text, "snippet.yaml", CATALOGUE)).not.toThrow();
});
