// What a trial trained, in words: its width, or its hidden layers where one width does not say it.

import { axesText } from "../analysis/points.ts";
import type { PointSummary } from "../analysis/summary.ts";
import type { LearningRateAnswer } from "../study/plans/learning-rate.ts";
import type { StudyResult } from "../study/result.ts";

export interface NetworkWords {
  /** Heading of a column of networks, and this one's entry there. */
  readonly heading: "width" | "hidden layers";
  readonly entry: string;
  /** As a subject: "width 64", "the network without a hidden layer". */
  readonly name: string;
  /** Of what happens there: "at width 64", "with hidden layers 64, 32". */
  readonly at: string;
}

/** `hidden`: widths of the hidden layers, from input to output. */
function networkWords(hidden: readonly number[]): NetworkWords {
  const entry = hidden.length === 0 ? "none" : hidden.join(", ");
  if (hidden.length === 1) {
    return { heading: "width", entry, name: `width ${entry}`, at: `at width ${entry}` };
  }
  const at = hidden.length === 0 ? "without a hidden layer" : `with hidden layers ${entry}`;
  return { heading: "hidden layers", entry, name: `the network ${at}`, at };
}

/** The network of a summary: by its width where the study sweeps one, else by its layers; and by what else it sweeps. */
export function trainedNetwork(
  { study }: StudyResult,
  { width, values, trials }: PointSummary,
): NetworkWords {
  const { hidden } = trials[0].outcome.record.specification.model;
  const isWidth = study.sweep.width.length > 0;
  const words = networkWords(isWidth ? [width] : hidden);
  const { paths } = study.sweep;
  if (paths === undefined) return words;
  const name = axesText({ values }, [...(isWidth ? ["width"] : []), ...Object.keys(paths)]);
  return { ...words, name, at: `at ${name}` };
}

/** Points that are named one by one; of more it is told how many there are. */
export const MOST_NAMED = 12;

/** Where η* was searched: the network, and the seed (null under the notebook's streams). */
export function searched({ probes }: LearningRateAnswer): {
  readonly network: NetworkWords;
  readonly seed: number | null;
} {
  const { model, streams } = probes[0].record.specification;
  return {
    network: networkWords(model.hidden),
    seed: streams.kind === "named" ? streams.seed : null,
  };
}
