// What titles, captions and descriptions of the curves say.

import type { Measure } from "../../analysis/bands.ts";
import { evaluatedCaption } from "../../analysis/evaluated.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { missesAfterInterpolation } from "../../analysis/interpolation.ts";
import { axesText, varyingAxes } from "../../analysis/points.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { plural } from "../../base/numbers.ts";
import { lastPass } from "../../records/record.ts";
import { MOST_MARKED } from "../marks/marker-points.ts";
import type { Panel } from "../marks/panel.ts";
import { MOST_BANDS } from "../marks/ranges.ts";

const LETTERS: Readonly<Record<Measure, string>> = {
  train_loss: "a",
  test_loss: "b",
  train_accuracy: "c",
  test_accuracy: "d",
};
const TITLES: Readonly<Record<Measure, string>> = {
  train_loss: "Training loss",
  test_loss: "Test loss",
  train_accuracy: "Training accuracy",
  test_accuracy: "Test accuracy",
};

/** `isAlone`: on a sheet of its own. */
export function titleOf(measure: Measure, isAlone: boolean): string {
  return isAlone ? TITLES[measure] : `${LETTERS[measure]}  ${TITLES[measure]}`;
}

export function scaleRemark({ measure, vertical }: Panel, roomy: boolean, unit: string): string {
  switch (measure) {
    case "train_loss":
    case "test_loss":
      return `${unit}, logarithmic scale`;
    case "train_accuracy":
      return roomy ? "logarithmic in the error; 100% apart" : "log of the error; 100% apart";
    case "test_accuracy":
      if (!vertical.cut) return "linear scale";
      return roomy ? "linear scale; before training is below" : "linear scale; start is below";
  }
}

/** What the words tell of. */
export interface Told {
  readonly outcomes: readonly Outcome[];
  readonly summaries: readonly PointSummary[];
  /** Of the losses. */
  readonly unit: string;
  /** What tells lines apart: "width", "width and label noise". */
  readonly axes: string;
  /** Of small multiples, what tells the lines of a panel apart, and panels; null where a measure has one panel. */
  readonly multiples: { readonly along: string; readonly others: string } | null;
  /** Of points that are left out. */
  readonly drawn: readonly string[];
}

/** "one line per width", and of small multiples for what they stand. */
export function linesText({ axes, multiples }: Told): string {
  return multiples === null
    ? `one line per ${axes}`
    : `one line per ${multiples.along}, a panel for each ${multiples.others}`;
}

export function captionOf(told: Told, panels: readonly Panel[]): string {
  const { outcomes, summaries, unit, axes, multiples, drawn } = told;
  const cut = panels.some(({ vertical }) => vertical.cut);
  const several = summaries.some(({ trials }) => trials.length > 1);
  const most = Math.max(0, ...panels.map(({ series }) => series.length));
  const line = axes === "width" || multiples?.along === "width" ? "width" : "line";
  const ranges = most > MOST_BANDS ? ", bars at the markers their range" : ", bands their range";
  const stopped = outcomes.filter((outcome) => outcome.stopped);
  const missing = stopped.filter(endsWithMisses).length;
  const diverged = outcomes.filter(({ record }) => record.ending.kind === "diverged").length;
  const rings = multiples === null ? "Rings and the numbers above them mark" : "Rings mark";
  const measures = new Set(panels.map(({ measure }) => measure));
  const [first] = measures;
  const shown =
    measures.size === 1
      ? TITLES[first]
      : "Training and test loss (a, b) and training and test accuracy (c, d)";
  const hasLosses = measures.has("train_loss") || measures.has("test_loss");
  return [
    `${shown} against effective passes, ${linesText(told)}.`,
    multiples === null
      ? ""
      : `The panels${measures.size === 1 ? "" : " of a measure"} share their scales.`,
    `Passes are on a square-root scale${hasLosses ? ` and losses (mean objective, in ${unit}) on a logarithmic one` : ""}.`,
    measures.has("train_accuracy")
      ? `Training accuracy is on a scale logarithmic in the error; in the lane above the break every training example is right (accuracy exactly 1), each ${line} on a row of its own. ${rings} the pass at which a ${line} first interpolates.`
      : "",
    measures.has("test_accuracy")
      ? `The scale of test accuracy is linear${cut ? " and leaves out the accuracy before training, near chance" : ""}.`
      : "",
    several ? `Lines are medians over the seeds${most > MOST_MARKED ? "" : ranges}.` : "",
    ...drawn,
    ...evaluatedCaption(outcomes),
    stopped.length > 0 && several
      ? "Such a trial keeps its last values, so that lines are medians over all seeds up to the pass at which the last of them ends."
      : "",
    missing > 0 && several && measures.has("train_accuracy")
      ? `${plural(missing, "stopped trial")} interpolated, yet missed examples again in the last pass: a line may end below 100% in spite of its ring.`
      : "",
    diverged > 0
      ? `A cross marks where a trial diverged (${diverged} of ${outcomes.length}); from there on the line speaks of the others.`
      : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function endsWithMisses({ record }: Outcome): boolean {
  return missesAfterInterpolation(record).at(-1) === lastPass(record);
}

export function describePoints({ summaries }: Told): string {
  const axes = varyingAxes(summaries);
  const points = summaries.slice(0, MOST_DESCRIBED).map((summary) => {
    const { trials, interpolated, median } = summary;
    const name = axesText(summary, axes);
    const when = median === null ? "" : `, ${trials.length > 1 ? "median " : ""}at pass ${median}`;
    return trials.length > 1
      ? `${name} interpolates in ${interpolated} of ${trials.length} trials${when}`
      : `${name} ${interpolated ? `interpolates${when}` : "does not interpolate"}`;
  });
  return `${points.join("; ")}${summaries.length > MOST_DESCRIBED ? "; and others" : ""}.`;
}

/** Points that a description tells one by one. */
const MOST_DESCRIBED = 100;
