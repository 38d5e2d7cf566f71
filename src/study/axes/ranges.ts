// The points of a range, the same on every machine: float64, with exp and log of our own, rounded to six significant
// decimal digits, those of a map to twelve. What is shown of a point is the number that is used.

import { exp, log } from "../../model/elementary.ts";

export interface SpacedRange {
  readonly scale: "linear" | "log";
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

export type Range =
  SpacedRange | { readonly scale: "log2"; readonly from: number; readonly to: number };

/**
 * Ascending and distinct: on `integers` each is rounded to one, and of those that coincide one stays. Under `log2` all
 * powers of two from `from` to `to`, exactly.
 */
export function pointsOf(range: Range, integers: boolean, digits = 6): number[] {
  const points = range.scale === "log2" ? powersOfTwo(range) : spaced(range, digits);
  return [...new Set(rounded(points, integers))];
}

/** Significant digits of a map's points. */
export const MAP_DIGITS = 12;

/** A map's axis: its ends have the digits of its points, and powers of two are points of a logarithmic one. */
export function mapRange(range: Range): SpacedRange {
  const powers = range.scale === "log2" ? powersOfTwo(range) : [range.from, range.to];
  const [from, to] = [powers[0], powers[powers.length - 1]].map((end) => digitsOf(end, MAP_DIGITS));
  return range.scale === "log2"
    ? { scale: "log", from, to, points: powers.length }
    : { ...range, from, to };
}

/**
 * All points of the grid that halves the distances of a map's axis `refine` times; on `integers` neighbours may coincide.
 * A point is the same number on every grid that has it: halving a distance, and doubling how often it is gone, is exact.
 */
export function refinedPoints(range: SpacedRange, refine: number, integers: boolean): number[] {
  const points = (range.points - 1) * 2 ** refine + 1;
  return rounded(spaced({ ...range, points }, MAP_DIGITS), integers);
}

function rounded(points: readonly number[], integers: boolean): number[] {
  // + 0: what is rounded to −0 is 0.
  return points.map((point) => (integers ? Math.round(point) : point) + 0);
}

/** How many points are asked for, before any coincide. */
export function askedPoints(range: Range): number {
  return range.scale === "log2" ? powersOfTwo(range).length : range.points;
}

function spaced({ scale, from, to, points }: SpacedRange, digits: number): number[] {
  const [start, end] = scale === "log" ? [log(from), log(to)] : [from, to];
  const step = (end - start) / (points - 1);
  return Array.from({ length: points }, (_, i) => {
    const at = start + i * step;
    const inner = scale === "log" ? exp(at) : at;
    return digitsOf(i === 0 ? from : i === points - 1 ? to : inner, digits);
  });
}

function digitsOf(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function powersOfTwo({ from, to }: { readonly from: number; readonly to: number }): number[] {
  const powers: number[] = [];
  let power = 1;
  while (power > from) power /= 2;
  while (power < from) power *= 2;
  for (; power <= to; power *= 2) powers.push(power);
  return powers;
}
