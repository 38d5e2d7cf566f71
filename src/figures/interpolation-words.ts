// What the caption and the description of the figure of interpolation say.

import { axesText } from "../analysis/points.ts";
import type { PointSummary } from "../analysis/summary.ts";
import type { Across } from "./axes/across.ts";

/** What the caption tells of; `each`: what a line stands for, empty where there is one alone. */
export function captionOf({
  passes,
  several,
  many,
  isCounted,
  across,
  titled,
  each,
}: {
  readonly passes: number;
  readonly several: boolean;
  readonly many: boolean;
  readonly isCounted: boolean;
  readonly across: Across;
  readonly titled: string;
  readonly each: string;
}): string {
  const within = `within ${passes} ${passes === 1 ? "pass" : "passes"}`;
  const point = across.axis === "width" && each === "" ? "width" : "point";
  const marks = many
    ? "Boxes hold the middle half of the seeds"
    : "Points are seeds, moved sideways to be seen";
  const seeds = isCounted
    ? `${marks}; thin lines are the range over the seeds that interpolated, ${each === "" ? "bars" : "markers"} the median over all, where never counts as latest. The fractions say how many of a ${point}'s seeds interpolated.`
    : "Markers are medians over the seeds, where never counts as latest.";
  return [
    `Effective passes until every training example is predicted right (linear scale), against ${across.axis === "width" ? `the ${titled}` : titled}${each === "" ? "" : `, a line for each ${each}`}.`,
    ...(several ? [seeds] : each === "" ? ["The number at each point is its passes."] : []),
    many
      ? `Boxes that reach the upper lane hold seeds that did not interpolate ${within}.`
      : `Open points in the upper lane did not interpolate ${within}; a cross there marks a trial that diverged.`,
  ].join(" ");
}

export function describe(
  across: Across,
  summaries: readonly PointSummary[],
  axes: readonly string[],
  passes: number,
): string {
  const sentences = summaries.slice(0, MOST_DESCRIBED).map((summary) => {
    const { trials, interpolated, median, range } = summary;
    const words = axesText(summary, axes);
    const name = words.charAt(0).toUpperCase() + words.slice(1);
    if (trials.length === 1) {
      return `${name}: ${median === null ? `not within ${passes} passes` : `pass ${median}`}.`;
    }
    const spread = range === null ? "" : `, between passes ${range[0]} and ${range[1]}`;
    return `${name}: ${interpolated} of ${trials.length} seeds${spread}.`;
  });
  return `Passes to interpolation by ${across.title}. ${sentences.join(" ")}${summaries.length > MOST_DESCRIBED ? " And others." : ""}`;
}

/** Points that a description tells one by one. */
const MOST_DESCRIBED = 100;
