// What a study's result consists of.

import { availableExamples } from "../data/subset.ts";
import { studyFingerprint, studyId } from "../records/fingerprint.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { DatasetSize } from "./plans/plan.ts";
import type { StudyAnswer } from "./plans/study-plan.ts";
import type { Study } from "./spec.ts";

export interface StudyResult extends StudyAnswer {
  /** What the study is kept under: SHA-256 of the study and its data set's digest, hex. */
  readonly id: string;
  readonly study: Study;
  /** SHA-256 over the fingerprints of all trials, the search's included, in the plan's order; hex. */
  readonly fingerprint: string;
}

/** A study's id on a data set: a number of examples is hashed as the fraction that it is. */
export function idOf(study: Study, { digest, train }: DatasetSize, sha256: Sha256): string {
  const { examples, ...dataset } = study.dataset;
  if (examples === undefined) return studyId(study, digest, sha256);
  const fraction = examples / availableExamples(dataset.part, train.examples);
  return studyId({ ...study, dataset: { ...dataset, fraction } }, digest, sha256);
}

export function resultOf(
  id: string,
  study: Study,
  answer: StudyAnswer,
  sha256: Sha256,
): StudyResult {
  const records = [...(answer.search?.probes ?? []), ...answer.outcomes];
  const fingerprints = records.map(({ record }) => record.fingerprint);
  return { id, study, ...answer, fingerprint: studyFingerprint(fingerprints, sha256) };
}
