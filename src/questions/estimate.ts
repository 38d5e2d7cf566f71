// A number of an answer with its uncertainty: in summary.json, and in words.

import { medianInterval } from "../analysis/statistics/median-interval.ts";
import { wilsonInterval } from "../analysis/statistics/share.ts";
import { plural, threeDigits } from "../base/numbers.ts";

/** What is not finite, such as "never within the passes", is null in `fieldsOf`. */
export interface Estimate {
  readonly value: number;
  /** null where nothing can be said of it, as of one seed. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What the interval is, with its confidence: "95 % percentile bootstrap over 10 seeds", "range of 4 seeds". */
  readonly by: string;
}

/** Of fewer seeds no two order statistics hold a median at 95 %. */
export const FEWEST_SEEDS = 6;

/** The median of one value a seed; Infinity for never. Throws RangeError for none, and for NaN. */
export function medianEstimate(values: readonly number[]): Estimate {
  const { median, low, high, kind } = medianInterval(values);
  const seeds = plural(values.length, "seed");
  if (values.length === 1) return { value: median, interval: null, by: seeds };
  const by =
    kind === "range" ? `range of ${seeds}` : `95 % interval between order statistics of ${seeds}`;
  return { value: median, interval: [low, high], by };
}

/** Draws of fewer seeds are so few that the ends of their percentiles are those of the seeds. */
export const FEWEST_DRAWN = 5;

/** With a percentile bootstrap over so many seeds, or other units, where they are enough. */
export function bootstrapEstimate(
  value: number,
  interval: { readonly low: number; readonly high: number } | null,
  count: number,
  unit = "seed",
): Estimate {
  const units = plural(count, unit);
  if (count === 1) return { value, interval: null, by: units };
  if (interval === null || count < FEWEST_DRAWN)
    return { value, interval: null, by: `${units}; a bootstrap takes ${FEWEST_DRAWN}` };
  const by = `95 % percentile bootstrap over ${units}`;
  return { value, interval: [interval.low, interval.high], by };
}

/** Of n seeds, k of which do something. */
export function shareEstimate(k: number, n: number): Estimate {
  const { low, high } = wilsonInterval(k, n);
  return {
    value: k / n,
    interval: [low, high],
    by: `Wilson's 95 % interval of ${plural(n, "seed")}`,
  };
}

/** What stands in brackets after medians of so many seeds, as a part of a sentence. */
export function medianIntervalWords(seeds: number): string {
  return seeds < FEWEST_SEEDS
    ? `the range of the ${seeds} seeds, as an interval of a median takes ${FEWEST_SEEDS}`
    : "the 95 % interval of a median, between two order statistics";
}

/** As a part of summary.json: `{ value, interval: [low, high], by }`; of what is worse than any number there is no interval. */
export function fieldsOf({ value, interval, by }: Estimate) {
  const finite = (one: number): number | null => (Number.isFinite(one) ? one : null);
  const isNone = interval?.[1] === -Infinity;
  return { value: finite(value), interval: (isNone ? null : interval)?.map(finite) ?? null, by };
}

/** "0.471 (0.452 … 0.49)"; `infinite`: what Infinity is called. */
export function estimateText(
  { value, interval }: Estimate,
  shown = threeDigits,
  infinite = "never",
): string {
  const told = (one: number) => (one === Infinity ? infinite : shown(one));
  return interval === null || interval[0] === Infinity || interval[1] === -Infinity
    ? told(value)
    : `${told(value)} (${told(interval[0])} … ${told(interval[1])})`;
}
