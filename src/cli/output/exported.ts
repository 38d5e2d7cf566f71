// What `widthwise export` takes out of a store: trials, how far each is asked for, and what is kept of that.

import { lastScheduled } from "../../model/evaluation-schedule.ts";
import type { Point } from "../../records/point.ts";
import { isStopped, lastPass, type TrialRecord } from "../../records/record.ts";
import type { RecordStore, TrialFacts } from "../../records/store.ts";
import type { Asked } from "../view/kept-text.ts";

/** A trial to export, and how far. */
export interface WantedTrial {
  readonly facts: TrialFacts;
  /** What is asked of it; it may have less. */
  readonly asked: readonly Asked[];
  readonly point: Point;
}

/** What there is of it as far as it is asked for: its longest record. */
export interface FoundTrial {
  readonly record: TrialRecord;
  readonly outcome: "ended" | "stopped" | "unfinished";
}

/** What there is to tell of an export. */
export interface Exported {
  readonly trials: number;
  /** Of a table. */
  readonly rows?: number;
  /** Of weights. */
  readonly files?: readonly string[];
}

/** null where it is damaged, which the store tells. */
export async function foundOf(
  store: RecordStore,
  { facts, asked }: WantedTrial,
): Promise<FoundTrial | null> {
  let longest: FoundTrial | null = null;
  for (const { passes, stop } of asked) {
    const record = await store.get(facts.key, passes, stop);
    if (record === null) {
      const { evaluate } = facts.specification;
      const last = lastScheduled(evaluate, Math.min(facts.passes, passes));
      const kept = await store.get(facts.key, last);
      return kept && { record: kept, outcome: "unfinished" };
    }
    if (longest === null || lastPass(record) > lastPass(longest.record))
      longest = { record, outcome: isStopped(record, passes) ? "stopped" : "ended" };
  }
  return longest;
}
