// A plan asks for trials until it can answer.

import type { Trial } from "../../model/trial.ts";
import type { Point } from "../../records/point.ts";
import type { TrialRecord } from "../../records/record.ts";

/** What plans need to know of a data set (data/dataset.ts). */
export interface DatasetSize {
  readonly digest: string;
  readonly classes: number;
  readonly train: { readonly examples: number; readonly size: number };
}

export interface PlannedTrial {
  /** What the trial is asked for. */
  readonly role: "search" | "sweep";
  readonly point: Point;
  readonly trial: Trial;
}

/** Finds the record of a planned trial among those that are there by now. */
export type FindRecord = (planned: PlannedTrial) => TrialRecord | undefined;

/** Trials that a plan needs before it can say more. */
export interface Request {
  readonly trials: readonly PlannedTrial[];
  /** As far as can be told, what it will ask for after them: trials of about this cost. */
  readonly expected: readonly PlannedTrial[];
}

export type Plan<Answer> = (find: FindRecord) => Request | { readonly answer: Answer };
