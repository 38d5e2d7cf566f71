// A study's text: what it says, what is wrong with it, and the same text with another value.

import { Document, isCollection, isMap, isScalar, parseDocument, YAMLMap } from "yaml";
import { InputError } from "../../base/errors.ts";
import { isMapping } from "../../base/fields.ts";
import { WrittenError } from "../../base/yaml.ts";
import { DATASETS } from "../../data/sets/table.ts";
import type { StudyCatalogue } from "../../study/catalogue.ts";
import { studyJsonSchema } from "../../study/language/json-schema.ts";
import { parseStudy } from "../../study/language/parse.ts";
import type { Study } from "../../study/spec.ts";
import type { Reading } from "../protocol.ts";

export const FILE = "study.yaml";

/** Questions come with their figures, which a page that asks none can do without. */
const WITHOUT_QUESTIONS: StudyCatalogue = { datasets: DATASETS, questions: {} };

export async function wholeCatalogue() {
  return (await import("../../questions/catalogue.ts")).CATALOGUE;
}

export async function studyOf(text: string): Promise<Study> {
  return parseStudy(text, FILE, await wholeCatalogue());
}

export async function read(text: string): Promise<Reading> {
  const said: unknown = saidBy(text);
  let map: Reading["map"] = null;
  try {
    if (/^ask\b/m.test(text)) {
      const study = await studyOf(text);
      map = (await import("../map/outline.ts")).outlineOf(study);
    } else parseStudy(text, FILE, WITHOUT_QUESTIONS);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const places = error instanceof WrittenError ? error.problems : [];
    const problem = { message: error.message, places };
    return { said: isMapping(said) ? said : null, problem, map };
  }
  return { said: isMapping(said) ? said : null, problem: null, map };
}

function saidBy(text: string): unknown {
  try {
    return parseDocument(text, { stringKeys: true }).toJS();
  } catch {
    return null;
  }
}

/** Comments stay where they are. Throws InputError where the text has no place for it. */
export function edit(text: string, path: readonly (string | number)[], value: unknown): string {
  const read = parseDocument(text, { stringKeys: true });
  if (read.errors.length > 0)
    throw new InputError("the study is no YAML as it is; mend it there, where it says so");
  const document = isMap(read.contents) ? read : new Document({});
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    const node = document.getIn(above, true);
    if (isScalar(node) && node.value === null) document.setIn(above, new YAMLMap());
    else if (node !== undefined && !isCollection(node))
      throw new InputError(
        `${above.join(".")} has no room for ${path[depth]} as it is; change it under YAML`,
      );
  }
  if (value === undefined) {
    document.deleteIn(path);
    // What is empty then would be wrong, and in no field of the form.
    for (let depth = path.length - 1; depth > 0; depth--) {
      const above = document.getIn(path.slice(0, depth), true);
      if (isMap(above) && above.items.length === 0) document.deleteIn(path.slice(0, depth));
    }
  } else {
    const node = document.createNode(value);
    if (Array.isArray(value)) Object.assign(node as object, { flow: true });
    document.setIn(path, node);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Names published data sets only where their files lie beside the page. */
export function schema(beside: readonly string[]): object {
  const datasets = Object.entries(DATASETS).filter(
    ([name, entry]) => !("files" in entry) || beside.includes(name),
  );
  return studyJsonSchema({ datasets: Object.fromEntries(datasets), questions: {} });
}
