// Reads a study from the text of its YAML file.

import { parseYaml, type Change } from "../../base/yaml.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import * as schema from "./schema.ts";
import { mergedPoints } from "./sweep.ts";
import type { Study } from "../spec.ts";

/**
 * The study in `text`, which may name what is in `catalogue`, changed as `changes` ask; `file` is its name in messages,
 * and in the sentences that `tell` gets of what the study does not say by itself.
 * Throws an InputError with the first problem: `file:line:column path: what was expected, what was found`, or
 * `option: …` where a change is the problem.
 */
export function parseStudy(
  text: string,
  file: string,
  catalogue: StudyCatalogue,
  changes: readonly Change[] = [],
  tell: (sentence: string) => void = () => undefined,
): Study {
  const written = { text, file, kind: "study" };
  const { output, said } = parseYaml(written, schema.study(catalogue), changes);
  for (const sentence of mergedPoints(said)) tell(`${file}: ${sentence}`);
  return output;
}
