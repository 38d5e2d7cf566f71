// Rules by which a trial ends before its passes. They look at the rows of scheduled passes alone, so that a longer record
// can be cut where a shorter one would have stopped.

import type { StopRules } from "../model/trial.ts";
import type { Score } from "../training/evaluate.ts";

/** What the rules look at. */
interface Row {
  readonly pass: number;
  readonly train: Score;
}

/** Whether the rules are satisfied at an evaluation; to be asked of all scheduled ones, in their order. */
export function stopping({
  after_interpolation: more = Infinity,
  train_loss_below: bound = -Infinity,
}: StopRules): (row: Row) => boolean {
  let interpolating = Infinity;
  return ({ pass, train }) => {
    if (train.correct === train.examples) interpolating = Math.min(interpolating, pass);
    return pass - interpolating >= more || train.objective < bound;
  };
}

/** The pass up to `passes` at which the rules stop a trial with these rows of scheduled passes; null for none. */
export function stoppingPass(
  rows: readonly Row[],
  stop: StopRules | undefined,
  passes: number,
): number | null {
  const row = stop && rows.find(stopping(stop));
  return row !== undefined && row.pass <= passes ? row.pass : null;
}
