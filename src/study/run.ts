// Runs a study: asks the plan, takes from the store what is there, trains the rest, asks again.

import type { Outcome } from "../analysis/outcome.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { Sha256 } from "../sha256.ts";
import type { Trial } from "../training/trial.ts";
import type { LearningRateAnswer } from "./learning-rate.ts";
import type { Study } from "./spec.ts";

export interface StudyResult {
  readonly study: Study;
  /** null where the study gives its learning rate as a number. */
  readonly search: LearningRateAnswer | null;
  readonly learning_rate: number;
  /** In the plan's order: widths as listed, seeds within each width. */
  readonly outcomes: readonly Outcome[];
  /** SHA-256 over the fingerprints of all trials, the search's included, in the plan's order; hex. */
  readonly fingerprint: string;
}

/** What happens while a study runs; `trial` objects are compared by identity. */
export type StudyEvent =
  | { readonly kind: "planned"; readonly label: string; readonly trials: readonly PlannedTrial[] }
  | { readonly kind: "evaluated"; readonly planned: PlannedTrial; readonly evaluation: Evaluation }
  | {
      readonly kind: "averaged";
      readonly planned: PlannedTrial;
      readonly pass: number;
      readonly averages: readonly number[];
    }
  | {
      readonly kind: "ended";
      readonly planned: PlannedTrial;
      readonly record: TrialRecord;
      readonly reused: boolean;
    };

export interface PlannedTrial {
  readonly width: number;
  readonly seed: number | null;
  readonly trial: Trial;
}

/** Where a study's trials are trained (workers/). */
export interface Pool {
  run(
    trial: Trial,
    options: {
      signal?: AbortSignal;
      onEvaluation?: (evaluation: Evaluation) => void;
      onAverages?: (pass: number, averages: readonly number[]) => void;
    },
  ): Promise<TrialRecord>;
}

/** Where finished trials are kept (records/store.ts). */
export interface RecordStore {
  /** The record with at least `passes` passes (or that diverged before), cut to them; null if there is none. */
  get(key: string, passes: number): Promise<TrialRecord | null>;
  put(record: TrialRecord): Promise<void>;
}

export declare function runStudy(
  study: Study,
  doors: {
    dataset: Dataset;
    pool: Pool;
    store: RecordStore;
    sha256: Sha256;
    signal?: AbortSignal;
    onEvent?: (event: StudyEvent) => void;
  },
): Promise<StudyResult>;
