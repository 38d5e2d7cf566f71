// The answers of a study in a few lines, for the end of a run.

import { smallestInterpolatingWidth } from "../../analysis/interpolation.ts";
import { summarizeWidths } from "../../analysis/summary.ts";
import type { WidthSummary } from "../../analysis/summary.ts";
import { hasSeeds } from "../../report/answers.ts";
import { searched, trainedNetwork } from "../../report/network.ts";
import type { StudyResult } from "../../study/result.ts";

/** Lines without an end of line; `folder` is where the report lies. */
export function answerLines(result: StudyResult, folder: string): string[] {
  const { study, outcomes } = result;
  const summaries = summarizeWidths(outcomes);
  const { heading } = trainedNetwork(result, summaries[0]);
  const column = Math.max(8, heading.length + 3);
  return [
    rateText(result),
    "",
    `${heading.padStart(column)}  passes to interpolation`,
    ...summaries.map(
      (summary) =>
        `${trainedNetwork(result, summary).entry.padStart(column)}  ${passesText(summary, study.training.passes)}`,
    ),
    "",
    summaries.length === 1 ? onlyText(result, summaries[0]) : smallestText(result),
    `fingerprint: ${result.fingerprint}`,
    `report: ${folder}/report.html`,
  ];
}

function rateText(result: StudyResult): string {
  const { search, learning_rate } = result;
  if (search === null) return `learning rate ${learning_rate}`;
  const { network, seed } = searched(search);
  const alone = hasSeeds(result) ? `, with seed ${seed} alone` : "";
  return `η* = ${search.eta_star} (${network.at}${alone}), trained at η*/2 = ${learning_rate}`;
}

function passesText(summary: WidthSummary, passes: number): string {
  const { trials, interpolated, median, range } = summary;
  const diverged = trials.filter((trial) => trial.diverged !== null).length;
  const aside =
    diverged === 0 ? "" : trials.length === 1 ? " (diverged)" : ` (${diverged} diverged)`;
  if (range === null) return `never in ${passes}${aside}`;
  if (trials.length === 1) return `${range[0]}${aside}`;
  const seeds = `${interpolated} of ${trials.length} seeds${aside}`;
  if (range[0] === range[1])
    return `${median === null ? "median never, " : ""}${range[0]} in ${seeds}`;
  return `median ${median ?? "never"}, from ${range[0]} to ${range[1]}, ${seeds}`;
}

function smallestText(result: StudyResult): string {
  const smallest = smallestInterpolatingWidth(result.outcomes);
  return `smallest interpolating width: ${smallest ?? "none of these"} (${behindText(result)})`;
}

/** Where there is no other to compare with. */
function onlyText(result: StudyResult, summary: WidthSummary): string {
  const { name } = trainedNetwork(result, summary);
  const verb = summary.median === null ? "does not interpolate" : "interpolates";
  const alone = result.study.sweep.width.length > 0 ? "; no other width was trained" : "";
  return `${name} ${verb} (${behindText(result)})${alone}`;
}

/** What stands behind the answer, said beside it. */
function behindText(result: StudyResult): string {
  const [{ trials }] = summarizeWidths(result.outcomes);
  return hasSeeds(result)
    ? `in most of ${trials.length} seeds`
    : "by one seed and one rounding; the report says more";
}
