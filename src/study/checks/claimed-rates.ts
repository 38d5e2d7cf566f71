// The trainings that a report tells of its searches for the largest stable learning rate.

import * as z from "zod";
import { InputError } from "../../base/errors.ts";
import type { DatasetSize, PlannedTrial } from "../plans/plan.ts";
import { rateTrial } from "../plans/stable-rates.ts";
import type { Study } from "../spec.ts";

export const claimedRates = z.looseObject({
  trials: z
    .array(
      z.looseObject({
        values: z.record(z.string(), z.union([z.number(), z.string()])),
        seed: z.number().int().nullable(),
        learning_rate: z.number().positive(),
        passes: z.number().int(),
        fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(1_000_000),
});

/** Throws InputError, one sentence that begins with `file`, for passes that no search looks at. */
export function claimedRateTrials(
  study: Study,
  dataset: DatasetSize,
  { trials }: z.infer<typeof claimedRates>,
  file: string,
): { readonly planned: PlannedTrial; readonly fingerprint: string }[] {
  const { passes: most } = study.training;
  return trials.map(({ values, seed, fingerprint, ...tried }) => {
    if (tried.passes !== 1 && tried.passes !== most)
      throw new InputError(
        `${file}: it tells of a search with ${tried.passes} passes; expected 1, or ${most}`,
      );
    return { planned: rateTrial(study, dataset, { values, seed }, tried), fingerprint };
  });
}
