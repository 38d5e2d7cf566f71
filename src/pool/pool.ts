// What a study knows of workers: a trial waits for its turn, and in its turn it is trained, pass by pass.

import type { Trial } from "../model/trial.ts";
import {
  RecordBuilder,
  type ResumePoint,
  type TrainedPass,
  type TrialEnd,
  type TrialRecord,
} from "../records/record.ts";

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Train on after an objective that is not finite, as the notebook did; defaults to false. */
  readonly pastDivergence?: boolean | undefined;
}

/** A trial's time on the workers: until it is ended, others wait. */
export interface Turn {
  /** The trial's, 64 hex digits. */
  readonly key: string;
  /**
   * Trains from `from` on, null for the start, and tells each pass once its evaluation is in: in their order, pass 0
   * too where it begins with that. The bits are those of a training that was never interrupted. Training runs a few
   * passes ahead of whoever takes them, and no further. Throws the signal's reason where that aborts.
   */
  train(from: ResumePoint | null): AsyncGenerator<TrainedPass, TrialEnd, undefined>;
  end(): void;
}

export interface Pool {
  /**
   * Throws InputError where training these trials side by side takes more memory than there is (memory.ts).
   * Draws nothing.
   */
  check(trials: readonly Trial[]): void;
  /**
   * Resolves when the trial's turn has come, the longest trial's first. Rejects with the signal's reason, and where the
   * trial by itself takes more memory than there is.
   */
  turn(trial: Trial, options?: TurnOptions): Promise<Turn>;
}

/** Trains a trial whole, from `from` on, without keeping it. */
export async function trainOn(
  pool: Pool,
  trial: Trial,
  {
    from = null,
    onPass,
    ...options
  }: TurnOptions & {
    readonly from?: ResumePoint | null;
    readonly onPass?: (pass: TrainedPass) => void;
  } = {},
): Promise<TrialRecord> {
  const turn = await pool.turn(trial, options);
  try {
    const record = new RecordBuilder({ key: turn.key, specification: trial.specification }, from);
    const training = turn.train(from);
    for (;;) {
      const { done, value } = await training.next();
      if (done === true) return record.end(value);
      record.add(value);
      onPass?.(value);
    }
  } finally {
    turn.end();
  }
}
