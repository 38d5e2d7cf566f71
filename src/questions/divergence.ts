// How many trials diverged, which is told before all answers: they have little to say of these.

import { enumerate, plural } from "../base/numbers.ts";
import type { StudyResult } from "../study/result.ts";

/** Of more rates it is not told at which. */
const MOST_RATES = 3;

/** "70 of 70 trials diverged, at learning rate 10: their objective was no longer finite."; null where none did. */
export function divergenceSentence({ outcomes }: StudyResult): string | null {
  const diverged = outcomes.filter(({ record }) => record.ending.kind === "diverged");
  if (diverged.length === 0) return null;
  const rates = [
    ...new Set(diverged.map(({ record }) => record.specification.training.learning_rate)),
  ].sort((a, b) => a - b);
  const where =
    rates.length > MOST_RATES
      ? ""
      : `, at ${rates.length === 1 ? "learning rate" : "learning rates"} ${enumerate(rates)}`;
  const whose = diverged.length === 1 ? "its" : "their";
  return `${diverged.length} of ${plural(outcomes.length, "trial")} diverged${where}: ${whose} objective was no longer finite.`;
}
