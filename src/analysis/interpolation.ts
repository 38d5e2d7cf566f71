// Interpolation: derived from a record, never stored. A trial interpolates at the first evaluated pass after
// which every training example is predicted right; a later miss does not undo it.

import { group } from "d3-array";

import { remembered } from "../base/remembered.ts";
import { widthOf } from "../records/point.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { Outcome } from "./outcome.ts";

/** Whether every training example is predicted right. */
function interpolates(evaluation: Evaluation): boolean {
  return evaluation.train.correct === evaluation.train.examples;
}

/** The first evaluated pass after which every training example is predicted right; null for never. */
export const passesToInterpolation = remembered(
  ({ trajectory }: TrialRecord): number | null => trajectory.find(interpolates)?.pass ?? null,
);

/** The passes after the interpolating one at which some training example is missed again, ascending. */
export function missesAfterInterpolation(record: TrialRecord): number[] {
  const first = passesToInterpolation(record);
  if (first === null) return [];
  return record.trajectory
    .filter((evaluation) => evaluation.pass > first && !interpolates(evaluation))
    .map((evaluation) => evaluation.pass);
}

/**
 * The smallest width that interpolates in most of its trials (more than half, so that its median
 * number of passes is finite) or in every one; null if there is none. With one trial per width the
 * two agree. Wider ones need not interpolate.
 */
export function smallestInterpolatingWidth(
  outcomes: readonly Outcome[],
  share: "most" | "every" = "most",
): number | null {
  const widths = [...group(outcomes, widthOf)]
    .filter(([, trials]) => {
      const interpolated = trials.filter(({ record }) => passesToInterpolation(record) !== null);
      return share === "every"
        ? interpolated.length === trials.length
        : interpolated.length > trials.length / 2;
    })
    .map(([width]) => width);
  return widths.length === 0 ? null : Math.min(...widths);
}

/**
 * Of each seed the smallest width that interpolates, Infinity where none of the widths does: that is censored on the right,
 * not missing. In the order of the seeds; those that were not trained at every width are left out. Wider ones need not
 * interpolate.
 */
export function smallestWidthsBySeed(outcomes: readonly Outcome[]): number[] {
  const widths = new Set(outcomes.map(widthOf)).size;
  return [...group(outcomes, ({ point }) => point.seed).values()]
    .filter((trials) => new Set(trials.map(widthOf)).size === widths)
    .map((trials) =>
      Math.min(
        ...trials.filter(({ record }) => passesToInterpolation(record) !== null).map(widthOf),
      ),
    );
}
