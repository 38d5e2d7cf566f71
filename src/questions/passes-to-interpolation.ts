// After how many passes each width predicts every training example right, and whether it misses some again.

import { enumerate, passes, plural, runs } from "../base/numbers.ts";
import { passesToInterpolation } from "../analysis/interpolation.ts";
import type { WidthSummary } from "../analysis/summary.ts";
import type { Text } from "../document/document.ts";
import { interpolationFigure } from "../figures/interpolation.ts";
import { evaluatedSentences } from "./evaluated-words.ts";
import { countSentence, onlyNetwork } from "./interpolation-words.ts";
import { trainedNetwork } from "./network.ts";
import { byWidth, question, type Findings } from "./question.ts";

export const passesToInterpolate = question({
  settings: {},
  needs: "sweep",
  figures: () => ["interpolation"],
  answer(findings) {
    const { result, widths, several } = findings;
    const asked = result.study.training.passes;
    const only = widths.length === 1 ? onlyNetwork(findings) : null;
    const when = several
      ? widths.map((summary) => [countSentence(`Width ${summary.width}`, summary, asked)])
      : [[passesSentence(widths, asked)]];
    return {
      facts: only?.facts ?? [],
      sentences: [
        ...(only?.sentences ?? when),
        ...misses(findings),
        ...evaluatedSentences(findings),
      ],
      lines: table(findings),
      section: { id: "interpolation", heading: "Passes to interpolation", blocks: [] },
      draw: (size) => [interpolationFigure(result.outcomes, asked, size)],
      summary: { passes_to_interpolation: byWidth(findings, passesToInterpolation) },
    };
  },
});

/** "Passes to interpolation: 53 at width 32, 41 at width 128. Widths 8 and 16 do not interpolate within 100 passes." */
function passesSentence(widths: readonly WidthSummary[], asked: number): string {
  const done = widths.filter(({ median }) => median !== null);
  const never = widths.filter(({ median }) => median === null).map(({ width }) => width);
  const when = done.map(({ width, median }) => `${median ?? ""} at width ${width}`);
  const [noun, verb] = never.length === 1 ? ["Width", "does"] : ["Widths", "do"];
  return [
    ...(done.length === 0 ? [] : [`Passes to interpolation: ${enumerate(when)}.`]),
    ...(never.length === 0
      ? []
      : [`${noun} ${enumerate(never)} ${verb} not interpolate within ${passes(asked)}.`]),
  ].join(" ");
}

/** A later miss does not undo interpolation, but a reader should know. */
function misses({ result, widths }: Findings): Text[] {
  const parts = widths.flatMap((summary) => {
    const { trials, interpolated } = summary;
    const missed = trials.filter((trial) => trial.misses.length > 0);
    if (missed.length === 0) return [];
    const { name } = trainedNetwork(result, summary);
    const [first] = missed;
    return trials.length === 1
      ? `${name} (${first.misses.length === 1 ? "pass" : "passes"} ${shortened(first.misses)})`
      : `${name} (in ${missed.length} of ${plural(interpolated, "interpolating seed")})`;
  });
  if (parts.length === 0) return [];
  return [
    [
      `After interpolating, training examples are missed again by ${enumerate(parts)}; a later miss does not undo interpolation.`,
    ],
  ];
}

/** Passes as runs; of many, the first ones and how many there are. */
function shortened(missed: readonly number[]): string {
  const written = runs(missed).split(", ");
  return written.length <= 8
    ? written.join(", ")
    : `${written.slice(0, 6).join(", ")}, …: ${missed.length} in all`;
}

function table({ result, widths }: Findings): string[] {
  const { heading } = trainedNetwork(result, widths[0]);
  const column = Math.max(8, heading.length + 3);
  return [
    `${heading.padStart(column)}  passes to interpolation`,
    ...widths.map((summary) => {
      const { entry } = trainedNetwork(result, summary);
      return `${entry.padStart(column)}  ${passesText(summary, result.study.training.passes)}`;
    }),
  ];
}

function passesText(summary: WidthSummary, asked: number): string {
  const { trials, interpolated, median, range } = summary;
  const ends = (["diverged", "stopped"] as const).flatMap((end) => {
    const ended = trials.filter((trial) => trial[end] !== null).length;
    return ended === 0 ? [] : [trials.length === 1 ? end : `${ended} ${end}`];
  });
  const aside = ends.length === 0 ? "" : ` (${ends.join(", ")})`;
  if (range === null) return `never in ${asked}${aside}`;
  const [first, last] = range;
  if (trials.length === 1) return `${first}${aside}`;
  const seeds = `${interpolated} of ${trials.length} seeds${aside}`;
  if (first === last) return `${median === null ? "median never, " : ""}${first} in ${seeds}`;
  return `median ${median ?? "never"}, from ${first} to ${last}, ${seeds}`;
}
