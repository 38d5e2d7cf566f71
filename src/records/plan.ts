// A study's plan as several runs of it write it: it only grows.

import type { StudyTrial } from "./store.ts";

/**
 * The longer one of a study's plans: a run plans anew from the first trial on, and what an earlier one, or another
 * process, has asked for by then stays asked for. Where they differ in a trial, the new one.
 */
export function grownPlan(
  kept: readonly StudyTrial[],
  planned: readonly StudyTrial[],
): readonly StudyTrial[] {
  const isBeginning = planned.every(
    ({ key, passes }, position) =>
      kept.at(position)?.key === key && kept[position].passes === passes,
  );
  return isBeginning ? kept : planned;
}
