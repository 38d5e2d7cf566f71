// A study's answer from what is kept, without training and without the data set.

import { WidthwiseError } from "../base/errors.ts";
import { pointText } from "../records/point.ts";
import type { KeptStudy, TrialStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import { follow, supplyFrom } from "./follow.ts";
import { studyPlan } from "./plans/study-plan.ts";
import { resultOf, type StudyResult } from "./result.ts";
import type { Study } from "./spec.ts";

/** Throws WidthwiseError where a trial that the answer needs is not kept. */
export async function answerFromStore(
  { id, name, specification, dataset }: KeptStudy,
  { store, sha256 }: { readonly store: TrialStore; readonly sha256: Sha256 },
): Promise<StudyResult> {
  const study = JSON.parse(specification) as Study;
  const size = { digest: dataset.digest, train: { examples: dataset.train_examples } };
  const followed = await follow(studyPlan(study, size), supplyFrom(store, sha256), sha256);
  if ("answer" in followed) return resultOf(id, study, followed.answer, sha256);
  const missing = followed.request.trials.map(({ point }) => pointText(point));
  const some = missing.slice(0, 5).join(", ") + (missing.length > 5 ? ", …" : "");
  throw new WidthwiseError(
    `study ${name}: its answer needs trials that are not kept as far as it asks (${some}); run it to have them trained`,
  );
}
