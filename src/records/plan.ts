// A study's plan as several runs of it write it: it only grows.

import { WidthwiseError } from "../base/errors.ts";
import type { StudyPlan, StudyTrial } from "./store.ts";

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

/** Throws WidthwiseError where of a study, `size` trials of which are kept, others are planned than follow these. */
export function refuseGap({ name }: Pick<StudyPlan, "name">, size: number, from: number): void {
  if (from > size)
    throw new WidthwiseError(
      `study ${name}: it was taken out of the store while it ran; run it again, which trains what is not kept`,
    );
}
