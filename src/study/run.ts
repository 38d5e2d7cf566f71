// Runs a study: its plan asks for trials; each is taken from the store or trained on the pool; and the plan is asked
// again, until it answers.

import { group } from "d3-array";

import { WidthwiseError } from "../base/errors.ts";
import { runAll, type Stop } from "../base/run-all.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Dataset } from "../data/dataset.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import type { Trial } from "../model/trial.ts";
import type { Pool } from "../pool/pool.ts";
import { packParameters } from "../records/given-parameters.ts";
import type { Evaluation, TrajectoryRow, TrialRecord } from "../records/record.ts";
import type { StudyLedger, StudyPlan, StudyTrial, TrialStore } from "../records/store.ts";
import type { StudyCatalogue } from "./catalogue.ts";
import { checkData } from "./check-data.ts";
import { follow, keysOf } from "./follow.ts";
import type { Plan, PlannedTrial } from "./plans/plan.ts";
import { studyPlan, type StudyAnswer } from "./plans/study-plan.ts";
import { inSets, inTurn, type Trials } from "./plans/trials.ts";
import { supplyWhole, type KeptTrials } from "./kept/remaining.ts";
import { idOf, resultOf, withMeasured, type StudyResult } from "./result.ts";
import type { Study } from "./spec.ts";
import { trainOrReuse } from "./train-or-reuse.ts";
import { smallTrialWorks } from "./train-small.ts";

/** What a data set's size decides of a trial's cost (data/dataset.ts). */
export interface DatasetSizes {
  readonly classes: number;
  /** Values of an example. */
  readonly train: { readonly size: number };
  readonly test: { readonly examples: number };
}

/** What happens while a study runs; `planned` objects are compared by identity, where they are so few that they are held. */
export type StudyEvent =
  | {
      readonly kind: "planned";
      readonly trials: Trials;
      readonly dataset: DatasetSizes;
    }
  /** Another process trains it, and it is waited for. */
  | { readonly kind: "elsewhere"; readonly planned: PlannedTrial }
  /** Training goes on from what is kept, the last evaluation of which this is. */
  | { readonly kind: "resumed"; readonly planned: PlannedTrial; readonly evaluation: Evaluation }
  /** A pass is trained and evaluated: pass 0 first, where training begins with that. */
  | { readonly kind: "passed"; readonly planned: PlannedTrial; readonly row: TrajectoryRow }
  | {
      readonly kind: "ended";
      readonly planned: PlannedTrial;
      readonly record: TrialRecord;
      /** Whether nothing of it had to be trained in this run. */
      readonly reused: boolean;
    };

export interface StudyContext {
  readonly catalogue: StudyCatalogue;
  /** The one that the study names. */
  readonly dataset: Dataset;
  readonly pool: Pool;
  readonly store: TrialStore & StudyLedger;
  readonly sha256: Sha256;
  /** The initial parameters of its file, where it names one; the pool has them, too. */
  readonly given?: GivenParameters | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: StudyEvent) => void) | undefined;
}

/**
 * Answers a study. Every trial is in the store before it counts, and so is the study's plan.
 * Throws InputError where the data set's parts do not belong together, or are nothing for what the study says of them,
 * or its trials take more memory than there is,
 * WidthwiseError where the learning-rate search has no answer, the store cannot be written or others have taken
 * something of the study out of it meanwhile, and the signal's reason where that aborts; what was trained by then is
 * kept.
 */
export async function runStudy(study: Study, context: StudyContext): Promise<StudyResult> {
  const { store, sha256 } = context;
  const { id, plan, begin, supply } = await beginStudy(study, context);
  const followed = await follow(plan, supply, sha256, begin);
  if (!("answer" in followed)) throw new Error("a trial was neither kept nor trained");
  const answer = await withMeasured(study, followed.answer, store, sha256);
  const result = resultOf(id, study, answer, sha256);
  await store.finish(id, result.fingerprint);
  await refuseLost(result, store);
  return result;
}

/** A study under way. */
export interface BegunStudy {
  readonly id: string;
  readonly plan: Plan<StudyAnswer>;
  /** Keeps the study's plan with `trials` as what it asks for next, `mine` of which are to be supplied (all where left out). */
  readonly begin: (trials: Trials, mine?: Trials) => Promise<void>;
  /** Has trials that are begun, in their order. */
  readonly supply: (trials: readonly PlannedTrial[]) => Promise<readonly TrialRecord[]>;
}

/** Begins a study, `kept` of which is known (what the store keeps where left out). Throws as runStudy does. */
export async function beginStudy(
  study: Study,
  context: StudyContext,
  kept: KeptTrials = context.store,
): Promise<BegunStudy> {
  const { catalogue, dataset, pool, store, sha256, given, signal, onEvent } = context;
  checkData(study, dataset);
  const id = idOf(study, dataset, sha256);
  const keyOf = keysOf(sha256);
  const plan = studyPlan(study, dataset, catalogue);
  const ahead = await follow(plan, supplyWhole(study, kept, sha256, signal), sha256);
  const missing = "answer" in ahead ? [] : [ahead.request.trials, ahead.request.expected];
  // All of them before the first one is trained: the widest come last.
  pool.check(trainedOf(inTurn(missing)), {
    keepsRecords: store.isInMemory,
    measure: study.measure,
  });
  let size = 0;

  async function begin(trials: Trials, mine = trials): Promise<void> {
    for (const set of inSets(trials)) {
      await store.plan(planOf(id, study, dataset, set.map(asked)), size);
      size += set.length;
    }
    // Only now: what no study and no trial names is anybody's to remove.
    for (const [digest, parameters] of given ?? [])
      await store.keepGiven(digest, packParameters(parameters));
    onEvent?.({ kind: "planned", trials: mine, dataset });
  }

  function asked(planned: PlannedTrial): StudyTrial {
    const { role, point, trial } = planned;
    const { passes, stop } = trial;
    return { key: keyOf(planned), passes, role, point, ...(stop && { stop }) };
  }

  async function supply(mine: readonly PlannedTrial[]): Promise<readonly TrialRecord[]> {
    const records: TrialRecord[] = [];
    const places = new Map(mine.map((planned, place) => [planned, place]));
    const onElsewhere = (planned: PlannedTrial) => onEvent?.({ kind: "elsewhere", planned });
    const onEnded = (planned: PlannedTrial, record: TrialRecord, reused: boolean) => {
      records[places.get(planned) ?? -1] = record;
      onEvent?.({ kind: "ended", planned, record, reused });
    };
    const have = async (planned: PlannedTrial, stop: Stop) => {
      const { record, reused } = await trainOrReuse(planned.trial, {
        ...{ store, pool, sha256 },
        measure: planned.role === "sweep" ? (study.measure ?? []) : [],
        ...stop,
        onElsewhere: () => {
          onElsewhere(planned);
        },
        onResumed: (evaluation) => onEvent?.({ kind: "resumed", planned, evaluation }),
        onPass: (row) => onEvent?.({ kind: "passed", planned, row }),
      });
      onEnded(planned, record, reused);
    };
    const { whole } = pool;
    // What is asked for twice, for other passes or by two questions, comes one after the other, so that it is trained once.
    const byKey = [...group(mine, keyOf).values()];
    // Measurements are made pass by pass.
    const isSmall = ([{ trial }, ...more]: readonly PlannedTrial[]) =>
      more.length === 0 && study.measure === undefined && whole?.isSmall(trial) === true;
    const small = byKey.filter(isSmall).flat();
    // All at once: the pool takes the longest first.
    const works = byKey
      .filter((same) => !isSmall(same))
      .map((same) => async (stop: Stop) => {
        for (const planned of same) await have(planned, stop);
      });
    if (whole !== undefined && small.length > 0)
      works.push(...smallTrialWorks(small, have, { store, whole, keyOf, onElsewhere, onEnded }));
    await runAll(works, signal);
    return records;
  }

  return { id, plan, begin, supply };
}

function* trainedOf(trials: Trials): Generator<Trial> {
  for (const { trial } of trials) yield trial;
}

/** A study as a store keeps it, as far as it has asked for trials. */
export function planOf(
  id: string,
  study: Study,
  { name, digest, train, classes }: Dataset,
  trials: readonly StudyTrial[],
): StudyPlan {
  const shape = { inputs: train.size, classes };
  return {
    ...{ id, trials, name: study.name, specification: JSON.stringify(study) },
    dataset: { name, digest, train_examples: train.examples, shape },
  };
}

/** Throws WidthwiseError where others have taken out of the store what the run has put there. */
async function refuseLost({ id, study }: StudyResult, store: StudyLedger): Promise<void> {
  const { size, ended } = await store.studyTotals(id);
  if (size > 0 && size === ended) return;
  const lost = size - ended;
  const some = lost === 1 ? "one of its trials was" : `${lost} of its trials were`;
  throw new WidthwiseError(
    `study ${study.name}: ${size === 0 ? "it was" : some} taken out of the store while it ran; run it again, which trains what is not kept`,
  );
}
