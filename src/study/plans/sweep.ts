// The sweep: every width with every seed, asked for at once.

import type { Outcome } from "../../analysis/outcome.ts";
import type { Study } from "../spec.ts";
import { beforeHidden } from "./notebook-order.ts";
import type { DatasetSize, Plan } from "./plan.ts";
import { hiddenLayers, plannedTrial, seedsOf } from "./planned-trial.ts";

/** Outcomes in the order of the widths, and within each in that of the seeds. */
export function sweepPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
): Plan<readonly Outcome[]> {
  const widths = study.sweep.width.length > 0 ? study.sweep.width : [null];
  const trials = widths.flatMap((width) =>
    seedsOf(study).map((seed) => {
      const hidden = hiddenLayers(study, width);
      const after = beforeHidden(hidden);
      return plannedTrial(study, dataset, {
        role: "sweep",
        hidden,
        seed,
        after,
        learningRate,
        passes: study.training.passes,
      });
    }),
  );
  return (find) => {
    const outcomes = trials.flatMap((planned) => {
      const record = find(planned);
      return record ? [{ width: planned.width, seed: planned.seed, record }] : [];
    });
    return outcomes.length === trials.length ? { answer: outcomes } : { trials, expected: [] };
  };
}
