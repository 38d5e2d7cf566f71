// The place of a record in a study: which width and which seed it answers for.

import type { TrialRecord } from "../records/record.ts";

export interface Outcome {
  /** The swept width; without a sweep, the first hidden layer's (0 for softmax regression). */
  readonly width: number;
  /** Seed of the named streams; null under the notebook's streams. */
  readonly seed: number | null;
  readonly record: TrialRecord;
}
