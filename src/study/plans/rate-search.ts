// The search for the largest stable learning rate: halving, doubling, then bisection of ratios. Verdicts in, rates or a bracket
// out; knows nothing of trials.

import type { RateBracket } from "../../analysis/stable-rates.ts";

/** Powers of two, so that searches meet at the same rates, and each is exactly the number that is told. */
const START = 2 ** -3;
export const SMALLEST_RATE = 2 ** -26;
export const LARGEST_RATE = 2 ** 13;

/** Whether a rate is stable; undefined as long as that is not known. */
export type IsStable = (rate: number) => boolean | undefined;

export type RateStep = { readonly rates: readonly number[] } | { readonly answer: RateBracket };

/**
 * What the verdicts so far say: the rates that are needed next, or the bracket.
 *
 * From 0.125 down by halves until a rate is stable, or up by doubling until one is not; then the geometric middle, until the
 * unstable end is at most `ratio` times the stable one. Without `checksBelow` small rates may be too slow to be stable: where
 * none down from 0.125 is, those above it are tried up by doubling until one is. The bisection takes stability for falling with the rate, so twice the upper
 * end is tried at last, and with `checksBelow` half of the lower one; where they contradict, `against` has them and the
 * bracket stays.
 */
export function rateSearch(isStable: IsStable, ratio: number, checksBelow: boolean): RateStep {
  let [low, high] = [0, Infinity];
  for (;;) {
    let rate = nextRate(low, high, ratio);
    if (rate === null && low === 0 && !checksBelow)
      for (let above = 2 * START; above <= LARGEST_RATE; above *= 2) {
        const verdict = isStable(above);
        if (verdict === false) continue;
        [rate, high] = [above, Infinity];
        break;
      }
    if (rate === null) break;
    const verdict = isStable(rate);
    if (verdict === undefined) return { rates: [rate] };
    if (verdict) low = rate;
    else high = rate;
  }
  const beyond = [
    { rate: 2 * high, expected: false },
    ...(checksBelow ? [{ rate: low / 2, expected: true }] : []),
  ].filter(({ rate }) => rate >= SMALLEST_RATE && rate <= LARGEST_RATE);
  const unknown = beyond.filter(({ rate }) => isStable(rate) === undefined);
  if (unknown.length > 0) return { rates: unknown.map(({ rate }) => rate) };
  const against = beyond.filter(({ rate, expected }) => isStable(rate) !== expected);
  return { answer: { low, high, against: against.map(({ rate }) => rate) } };
}

/** The rate to try between a stable and an unstable one (0 and Infinity where none is known); null where none is left. */
function nextRate(low: number, high: number, ratio: number): number | null {
  if (low === 0 && high === Infinity) return START;
  if (low === 0) return high > SMALLEST_RATE ? high / 2 : null;
  if (high === Infinity) return low < LARGEST_RATE ? 2 * low : null;
  const middle = sixDigits(Math.sqrt(low * high));
  return high > ratio * low && middle > low && middle < high ? middle : null;
}

/** Products, roots and their digits are the same on every machine. */
function sixDigits(rate: number): number {
  return Number(rate.toPrecision(6));
}
