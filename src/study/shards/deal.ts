// Which shard trains what: the same in every shard, whatever is kept where.

import type { Dataset } from "../../data/dataset.ts";
import { passCost } from "../../kernel/cost.ts";
import { shapeOf, type Trial } from "../../model/trial.ts";
import type { PlannedTrial } from "../plans/plan.ts";
import type { Trials } from "../plans/trials.ts";

/** One of `of` shards, `index` from 1 on. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** The shard of each key but a search's, from 1 on: round robin, the dearest trials first, those of one key together. */
export function deal(
  trials: Trials,
  dataset: Dataset,
  of: number,
  keyOf: (planned: PlannedTrial) => string,
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const planned of trials) {
    if (planned.role === "search") continue;
    const key = keyOf(planned);
    costs.set(key, Math.max(costs.get(key) ?? 0, costOf(planned.trial, dataset)));
  }
  const sorted = [...costs].sort(([, a], [, b]) => b - a);
  return new Map(sorted.map(([key], place) => [key, 1 + (place % of)]));
}

function costOf(trial: Trial, dataset: Dataset): number {
  const { data, training } = trial.specification;
  const examples = [data.train_examples, dataset.test.examples] as const;
  return (1 + trial.passes) * passCost(shapeOf(trial, dataset), ...examples, training);
}
