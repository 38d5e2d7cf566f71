// What a study's result consists of.

import { studyFingerprint } from "../records/fingerprint.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { StudyAnswer } from "./plans/study-plan.ts";
import type { Study } from "./spec.ts";

export interface StudyResult extends StudyAnswer {
  /** What the study is kept under: SHA-256 of the study and its data set's digest, hex. */
  readonly id: string;
  readonly study: Study;
  /** SHA-256 over the fingerprints of all trials, the search's included, in the plan's order; hex. */
  readonly fingerprint: string;
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
