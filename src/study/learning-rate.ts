// The learning-rate search: the largest rate of a doubling ladder that still converges.

import type { TrialRecord } from "../records/record.ts";

/** One learning rate that the search tried. */
export interface Probe {
  readonly learning_rate: number;
  /** Training objective before training. */
  readonly before: number;
  /** Training objective after one pass; NaN where training diverged to a non-finite objective. */
  readonly after: number;
  /** Converges if after < threshold (= factor · before). */
  readonly threshold: number;
  readonly verdict: "converges" | "diverges";
  /** Distance to the threshold: after / threshold; Infinity where `after` is not finite. */
  readonly margin: number;
  readonly record: TrialRecord;
}

export interface LearningRateAnswer {
  readonly eta_star: number;
  /** In the order in which they were tried. */
  readonly probes: readonly Probe[];
}
