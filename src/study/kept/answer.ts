// A study's answer from what is kept, without training and without the data set.

import { InputError, WidthwiseError } from "../../base/errors.ts";
import { pointText } from "../../records/point.ts";
import type { KeptStudy, TrialStore } from "../../records/store.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { StudyCatalogue } from "../catalogue.ts";
import { follow, supplyFrom } from "../follow.ts";
import type { DatasetSize } from "../plans/plan.ts";
import { studyPlan } from "../plans/study-plan.ts";
import { resultOf, withMeasured, type StudyResult } from "../result.ts";
import type { Study } from "../spec.ts";

interface AnswerContext {
  readonly catalogue: StudyCatalogue;
  readonly store: TrialStore;
  readonly sha256: Sha256;
  readonly signal?: AbortSignal | undefined;
}

/** Of a kept study's data set. */
export function datasetSize({ dataset }: Pick<KeptStudy, "dataset">): DatasetSize {
  const { digest, train_examples, shape = { inputs: 0, classes: 0 } } = dataset;
  return {
    ...{ digest, classes: shape.classes },
    train: { examples: train_examples, size: shape.inputs },
  };
}

/** Throws WidthwiseError where a trial that the answer needs is not kept, and the signal's reason where that aborts. */
export async function answerFromStore(
  { id, name, specification, dataset }: KeptStudy,
  { catalogue, store, sha256, signal }: AnswerContext,
): Promise<StudyResult> {
  const study = JSON.parse(specification) as Study;
  for (const asked of study.ask ?? [])
    if (!Object.hasOwn(catalogue.questions, asked.name))
      throw new InputError(
        `study ${name}: it asks ${asked.name}, a question that is not known here; report it with the program that ran it`,
      );
  const followed = await follow(
    studyPlan(study, datasetSize({ dataset }), catalogue),
    supplyFrom(store, sha256, signal),
    sha256,
  );
  if ("answer" in followed) {
    const answer = await withMeasured(study, followed.answer, store, sha256);
    return resultOf(id, study, answer, sha256);
  }
  const missing = [...followed.request.trials].map(({ point }) => pointText(point));
  const some = missing.slice(0, 5).join(", ") + (missing.length > 5 ? ", …" : "");
  throw new WidthwiseError(
    `study ${name}: its answer needs trials that are not kept as far as it asks (${some}); run it to have them trained`,
  );
}
