// What a study has yet to train, as far as that is known without training: its plans walked along what is kept.

import type { Dataset } from "../data/dataset.ts";
import type { RecordStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import { learningRatePlan } from "./plans/learning-rate.ts";
import { sweepPlan, type Plan, type PlannedTrial } from "./plans/plan.ts";
import type { Study } from "./spec.ts";
import { walk, type MissingTrial } from "./walk.ts";

/** Rates that a search tries where it goes as the homework's did: one too large, one that converges, one that does not. */
const TYPICAL_PROBES = 3;

export interface Remaining {
  /** Trials of the learning-rate search that are to be trained; the first is known, the others cost as much. */
  readonly search: readonly MissingTrial[];
  /** Trials of the sweep that are to be trained. */
  readonly sweep: readonly MissingTrial[];
  /** Trials of both that are kept. As long as the search has no answer, which of the sweep's are is not known. */
  readonly kept: number;
  /** Whether a search has still to find its answer, so that the numbers are typical ones. */
  readonly searching: boolean;
}

export interface RemainingContext {
  readonly dataset: Dataset;
  readonly store: RecordStore;
  readonly sha256: Sha256;
}

/** Throws WidthwiseError where a kept search says that there is no answer. */
export async function remaining(study: Study, context: RemainingContext): Promise<Remaining> {
  const { dataset } = context;
  const rate = study.training.learning_rate;
  if (rate !== "eta_star / 2") {
    const sweep = await walk(sweepPlan(study, dataset, rate), context);
    return { search: [], sweep: sweep.missing, kept: sweep.kept, searching: false };
  }
  const search = await walk(learningRatePlan(study, dataset), context);
  if (search.answer === null) {
    const probes = Math.max(1, TYPICAL_PROBES - search.kept);
    return {
      search: Array.from({ length: probes }, () => search.missing).flat(),
      // At whatever rate: a trial's cost does not depend on it.
      sweep: asked(sweepPlan(study, dataset, 1)).map(untrained),
      kept: search.kept,
      searching: true,
    };
  }
  const sweep = await walk(sweepPlan(study, dataset, search.answer.eta_star / 2), context);
  return {
    search: [],
    sweep: sweep.missing,
    kept: search.kept + sweep.kept,
    searching: false,
  };
}

function untrained(planned: PlannedTrial): MissingTrial {
  return { ...planned, trained: 0 };
}

function asked(plan: Plan<unknown>): readonly PlannedTrial[] {
  const next = plan(() => undefined);
  return "trials" in next ? next.trials : [];
}
