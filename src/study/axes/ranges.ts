// The points of a range, the same on every machine: float64, with exp and log of our own, rounded to six significant
// decimal digits. What is shown of a point is the number that is used.

import { exp, log } from "../../model/elementary.ts";

export type Range =
  | {
      readonly scale: "linear" | "log";
      readonly from: number;
      readonly to: number;
      readonly points: number;
    }
  | { readonly scale: "log2"; readonly from: number; readonly to: number };

/**
 * Ascending and distinct: on `integers` each is rounded to one, and of those that coincide one stays. Under `log2` all
 * powers of two from `from` to `to`, exactly.
 */
export function pointsOf(range: Range, integers: boolean): number[] {
  const points = range.scale === "log2" ? powersOfTwo(range) : spaced(range);
  // + 0: what is rounded to −0 is 0.
  return [...new Set(points.map((point) => (integers ? Math.round(point) : point) + 0))];
}

/** How many points are asked for, before any coincide. */
export function askedPoints(range: Range): number {
  return range.scale === "log2" ? powersOfTwo(range).length : range.points;
}

function spaced({ scale, from, to, points }: Extract<Range, { points: number }>): number[] {
  const [start, end] = scale === "log" ? [log(from), log(to)] : [from, to];
  const step = (end - start) / (points - 1);
  return Array.from({ length: points }, (_, i) => {
    const at = start + i * step;
    const inner = scale === "log" ? exp(at) : at;
    return sixDigits(i === 0 ? from : i === points - 1 ? to : inner);
  });
}

function sixDigits(value: number): number {
  return Number(value.toPrecision(6));
}

function powersOfTwo({ from, to }: { readonly from: number; readonly to: number }): number[] {
  const powers: number[] = [];
  let power = 1;
  while (power > from) power /= 2;
  while (power < from) power *= 2;
  for (; power <= to; power *= 2) powers.push(power);
  return powers;
}
