// What a study's answer consists of.

import type { Outcome } from "../analysis/outcome.ts";
import { studyFingerprint } from "../records/fingerprint.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { LearningRateAnswer } from "./plans/learning-rate.ts";
import type { Study } from "./spec.ts";

export interface StudyResult {
  /** What the study is kept under: SHA-256 of the study and its data set's digest, hex. */
  readonly id: string;
  readonly study: Study;
  /** null where the study gives its learning rate as a number. */
  readonly search: LearningRateAnswer | null;
  readonly learning_rate: number;
  /** In the plan's order: widths as listed, seeds within each width. */
  readonly outcomes: readonly Outcome[];
  /** SHA-256 over the fingerprints of all trials, the search's included, in the plan's order; hex. */
  readonly fingerprint: string;
}

/** The learning rate that the sweep trains with: the study's own, or half of η*. */
export function learningRateOf(study: Study, search: LearningRateAnswer | null): number {
  return search === null ? Number(study.training.learning_rate) : search.eta_star / 2;
}

export function resultOf(
  id: string,
  study: Study,
  search: LearningRateAnswer | null,
  outcomes: readonly Outcome[],
  sha256: Sha256,
): StudyResult {
  const records = [...(search?.probes ?? []), ...outcomes].map(({ record }) => record);
  const fingerprints = records.map(({ fingerprint }) => fingerprint);
  return {
    ...{ id, study, search, outcomes },
    learning_rate: learningRateOf(study, search),
    fingerprint: studyFingerprint(fingerprints, sha256),
  };
}
