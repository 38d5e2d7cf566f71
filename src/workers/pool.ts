// What a study knows of workers: something that trains trials.

import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { Trial } from "../training/trial.ts";

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called in the order of passes. */
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  /** Running averages of the objective after every 100th step of a pass. */
  readonly onAverages?: (pass: number, averages: readonly number[]) => void;
  /** Train on after an objective that is not finite, as the notebook did; defaults to false. */
  readonly goOn?: boolean;
}

export interface Pool {
  /** Trains a trial; throws the signal's reason where that aborts. */
  run(trial: Trial, options?: RunOptions): Promise<TrialRecord>;
}

/** Multiply-adds of a trial's pass, training and evaluation: what decides who goes first. */
export function passCost(hidden: readonly number[], inputs: number): number {
  return hidden.reduce((sum, width, layer) => sum + width * (hidden[layer - 1] ?? inputs), inputs);
}
