// How a study's trials have ended, as far as it asks for them.

import { isStopped, type TrialRecord } from "./record.ts";
import type { StudyTotals, StudyTrial } from "./store.ts";

/** `get` gives a trial's record, cut to what the study asks for; null where it has not ended. */
export async function studyEnds(
  trials: readonly StudyTrial[],
  get: (trial: StudyTrial) => Promise<TrialRecord | null>,
): Promise<Pick<StudyTotals, "ended" | "diverged" | "stopped">> {
  const sum = { ended: 0, diverged: 0, stopped: 0 };
  for (const trial of trials) {
    const record = await get(trial);
    if (record === null) continue;
    const hasDiverged = record.ending.kind === "diverged";
    sum.ended++;
    sum.diverged += Number(hasDiverged && trial.role === "sweep");
    sum.stopped += Number(isStopped(record, trial.passes));
  }
  return sum;
}
