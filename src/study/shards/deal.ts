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

/** Hex digits of a key that a number has room for: keys that begin alike go to one shard, which does no harm. */
const BEGINNING = 13;

/**
 * The shard of each trial by its place, from 1 on, 0 for a search's: round robin, the dearest first, those of one key
 * together. Numbers alone, since a study may have a million.
 */
export function deal(
  trials: Trials,
  dataset: Dataset,
  of: number,
  keyOf: (planned: PlannedTrial) => string,
): Uint32Array {
  const { length } = trials;
  const [costs, keys] = [new Float64Array(length), new Float64Array(length)];
  const places = new Uint32Array(length);
  let [place, count] = [0, 0];
  for (const planned of trials) {
    if (planned.role !== "search") {
      costs[place] = costOf(planned.trial, dataset);
      keys[place] = parseInt(keyOf(planned).slice(0, BEGINNING), 16);
      places[count++] = place;
    }
    place++;
  }
  const dealt = places.subarray(0, count);
  /** Of each trial the place of the first one of its key. */
  const firsts = new Uint32Array(length);
  dealt.sort((a, b) => keys[a] - keys[b] || a - b);
  let [first] = dealt;
  for (const one of dealt) {
    if (keys[one] !== keys[first]) first = one;
    firsts[one] = first;
    costs[first] = Math.max(costs[first], costs[one]);
  }
  const shards = new Uint32Array(length);
  let turn = 0;
  dealt.sort((a, b) => costs[b] - costs[a] || a - b);
  for (const one of dealt) if (firsts[one] === one) shards[one] = 1 + (turn++ % of);
  for (const one of dealt) shards[one] = shards[firsts[one]];
  return shards;
}

function costOf(trial: Trial, dataset: Dataset): number {
  const { data, training } = trial.specification;
  const examples = [data.train_examples, dataset.test.examples] as const;
  return (1 + trial.passes) * passCost(shapeOf(trial, dataset), ...examples, training);
}
