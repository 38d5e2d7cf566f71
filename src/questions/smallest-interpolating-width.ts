// The smallest width that predicts every training example right within the passes of the study.

import { enumerate, passes } from "../base/numbers.ts";
import { smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import type { WidthSummary } from "../analysis/summary.ts";
import type { Text } from "../document/document.ts";
import { evaluatedSentences } from "./evaluated-words.ts";
import { allExamples, ofSeeds, ONCE, onlyNetwork } from "./interpolation-words.ts";
import { trainedNetwork } from "./network.ts";
import { isSwept, question, type Answer, type Findings } from "./question.ts";

export const smallestWidth = question({
  settings: {},
  needs: "sweep",
  figures: () => [],
  answer(findings): Answer {
    const { result, widths, several } = findings;
    const smallest = smallestInterpolatingWidth(result.outcomes);
    const summary = widths.find(({ width }) => width === smallest);
    const behind = several ? `in most of ${widths[0].trials.length} seeds` : ONCE;
    const found = {
      claim: claim(findings, summary),
      summary: { smallest_interpolating_width: smallest },
    };
    if (widths.length > 1)
      return {
        ...found,
        facts: [
          {
            name: "smallest interpolating width",
            value: String(smallest ?? "none"),
            note: note(findings, summary),
          },
        ],
        sentences: [sentence(findings, summary), ...evaluatedSentences(findings)],
        lines: [`smallest interpolating width: ${smallest ?? "none of these"} (${behind})`],
      };
    const { name } = trainedNetwork(result, widths[0]);
    const verb = summary === undefined ? "does not interpolate" : "interpolates";
    const alone = isSwept(findings) ? "; no other width was trained" : "";
    return { ...found, ...onlyNetwork(findings), lines: [`${name} ${verb} (${behind})${alone}`] };
  },
});

function claim({ result, widths }: Findings, summary: WidthSummary | undefined): string {
  if (summary !== undefined)
    return `${trainedNetwork(result, summary).name} interpolates at pass ${summary.median}`;
  return widths.length === 1
    ? `${trainedNetwork(result, widths[0]).name} does not interpolate`
    : "no width interpolates";
}

function note({ result, widths }: Findings, summary: WidthSummary | undefined): string {
  if (summary === undefined)
    return `of ${enumerate(widths.map(({ width }) => width))}, within ${passes(result.study.training.passes)}`;
  const median = passes(summary.median ?? NaN);
  return summary.trials.length > 1 ? `${ofSeeds(summary)}, median ${median}` : `after ${median}`;
}

function sentence(findings: Findings, summary: WidthSummary | undefined): Text {
  const { result, widths, several } = findings;
  const within = `within ${passes(result.study.training.passes)}`;
  if (summary === undefined)
    return [{ strong: `No width interpolates${several ? " in most seeds" : ""}` }, ` ${within}.`];
  const all = `${allExamples(findings)} are predicted right`;
  const name = { strong: String(summary.width) };
  if (summary.trials.length === 1) {
    const wider = widths.filter(({ width, median }) => width > summary.width && median === null);
    const numbers = enumerate(wider.map(({ width }) => width));
    return [
      "The smallest width that interpolates is ",
      name,
      `: after ${passes(summary.median ?? NaN)} ${all}.`,
      ...(wider.length === 0
        ? []
        : [` Yet the wider ${numbers} ${wider.length === 1 ? "does" : "do"} not.`]),
    ];
  }
  const every = smallestInterpolatingWidth(result.outcomes, "every");
  return [
    "The smallest width that interpolates in most seeds is ",
    name,
    `: in ${ofSeeds(summary)}, ${all} ${within}. `,
    every === summary.width
      ? "It does so in every seed."
      : every === null
        ? "No width does so in every seed."
        : `The smallest that does so in every seed is ${every}.`,
  ];
}
