// A number of an answer with its uncertainty: in summary.json, and in words.

import { threeDigits } from "../base/numbers.ts";

/** What is not finite, such as "never within the passes", is null in `fieldsOf`. */
export interface Estimate {
  readonly value: number;
  /** null where nothing can be said of it, as of one seed. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What the interval is, with its confidence: "95 % percentile bootstrap over 10 seeds", "range of 4 seeds". */
  readonly by: string;
}

/** As a part of summary.json: `{ value, interval: [low, high], by }`. */
export function fieldsOf({ value, interval, by }: Estimate) {
  const finite = (one: number): number | null => (Number.isFinite(one) ? one : null);
  return { value: finite(value), interval: interval?.map(finite) ?? null, by };
}

/** "0.471 (0.452 … 0.49)" */
export function estimateText({ value, interval }: Estimate, shown = threeDigits): string {
  const told = (one: number) => (one === Infinity ? "never" : shown(one));
  return interval === null
    ? told(value)
    : `${told(value)} (${told(interval[0])} … ${told(interval[1])})`;
}
