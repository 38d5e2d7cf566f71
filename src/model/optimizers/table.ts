// Every optimizer by which a specification can have weights stepped.

import { adam, type Adam } from "./adam.ts";
import { momentum, type Momentum } from "./momentum.ts";
import { sgd } from "./sgd.ts";
import type { Optimizer } from "./optimizer.ts";

/** An optimizer with its settings. */
export type OptimizerChoice = Momentum | Adam;

/** SGD without momentum where nothing is chosen. */
export function optimizerOf(choice: OptimizerChoice | undefined): Optimizer {
  if (choice === undefined) return sgd;
  return choice.kind === "adam" ? adam(choice) : momentum(choice);
}
