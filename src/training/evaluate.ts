// What an evaluation finds on one set.

/** Objective and number of right predictions on one whole set. */
export interface Score {
  /** Mean multinomial logistic loss + λ/2 · Σ‖W‖², in nats. May be NaN or infinite. */
  readonly objective: number;
  /** Examples predicted right. */
  readonly correct: number;
  /** Examples in the set. */
  readonly examples: number;
}

/** Share of right predictions, 0 to 1. */
export function accuracy(score: Score): number {
  return score.correct / score.examples;
}
