// What a study knows of workers: a trial waits for its turn, and in its turn it is trained, pass by pass.

import type { MeasurementChoice } from "../measurements/table.ts";
import type { Parameters } from "../model/network.ts";
import type { Trial } from "../model/trial.ts";
import {
  RecordBuilder,
  type ResumePoint,
  type TrainedPass,
  type TrialEnd,
  type TrialRecord,
} from "../records/record.ts";
import type { WholeTrial } from "../records/store.ts";
import type { MemoryOptions } from "./memory.ts";

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Train on after an objective that is not finite, as the notebook did; defaults to false. */
  readonly pastDivergence?: boolean | undefined;
  /** Have each pass told with its checkpoint, by whatever pool, since each is to be measured; defaults to false. */
  readonly everyPass?: boolean | undefined;
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
  /** What is measured of the trial with these weights, in the order of `choices`. */
  measure(
    parameters: Parameters,
    choices: readonly MeasurementChoice[],
  ): Promise<readonly (Float64Array | Float32Array)[]>;
  end(): void;
}

/** A trial that was trained whole, as the workers hand it over. */
export interface TrainedWhole extends Omit<WholeTrial, "key" | "specification"> {
  /** See TrainedPass. */
  readonly onKept?: () => void;
  /** Its place among the trials that were asked for; left out where these are the first of them, in order. */
  readonly at?: number | undefined;
}

/** Training of trials so small that handing over each of their passes would take longer than training them. */
export interface WholeTraining {
  /** Batches that are to be asked for side by side, so that no worker waits for the next one. */
  readonly batches: number;
  isSmall(trial: Trial): boolean;
  /**
   * Trains small trials from their start, one after the other. Gives some of them, at least one: all that it came
   * to in about a tenth of a second.
   */
  train(trials: readonly Trial[]): Promise<readonly TrainedWhole[]>;
}

export interface Pool {
  /** Throws InputError where training these trials side by side takes more memory than there is. Draws nothing, and looks at each once. */
  check(trials: Iterable<Trial>, options?: MemoryOptions): void;
  /**
   * Resolves when the trial's turn has come, the longest trial's first. Rejects with the signal's reason, and where the
   * trial by itself takes more memory than there is.
   */
  turn(trial: Trial, options?: TurnOptions): Promise<Turn>;
  /** Where it is left out, every trial has a turn of its own. */
  readonly whole?: WholeTraining;
}

/** Trains a trial to its end, from `from` on, without keeping it. */
export async function trainOn(
  pool: Pool,
  trial: Trial,
  {
    from = null,
    onPass,
    ...options
  }: TurnOptions & {
    readonly from?: ResumePoint | null;
    /** Waited for. */
    readonly onPass?: (pass: TrainedPass, turn: Turn) => unknown;
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
      await onPass?.(value, turn);
    }
  } finally {
    turn.end();
  }
}
