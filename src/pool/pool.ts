// What a study knows of workers: something that trains trials.

import type {
  Beginning,
  Checkpoint,
  Evaluation,
  TrajectoryRow,
  TrialRecord,
} from "../records/record.ts";
import type { Trial } from "../model/trial.ts";

/** A pass whose evaluation is in, pass 0 too. */
export interface MadePass {
  readonly row: TrajectoryRow;
  /** What training can go on from after it. */
  readonly checkpoint: Checkpoint;
  /** Wall seconds since training began, or went on. */
  readonly seconds: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Asked when the trial's turn has come: what training goes on from, null for the start (the default). Where it
   * rejects, the turn is given up and the run rejects likewise.
   */
  readonly begin?: () => Promise<Beginning | null>;
  /** Called in the order of passes. */
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  /** Running averages of the objective after every 100th step of a pass. */
  readonly onAverages?: (pass: number, averages: readonly number[]) => void;
  /**
   * Called in the order of passes, after onEvaluation. Training waits for it, a few passes later; where it
   * rejects, the run rejects likewise.
   */
  readonly onPass?: (made: MadePass) => Promise<void>;
  /** Train on after an objective that is not finite, as the notebook did; defaults to false. */
  readonly pastDivergence?: boolean;
}

export interface Pool {
  /**
   * Throws InputError where training these trials side by side takes more memory than there is (workers/memory.ts).
   * Draws nothing.
   */
  check(trials: readonly Trial[]): void;
  /**
   * Trains a trial, which is checked by itself. The record is the whole one, with the rows of before `begin`, and the same to the bit as if
   * training had never been interrupted. Throws the signal's reason where that aborts.
   */
  run(trial: Trial, options?: RunOptions): Promise<TrialRecord>;
}

/** Multiply-adds of a trial's pass, training and evaluation: what decides who goes first. */
export function passCost(hidden: readonly number[], inputs: number): number {
  return hidden.reduce((sum, width, layer) => sum + width * (hidden[layer - 1] ?? inputs), inputs);
}
