// The learning rate of a pass, by the schedule that a specification names.

import * as schedules from "./table.ts";

type Table = typeof schedules;

/** A schedule's name with its settings. */
export type ScheduleChoice = {
  [Name in keyof Table]: { readonly kind: Name } & Parameters<Table[Name]>[2];
}[keyof Table];

/** Rate of pass `pass` (from 0). */
export function rateOf(
  schedule: ScheduleChoice | undefined,
  learningRate: number,
  pass: number,
): number {
  if (schedule === undefined) return learningRate;
  const rate = schedules[schedule.kind];
  return rate(learningRate, pass, schedule as never);
}
