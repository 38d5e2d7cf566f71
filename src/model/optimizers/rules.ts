// Every optimizer by which a specification can have weights stepped.

import { adam, type Adam } from "./adam.ts";
import { momentum, type Momentum } from "./momentum.ts";
import { plain } from "./plain.ts";
import type { Rule } from "./rule.ts";

/** An optimizer with its settings. */
export type OptimizerChoice = Momentum | Adam;

/** SGD without momentum where nothing is chosen. */
export function ruleOf(choice: OptimizerChoice | undefined): Rule {
  if (choice === undefined) return plain;
  return choice.kind === "adam" ? adam(choice) : momentum(choice);
}
