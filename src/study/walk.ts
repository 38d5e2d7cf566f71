// A plan walked along what is kept, without training.

import { trialKey } from "../records/fingerprint.ts";
import type { TrialRecord } from "../records/record.ts";
import type { RecordStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Plan, PlannedTrial } from "./plans/plan.ts";

/** A trial that is to be trained, or to be gone on with. */
export interface MissingTrial extends PlannedTrial {
  /** Passes that are kept. */
  readonly trained: number;
}

/** Follows a plan as far as kept records lead. */
export async function walk<Answer>(
  plan: Plan<Answer>,
  { store, sha256 }: { readonly store: RecordStore; readonly sha256: Sha256 },
): Promise<{ answer: Answer | null; missing: MissingTrial[]; kept: number }> {
  const records = new Map<string, TrialRecord>();
  const keyOf = ({ trial }: PlannedTrial) => trialKey(trial.specification, sha256);
  for (;;) {
    const next = plan((planned) => records.get(keyOf(planned)));
    if ("answer" in next) return { answer: next.answer, missing: [], kept: records.size };
    const missing: MissingTrial[] = [];
    for (const planned of next.trials) {
      const key = keyOf(planned);
      const record = await store.get(key, planned.trial.passes);
      if (record) records.set(key, record);
      else {
        const facts = await store.trials([key]);
        missing.push({ ...planned, trained: facts.at(0)?.passes ?? 0 });
      }
    }
    if (missing.length > 0) return { answer: null, missing, kept: records.size };
  }
}
