// What a study has yet to train, as far as that is known without training.

import type { Dataset } from "../../data/dataset.ts";
import type { StudyLedger, TrialStore } from "../../records/store.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import { follow, keysOf, supplyFrom, type Supply } from "../follow.ts";
import { lackingOf } from "../measuring.ts";
import type { Guess, PlannedTrial } from "../plans/plan.ts";
import { studyPlan } from "../plans/study-plan.ts";
import type { Study } from "../spec.ts";

/** A trial that is to be trained, or to be gone on with. */
export interface MissingTrial extends PlannedTrial {
  /** Passes that are kept. */
  readonly trained: number;
}

export interface Remaining {
  /** Trials of the learning-rate search that are to be trained; the first is known, the others cost as much. */
  readonly search: readonly MissingTrial[];
  /** Trials of the sweep that are to be trained, perturbed ones among them. */
  readonly sweep: readonly MissingTrial[];
  /** How many of the sweep's trials depend on what others show, and are what a likely answer would take; of what kind that is. */
  readonly guessed: number;
  readonly guess?: Guess | undefined;
  /** Trials of both that are kept. As long as the search has no answer, which of the sweep's are is not known. */
  readonly kept: number;
  /** Whether a search has still to find its answer, so that the numbers are typical ones. */
  readonly searching: boolean;
}

/** What is asked of a store to know which trials are there. */
export type KeptTrials = Pick<TrialStore, "get" | "measurements">;

export interface RemainingContext {
  readonly catalogue: StudyCatalogue;
  readonly dataset: Dataset;
  readonly store: KeptTrials & Pick<StudyLedger, "trials">;
  readonly sha256: Sha256;
  readonly signal?: AbortSignal | undefined;
}

/** Throws WidthwiseError where a kept search says that there is no answer. */
export async function remaining(
  study: Study,
  { catalogue, dataset, store, sha256, signal }: RemainingContext,
  plan = studyPlan(study, dataset, catalogue),
): Promise<Remaining> {
  const followed = await follow(plan, supplyWhole(study, store, sha256, signal), sha256);
  const kept = followed.supplied;
  if ("answer" in followed) return { search: [], sweep: [], guessed: 0, kept, searching: false };
  const { expected, guess } = followed.request;
  const trials = [...followed.request.trials];
  const keys = trials.map(keysOf(sha256));
  const reached = new Map((await store.trials(keys)).map(({ key, passes }) => [key, passes]));
  /** What has a pass off the schedule that it has no row of, or was not measured, is trained again. */
  const trained = (place: number) => {
    const passes = reached.get(keys[place]) ?? 0;
    return passes >= trials[place].trial.passes ? 0 : passes;
  };
  const missing: MissingTrial[] = [
    ...trials.map((planned, place) => ({ ...planned, trained: trained(place) })),
    ...[...expected].map((planned) => ({ ...planned, trained: 0 })),
  ];
  const search = missing.filter(({ role }) => role === "search");
  const isOfSweep = ({ role }: PlannedTrial) => role !== "search";
  const sweep = missing.filter(isOfSweep);
  const guessed = guess === undefined ? 0 : sweep.length - trials.filter(isOfSweep).length;
  return { search, sweep, guessed, guess, kept, searching: search.length > 0 };
}

/** Takes what is kept, as far as it is trained far enough, and of the sweep what is measured as the study asks. */
export function supplyWhole(
  { measure: choices = [] }: Study,
  store: KeptTrials,
  sha256: Sha256,
  signal?: AbortSignal,
): Supply {
  const supply = supplyFrom(store, sha256, signal);
  const isMeasured = async (record: TrialRecord) =>
    (await lackingOf(record, true, { choices, store, sha256 })).size === 0;
  return async (trials) => {
    const records = await supply(trials);
    const measured = records.map(async (record, place) =>
      record === null || trials[place].role !== "sweep" || (await isMeasured(record))
        ? record
        : null,
    );
    return Promise.all(measured);
  };
}
