// Runs a study: asks its plans for trials, takes from the store what is there, trains the rest on the pool,
// and asks again until they answer. How one trial is obtained, train-or-reuse.ts tells.

import { checkDataset, type Dataset } from "../data/dataset.ts";
import { WidthwiseError } from "../base/errors.ts";
import { studyId, trialKey } from "../records/fingerprint.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { RecordStore, StudyTrial } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Pool } from "../pool/pool.ts";
import { learningRatePlan } from "./plans/learning-rate.ts";
import { lostTrials } from "./lost.ts";
import { trainOrReuse } from "./train-or-reuse.ts";
import { remaining } from "./remaining.ts";
import { sweepPlan, type Plan, type PlannedTrial } from "./plans/plan.ts";
import { learningRateOf, resultOf, type StudyResult } from "./result.ts";
import type { Study } from "./spec.ts";
import { runAll, type Stop } from "../base/run-all.ts";

/** What happens while a study runs; `planned` objects are compared by identity. */
export type StudyEvent =
  | { readonly kind: "planned"; readonly label: string; readonly trials: readonly PlannedTrial[] }
  /** Another process trains it, and it is waited for. */
  | { readonly kind: "elsewhere"; readonly planned: PlannedTrial }
  /** The first evaluation of a trial is that of pass 0, or of the pass that its training goes on from. */
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
      /** Whether nothing of it had to be trained in this run. */
      readonly reused: boolean;
    };

export interface StudyContext {
  readonly dataset: Dataset;
  readonly pool: Pool;
  readonly store: RecordStore;
  readonly sha256: Sha256;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: StudyEvent) => void) | undefined;
}

/**
 * Answers a study. Every trial is in the store before it counts, and so is the study's plan.
 * Throws InputError where the data set's parts do not belong together or its trials take more memory than there is,
 * WidthwiseError where the learning-rate search has no answer, the store cannot be written or others have taken
 * something of the study out of it meanwhile, and the signal's reason where that aborts; what was trained by then is
 * kept.
 */
export async function runStudy(study: Study, context: StudyContext): Promise<StudyResult> {
  const { dataset, store, sha256 } = context;
  checkDataset(dataset);
  const id = studyId(study, dataset.digest, sha256);
  // All of them before the first one is trained: the widest come last.
  const ahead = await remaining(study, context);
  context.pool.check([...ahead.search, ...ahead.sweep].map(({ trial }) => trial));
  const asked: StudyTrial[] = [];
  const ask = async (role: StudyTrial["role"], trials: readonly PlannedTrial[]) => {
    asked.push(...trials.map((planned) => studyTrial(role, planned, sha256)));
    await store.plan({
      id,
      name: study.name,
      specification: JSON.stringify(study),
      dataset: {
        name: dataset.name,
        digest: dataset.digest,
        train_examples: dataset.train.examples,
      },
      trials: asked,
    });
  };
  const search =
    study.training.learning_rate === "eta_star / 2"
      ? await follow("search", learningRatePlan(study, dataset), ask, context)
      : null;
  const sweep = sweepPlan(study, dataset, learningRateOf(study, search));
  const outcomes = await follow("sweep", sweep, ask, context);
  const result = resultOf(id, study, search, outcomes, sha256);
  await store.finish(id, result.fingerprint);
  await refuseLost(result, store);
  return result;
}

/** Throws WidthwiseError where others have taken out of the store what the run has put there. */
async function refuseLost({ id, study }: StudyResult, store: RecordStore): Promise<void> {
  const kept = await store.study(id);
  const lost = kept === null ? [] : await lostTrials(kept, store);
  if (kept !== null && lost.length === 0) return;
  const some = lost.length === 1 ? "one of its trials was" : `${lost.length} of its trials were`;
  throw new WidthwiseError(
    `study ${study.name}: ${kept === null ? "it was" : some} taken out of the store while it ran; run it again, which trains what is not kept`,
  );
}

const LABELS = { search: "learning rate", sweep: "widths" } as const;

async function follow<Answer>(
  role: StudyTrial["role"],
  plan: Plan<Answer>,
  ask: (role: StudyTrial["role"], trials: readonly PlannedTrial[]) => Promise<void>,
  { pool, store, sha256, signal, onEvent }: StudyContext,
): Promise<Answer> {
  const records = new Map<string, TrialRecord>();
  for (;;) {
    const next = plan(({ trial }) => records.get(trialKey(trial.specification, sha256)));
    if ("answer" in next) return next.answer;
    await ask(role, next.trials);
    onEvent?.({ kind: "planned", label: LABELS[role], trials: next.trials });
    // All at once: the pool takes the longest first.
    const works = next.trials.map((planned) => async (stop: Stop) => {
      const { record, reused } = await trainOrReuse(planned.trial, {
        ...{ store, pool, sha256 },
        ...stop,
        onElsewhere: () => onEvent?.({ kind: "elsewhere", planned }),
        onEvaluation: (evaluation) => onEvent?.({ kind: "evaluated", planned, evaluation }),
        onAverages: (pass, averages) => onEvent?.({ kind: "averaged", planned, pass, averages }),
      });
      records.set(record.key, record);
      onEvent?.({ kind: "ended", planned, record, reused });
    });
    await runAll(works, signal);
  }
}

function studyTrial(
  role: StudyTrial["role"],
  { trial, width, seed }: PlannedTrial,
  sha256: Sha256,
): StudyTrial {
  return { key: trialKey(trial.specification, sha256), passes: trial.passes, role, width, seed };
}
