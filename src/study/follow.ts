// Follows a plan: asks it, has its trials supplied, one set after the other, and asks again, until it answers or something
// is missing.

import { sum } from "d3-array";

import { trialKey } from "../records/fingerprint.ts";
import type { TrialRecord } from "../records/record.ts";
import type { TrialStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Plan, PlannedTrial, Request } from "./plans/plan.ts";
import { inSets, marked, type Trials } from "./plans/trials.ts";
import { SuppliedRecords } from "./supplied.ts";

/** Gives the records of some of a request's trials, each in its place; null for one that it has not. */
export type Supply = (trials: readonly PlannedTrial[]) => Promise<readonly (TrialRecord | null)[]>;

/** Where following ended: at the answer, or where trials are missing. */
export type Followed<Answer> =
  | { readonly answer: Answer; readonly supplied: number }
  | { readonly request: Request; readonly supplied: number };

/** `supplied` counts the records that the supply had; `begin` is told all trials of a request before they are supplied. */
export async function follow<Answer>(
  plan: Plan<Answer>,
  supply: Supply,
  sha256: Sha256,
  begin?: (trials: Trials) => Promise<void>,
): Promise<Followed<Answer>> {
  const keyOf = keysOf(sha256);
  // By where it is to end, too: a trial of a search and one of the sweep, whose rules may stop it, may have the same key.
  const records = new Map<string, SuppliedRecords>();
  const recordsAt = ({ trial: { passes, stop } }: PlannedTrial) => {
    const end = stop === undefined ? `${passes}` : `${passes} ${JSON.stringify(stop)}`;
    const known = records.get(end) ?? new SuppliedRecords();
    records.set(end, known);
    return known;
  };
  const supplied = () => sum([...records.values()].map(({ size }) => size));
  for (;;) {
    const next = plan((planned) =>
      recordsAt(planned).get(keyOf(planned), planned.trial.specification),
    );
    if ("answer" in next) return { answer: next.answer, supplied: supplied() };
    const { trials } = next;
    await begin?.(trials);
    const missing = new Uint8Array(trials.length);
    let place = 0;
    for (const set of inSets(trials)) {
      const found = await supply(set);
      set.forEach((planned, index) => {
        const record = found[index];
        if (record === null) missing[place] = 1;
        else recordsAt(planned).set(keyOf(planned), record);
        place++;
      });
    }
    if (missing.includes(1))
      return { request: { ...next, trials: marked(trials, missing) }, supplied: supplied() };
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
