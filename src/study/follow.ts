// Follows a plan: asks it, has its trials supplied, and asks again, until it answers or something is missing.

import { trialKey } from "../records/fingerprint.ts";
import type { TrialRecord } from "../records/record.ts";
import type { TrialStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Plan, PlannedTrial, Request } from "./plans/plan.ts";

/** Gives the records of trials, each in its place; null for one that it has not. */
export type Supply = (trials: readonly PlannedTrial[]) => Promise<readonly (TrialRecord | null)[]>;

/** Where following ended: at the answer, or where trials are missing. */
export type Followed<Answer> =
  | { readonly answer: Answer; readonly supplied: number }
  | { readonly request: Request; readonly supplied: number };

/** `supplied` counts the records that the supply had. */
export async function follow<Answer>(
  plan: Plan<Answer>,
  supply: Supply,
  sha256: Sha256,
): Promise<Followed<Answer>> {
  const keyOf = keysOf(sha256);
  // A trial of the search and one of the sweep may have the same key, and other passes.
  const nameOf = (planned: PlannedTrial) => `${keyOf(planned)}/${planned.trial.passes}`;
  const records = new Map<string, TrialRecord>();
  for (;;) {
    const next = plan((planned) => records.get(nameOf(planned)));
    if ("answer" in next) return { answer: next.answer, supplied: records.size };
    const found = await supply(next.trials);
    next.trials.forEach((planned, place) => {
      const record = found[place];
      if (record !== null) records.set(nameOf(planned), record);
    });
    const trials = next.trials.filter((_, place) => found[place] === null);
    if (trials.length > 0) return { request: { ...next, trials }, supplied: records.size };
  }
}

/** Takes only what is kept, as far as it is trained far enough. Throws the signal's reason where that aborts. */
export function supplyFrom(
  store: Pick<TrialStore, "get">,
  sha256: Sha256,
  signal?: AbortSignal,
): Supply {
  const keyOf = keysOf(sha256);
  return async (trials) => {
    const records: (TrialRecord | null)[] = [];
    for (const planned of trials) {
      signal?.throwIfAborted();
      const { passes, stop } = planned.trial;
      records.push(await store.get(keyOf(planned), passes, stop));
    }
    return records;
  };
}

const KEYS = new WeakMap<PlannedTrial, string>();

/** The keys of planned trials, each computed once. */
export function keysOf(sha256: Sha256): (planned: PlannedTrial) => string {
  return (planned) => {
    const key = KEYS.get(planned) ?? trialKey(planned.trial.specification, sha256);
    KEYS.set(planned, key);
    return key;
  };
}
