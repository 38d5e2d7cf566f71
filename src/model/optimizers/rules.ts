// The rule by which each choice of an optimizer steps.

import { adam } from "./adam.ts";
import type { OptimizerChoice } from "./choice.ts";
import { momentum } from "./momentum.ts";
import { plain } from "./plain.ts";
import type { Rule } from "./rule.ts";

export function ruleOf(choice: OptimizerChoice | undefined): Rule {
  if (choice === undefined) return plain;
  return choice.kind === "adam" ? adam(choice) : momentum(choice);
}
