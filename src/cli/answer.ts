// The answers of a study in a few lines, for the end of a run.

import { smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import { summarizeWidths } from "../analysis/summary.ts";
import type { WidthSummary } from "../analysis/summary.ts";
import type { StudyResult } from "../study/result.ts";

/** Lines without an end of line; `folder` is where the report lies. */
export function answerLines(result: StudyResult, folder: string): string[] {
  const { study, search, learning_rate, outcomes } = result;
  const rate =
    search === null
      ? `learning rate ${learning_rate}`
      : `η* = ${search.eta_star} (width ${study.search.width}), trained at η*/2 = ${learning_rate}`;
  const smallest = smallestInterpolatingWidth(outcomes);
  return [
    rate,
    "",
    "   width  passes to interpolation",
    ...summarizeWidths(outcomes).map(
      (summary) =>
        `${String(summary.width).padStart(8)}  ${passesText(summary, study.training.passes)}`,
    ),
    "",
    `smallest interpolating width: ${smallest ?? "none of these"}${spreadText(result)}`,
    `fingerprint: ${result.fingerprint}`,
    `report: ${folder}/report.html`,
  ];
}

function passesText(summary: WidthSummary, passes: number): string {
  const { trials, interpolated, median, range } = summary;
  const diverged = trials.filter((trial) => trial.diverged !== null).length;
  const aside =
    diverged === 0 ? "" : trials.length === 1 ? " (diverged)" : ` (${diverged} diverged)`;
  if (range === null) return `never in ${passes}${aside}`;
  if (trials.length === 1) return `${range[0]}${aside}`;
  const middle = median === null ? "median never" : `median ${median}`;
  return `${middle}, from ${range[0]} to ${range[1]}, ${interpolated} of ${trials.length} seeds${aside}`;
}

/** What stands behind the answer, said beside it. */
function spreadText({ study, outcomes }: StudyResult): string {
  const trials = outcomes.length / Math.max(1, study.sweep.width.length);
  return trials === 1
    ? " (by one seed and one rounding; the report says how much that is)"
    : ` (in most of ${trials} seeds)`;
}
