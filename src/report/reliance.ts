// How far a reader may rely on the answers: what one seed and one rounding decided.

import { smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import { NOTEBOOK_STUDY } from "../study/plans/notebook-order.ts";
import { FASHION_MNIST } from "../data/sets/fashion-mnist.ts";
import type { Text } from "../document/document.ts";
import type { Answered } from "../questions/asked.ts";
import type { Study } from "../study/spec.ts";
import { isNotebooks } from "../homework/report-section.ts";

/** Measured by `widthwise replay --ensemble 20`; the README has the whole table. */
const ROUNDING =
  "In widthwise's own homework (a tenth of FashionMNIST), moving every initial weight by one unit in the last place, twenty times, moved the pass at which width 32 interpolates between 52 and 70. ";

/** Of other data it says nothing. */
function roundingWords({ dataset }: Study): string {
  return `Training can be chaotic in the last bit. ${dataset.name === FASHION_MNIST.name ? ROUNDING : ""}`;
}

/**
 * What stands behind the answers: one seed or several, and one rounding. `widthwise replay --ensemble` is told of
 * where it measures this very answer: in the notebook's setting, of widths and within passes that it trained.
 */
export function reliance({ result, points: summaries, several, answers }: Answered): Text {
  const rounding = roundingWords(result.study);
  const { streams } = result.study;
  if (result.perturbed !== undefined)
    return [
      "Seeds were trained again with initial weights moved by one unit in the last place: what rounding does to these answers was measured, above. All trainings have one order of summation.",
    ];
  if (several || (streams.kind === "named" && streams.seeds.length > 1)) {
    return [
      "Each seed above was trained once, with one order of summation. ",
      rounding,
      "The spread over the seeds includes what rounding does here; rely on counts and medians more than on one seed's passes.",
    ];
  }
  const claim = [...answers.values()].find((answer) => answer.claim !== undefined)?.claim;
  const behind = claim === undefined ? "these answers" : `“${claim}”`;
  const smallest = smallestInterpolatingWidth(result.outcomes);
  const summary = summaries.find(({ width }) => width === smallest);
  const widths = (summary === undefined ? summaries : [summary]).map(({ width }) => width);
  const isReplayed =
    isNotebooks(result) &&
    widths.every((width) => NOTEBOOK_STUDY.widths.some((known) => known === width)) &&
    (summary?.median ?? result.study.training.passes) <= NOTEBOOK_STUDY.passes;
  return [
    { strong: `One seed and one rounding stand behind ${behind}.` },
    " ",
    rounding,
    ...(isReplayed
      ? [
          { code: "widthwise replay --ensemble 20" },
          " does so for all five of the homework's widths.",
        ]
      : [
          "How far rounding moves this answer was not measured; several seeds (",
          { code: "--seeds 0..9" },
          ") show how far it moves from one to the next.",
        ]),
  ];
}
