// A record and its place in a study.

import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";

export interface Outcome {
  readonly point: Point;
  readonly record: TrialRecord;
  /** Whether the study's rules ended it before its passes. */
  readonly stopped?: true;
}
