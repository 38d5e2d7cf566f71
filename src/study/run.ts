// Runs a study: asks its plans for trials, takes from the store what is there, trains the rest on the pool,
// and asks again until they answer.

import type { Outcome } from "../analysis/outcome.ts";
import type { Dataset } from "../data/dataset.ts";
import { studyFingerprint, trialKey } from "../records/fingerprint.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { RecordStore } from "../records/store.ts";
import type { Sha256 } from "../sha256.ts";
import type { Pool } from "../workers/pool.ts";
import { learningRatePlan, type LearningRateAnswer } from "./learning-rate.ts";
import { sweepPlan, type Plan, type PlannedTrial } from "./plan.ts";
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

/** What happens while a study runs; `planned` objects are compared by identity. */
export type StudyEvent =
  | { readonly kind: "planned"; readonly label: string; readonly trials: readonly PlannedTrial[] }
  | { readonly kind: "evaluated"; readonly planned: PlannedTrial; readonly evaluation: Evaluation }
  | {
      readonly kind: "averaged";
      readonly planned: PlannedTrial;
      readonly pass: number;
      /** Running average of the objective after every 100th step of the pass. */
      readonly averages: readonly number[];
    }
  | {
      readonly kind: "ended";
      readonly planned: PlannedTrial;
      readonly record: TrialRecord;
      readonly reused: boolean;
    };

export interface StudyDoors {
  readonly dataset: Dataset;
  readonly pool: Pool;
  readonly store: RecordStore;
  readonly sha256: Sha256;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: StudyEvent) => void) | undefined;
}

/**
 * Answers a study. Every finished trial is in the store before it counts.
 * Throws WidthwiseError where the learning-rate search has no answer, and the signal's reason where that aborts.
 */
export async function runStudy(study: Study, doors: StudyDoors): Promise<StudyResult> {
  const { dataset, sha256 } = doors;
  const search =
    study.training.learning_rate === "eta_star / 2"
      ? await follow("learning rate", learningRatePlan(study, dataset), doors)
      : null;
  const learningRate = search ? search.eta_star / 2 : Number(study.training.learning_rate);
  const outcomes = await follow("widths", sweepPlan(study, dataset, learningRate), doors);
  const records = [...(search?.probes ?? []), ...outcomes].map(({ record }) => record);
  return {
    study,
    search,
    learning_rate: learningRate,
    outcomes,
    fingerprint: studyFingerprint(
      records.map(({ fingerprint }) => fingerprint),
      sha256,
    ),
  };
}

async function follow<Answer>(
  label: string,
  plan: Plan<Answer>,
  { pool, store, sha256, signal, onEvent }: StudyDoors,
): Promise<Answer> {
  const records = new Map<string, TrialRecord>();
  const keyOf = ({ trial }: PlannedTrial) => trialKey(trial.specification, sha256);
  const ended = (planned: PlannedTrial, record: TrialRecord, reused: boolean) => {
    records.set(record.key, record);
    onEvent?.({ kind: "ended", planned, record, reused });
  };
  for (;;) {
    const next = plan((planned) => records.get(keyOf(planned)));
    if ("answer" in next) return next.answer;
    onEvent?.({ kind: "planned", label, trials: next.trials });
    const missing: PlannedTrial[] = [];
    for (const planned of next.trials) {
      const kept = await store.get(keyOf(planned), planned.trial.passes);
      if (kept) ended(planned, kept, true);
      else missing.push(planned);
    }
    // All at once: the pool takes the longest first.
    await Promise.all(
      missing.map(async (planned) => {
        const record = await pool.run(planned.trial, {
          signal,
          onEvaluation: (evaluation) => onEvent?.({ kind: "evaluated", planned, evaluation }),
          onAverages: (pass, averages) => onEvent?.({ kind: "averaged", planned, pass, averages }),
        });
        await store.put(record);
        ended(planned, record, false);
      }),
    );
  }
}
