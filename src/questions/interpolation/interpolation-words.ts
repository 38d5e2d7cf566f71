// How interpolation is put into words: of one point, and of a network that is compared with no other.

import { count, passes, plural } from "../../base/numbers.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import type { Text } from "../../document/document.ts";
import {
  estimateText,
  medianEstimate,
  medianIntervalWords,
  shareEstimate,
  type Estimate,
} from "../estimate.ts";
import { trainedNetwork } from "../network.ts";
import { capitalized, isSwept, type Answer, type Findings } from "../question.ts";

export const ONCE = "by one seed and one rounding; the report says more";

/** Where there is nothing to compare with: whether the one network interpolates, and when. */
export function onlyNetwork(findings: Findings): Required<Pick<Answer, "facts" | "sentences">> {
  const { result, points } = findings;
  const [summary] = points;
  const { trials, median } = summary;
  const { name, at } = trainedNetwork(result, summary);
  const asked = result.study.training.passes;
  const within = `within ${passes(asked)}`;
  const note = trials.length > 1 ? `median; ${ofSeeds(summary)} ${within}` : within;
  const subject = capitalized(name);
  const alone = isSwept(findings) ? " No other width was trained." : "";
  return {
    facts: [
      {
        name: `passes to interpolation ${at}`,
        value: String(median ?? "never"),
        note: isSwept(findings) ? `${note}; no other width was trained` : note,
      },
    ],
    sentences:
      trials.length > 1
        ? [[countSentence(subject, summary, asked), alone], bracketsSentence(summary)]
        : median === null
          ? [[{ strong: `${subject} does not interpolate` }, ` ${within}.`, alone]]
          : [
              [
                { strong: `${subject} interpolates` },
                `: after ${passes(median)} ${allExamples(summary)} are predicted right.`,
                alone,
              ],
            ],
  };
}

/** "Width 32 interpolates in 9 of 10 seeds (60 … 98 %), after 46 to 60 passes; the median over all seeds is 53 (48 … 58)." */
export function countSentence(name: string, summary: PointSummary, asked: number): string {
  const { range, median, interpolated, trials } = summary;
  const seeds = `${name} interpolates in ${ofSeeds(summary)} (${shareInterval(summary)})`;
  if (range === null) return `${seeds} within ${passes(asked)}.`;
  const [first, last] = range;
  const spread = first === last ? `after ${passes(first)}` : `after ${first} to ${passes(last)}`;
  const aside = median !== null && interpolated < trials.length ? ", never counting as latest" : "";
  return `${seeds}, ${spread}; the median over all seeds is ${estimateText(medianPasses(summary), String)}${aside}.`;
}

/** Passes to interpolation over all seeds, where never counts as later than any pass. */
export function medianPasses({ trials }: PointSummary): Estimate {
  return medianEstimate(trials.map(({ passes }) => passes ?? Infinity));
}

export function interpolatingShare({ interpolated, trials }: PointSummary): Estimate {
  return shareEstimate(interpolated, trials.length);
}

/** "60 … 98 %" */
export function percentInterval({ interval }: Estimate): string {
  const [low, high] = (interval ?? [0, 1]).map((share) => (100 * share).toFixed(0));
  return `${low} … ${high} %`;
}

export function shareInterval(summary: PointSummary): string {
  return percentInterval(interpolatingShare(summary));
}

/** What stands in brackets in sentences of several seeds. */
export function bracketsSentence({ trials }: PointSummary): Text {
  return [
    `In brackets stand Wilson's 95 % interval of the share of seeds, and ${medianIntervalWords(trials.length)}.`,
  ];
}

export function allExamples({ trials }: PointSummary): string {
  const { examples } = trials[0].outcome.record.trajectory[0].train;
  return `all ${count(examples)} training examples`;
}

export function ofSeeds({ interpolated, trials }: PointSummary): string {
  return `${interpolated} of ${plural(trials.length, "seed")}`;
}
