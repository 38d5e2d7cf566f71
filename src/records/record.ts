// What is kept of a trial: the waist of the house. Training ends in records, analysis begins with them.

import type { Parameters } from "../kernel/parameters.ts";
import type { Score } from "../training/evaluate.ts";
import type { Ending } from "../training/train.ts";
import type { TrialSpecification } from "../training/trial.ts";

/** Version of the record format (docs/records.md). */
export const RECORD_FORMAT = 1;

/** One row of a trajectory. */
export interface Evaluation {
  /** Passes trained so far; 0 is before training. */
  readonly pass: number;
  readonly train: Score;
  readonly test: Score;
  /** The chain's fingerprint up to and including this pass, 64 hex digits. */
  readonly fingerprint: string;
}

export type { Ending };

export interface TrialRecord {
  readonly format: typeof RECORD_FORMAT;
  /** SHA-256 of the canonical specification, 64 hex digits. */
  readonly key: string;
  readonly specification: TrialSpecification;
  /** Evaluations of passes 0, 1, 2, … without gaps. */
  readonly trajectory: readonly Evaluation[];
  readonly ending: Ending;
  /** The end of the fingerprint chain: the last evaluation's, or the divergence's. */
  readonly fingerprint: string;
  /** Running average of the objective (0.99/0.01) after every 100th step, from the first pass on. */
  readonly running_averages: readonly number[];
  /** After the last pass; left out where the record was cut to fewer passes than were trained. */
  readonly parameters?: Parameters;
  /** Wall seconds from the trial's first step to its last evaluation. */
  readonly seconds: number;
}
