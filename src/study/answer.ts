// A study's answer from what is kept, without training and without the data set.

import { WidthwiseError } from "../base/errors.ts";
import type { KeptStudy, RecordStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import { learningRatePlan } from "./plans/learning-rate.ts";
import { sweepPlan, type Plan } from "./plans/plan.ts";
import { learningRateOf, resultOf, type StudyResult } from "./result.ts";
import type { Study } from "./spec.ts";
import { walk } from "./walk.ts";

/** Throws WidthwiseError where a trial that the answer needs is not kept. */
export async function answerFromStore(
  { id, name, specification, dataset }: KeptStudy,
  context: { readonly store: RecordStore; readonly sha256: Sha256 },
): Promise<StudyResult> {
  const study = JSON.parse(specification) as Study;
  const size = { digest: dataset.digest, train: { examples: dataset.train_examples } };
  const follow = async <Answer>(plan: Plan<Answer>): Promise<Answer> => {
    const { answer, missing } = await walk(plan, context);
    if (answer !== null) return answer;
    const trials = missing.map(({ width, seed }) =>
      seed === null ? `width ${width}` : `width ${width} seed ${seed}`,
    );
    const some = trials.slice(0, 5).join(", ") + (trials.length > 5 ? ", …" : "");
    throw new WidthwiseError(
      `study ${name}: its answer needs trials that are not kept as far as it asks (${some}); run it to have them trained`,
    );
  };
  const search =
    study.training.learning_rate === "eta_star / 2"
      ? await follow(learningRatePlan(study, size))
      : null;
  const outcomes = await follow(sweepPlan(study, size, learningRateOf(study, search)));
  return resultOf(id, study, search, outcomes, context.sha256);
}
