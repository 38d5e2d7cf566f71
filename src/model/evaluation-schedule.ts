// After which passes a trial is evaluated. That does not depend on how far it is trained, so that a shorter training
// stays the beginning of a longer one.

import { exp, log } from "./elementary.ts";

/** Passes 0, k, 2k, …, or 0 and the distinct round(10^(j/k)) for j = 0, 1, …; where there is none, every pass. */
export type EvaluationSchedule = { readonly every: number } | { readonly log: number };

const LN10 = 2.302585092994046;

/** ⌊10^(j/k) + ½⌋ in float64. Whole powers are exact, so the others are never as near to a half as their rounding. */
function powerOfTen(j: number, k: number): number {
  const rest = j % k;
  let power = exp((rest / k) * LN10);
  for (let whole = (j - rest) / k; whole > 0; whole--) power *= 10;
  return Math.floor(power + 0.5);
}

export function isScheduled(schedule: EvaluationSchedule | undefined, pass: number): boolean {
  if (schedule === undefined || pass === 0) return true;
  if ("every" in schedule) return pass % schedule.every === 0;
  // The first power that may be rounded to it, and its neighbours, since a logarithm is rounded, too.
  const first = Math.max(0, Math.ceil((schedule.log * log(pass - 0.5)) / LN10));
  return [first - 1, first, first + 1].some((j) => j >= 0 && powerOfTen(j, schedule.log) === pass);
}

/** The scheduled passes up to `last`, ascending from 0. */
export function scheduledPasses(schedule: EvaluationSchedule | undefined, last: number): number[] {
  const passes = [0];
  if (schedule !== undefined && "log" in schedule) {
    for (let j = 0; ; j++) {
      const pass = powerOfTen(j, schedule.log);
      if (pass > last) return passes;
      if (pass !== passes.at(-1)) passes.push(pass);
    }
  }
  const step = schedule?.every ?? 1;
  for (let pass = step; pass <= last; pass += step) passes.push(pass);
  return passes;
}

/** The last scheduled pass up to `pass`. */
export function lastScheduled(schedule: EvaluationSchedule | undefined, pass: number): number {
  if (isScheduled(schedule, pass)) return pass;
  return scheduledPasses(schedule, pass).at(-1) ?? 0;
}

/** How many evaluations take a trial from `trained` passes to `passes`: those that are scheduled, and the last. */
export function evaluationsBetween(
  schedule: EvaluationSchedule | undefined,
  trained: number,
  passes: number,
): number {
  if (schedule === undefined) return passes - trained;
  const scheduled = scheduledPasses(schedule, passes).filter((pass) => pass > trained).length;
  return scheduled + (isScheduled(schedule, passes) ? 0 : 1);
}
