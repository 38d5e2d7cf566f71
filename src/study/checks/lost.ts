// What an answered study rests on and is not kept any more.

import type { KeptStudy, StudyLedger, StudyTrial } from "../../records/store.ts";

/** A trial that an answered study rests on and that is not kept as far as it asks. */
export interface LostTrial {
  readonly trial: StudyTrial;
  /** Passes that are kept; null where nothing is. */
  readonly passes: number | null;
}

/** What a study's answer rests on and is gone; of one without an answer nothing. What is damaged the store tells. */
export async function lostTrials(study: KeptStudy, store: StudyLedger): Promise<LostTrial[]> {
  if (study.finished === null) return [];
  const lost: LostTrial[] = [];
  for (const trial of study.trials) {
    const facts = (await store.trials([trial.key])).at(0);
    if (facts === undefined) {
      const isDamaged = (await store.keys(trial.key)).length > 0;
      if (!isDamaged) lost.push({ trial, passes: null });
    } else if (facts.ending.kind === "finished" && facts.passes < trial.passes)
      lost.push({ trial, passes: facts.passes });
  }
  return lost;
}
