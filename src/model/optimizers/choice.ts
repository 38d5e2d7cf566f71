// How weights are stepped, as a specification says it.

import { optimizerOf, type OptimizerChoice } from "./table.ts";

export type { OptimizerChoice } from "./table.ts";

export interface Stepping {
  /** Left out for SGD without momentum. */
  readonly optimizer?: OptimizerChoice | undefined;
  /** Examples of a step; left out for 1. */
  readonly batch?: number | undefined;
}

/** Without what has its default: undefined for SGD without momentum. */
export function canonicalOptimizer(
  choice:
    | OptimizerChoice
    | { readonly kind: "sgd"; readonly momentum: number; readonly nesterov: boolean }
    | undefined,
): OptimizerChoice | undefined {
  if (choice === undefined) return undefined;
  if (choice.kind === "sgd") {
    const { kind, momentum, nesterov } = choice;
    return momentum === 0 ? undefined : { kind, momentum, ...(nesterov && { nesterov }) };
  }
  const { weight_decay = 0, ...rest } = choice;
  return { ...rest, ...(weight_decay !== 0 && { weight_decay }) };
}

/** How many numbers an optimizer keeps of each parameter. */
export function statesOf({ optimizer }: Stepping): number {
  return optimizerOf(optimizer).states;
}

/** Steps of a pass over n examples. */
export function stepsOfPass({ batch = 1 }: Stepping, n: number): number {
  return Math.ceil(n / batch);
}
