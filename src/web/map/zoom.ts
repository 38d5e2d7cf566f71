// A part of a map as a study of its own: the ends of its axes, in as few digits as tell them.

import { MAP_DIGITS } from "../../study/axes/ranges.ts";
import type { MapOutline, OutlineAxis } from "./outline.ts";

/** A part of a map, by columns and rows of its finest grid: fractions from the outer edge of the first cell on. */
export interface Part {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

export type Edit = readonly [path: readonly string[], value: unknown];

/** Digits beyond those in which an end differs from the other one. */
const SPARE = 3;

/** What a study's text changes by; null where its points would no longer differ. */
export function zoomEdits({ x, y, refine }: MapOutline, part: Part): Edit[] | null {
  const edits = [
    editsOf(x, refine, part.left, part.right),
    editsOf(y, refine, part.bottom, part.top),
  ];
  return edits.some((one) => one === null) ? null : edits.flatMap((one) => one ?? []);
}

function editsOf(axis: OutlineAxis, refine: number, low: number, high: number): Edit[] | null {
  const path = ["sweep", axis.axis];
  const { values, points, scale } = axis;
  if (points === null) {
    const chosen = values.slice(Math.floor(low), Math.ceil(high));
    return chosen.length === 0 ? null : [[path, chosen]];
  }
  const ends = endsOf(axis, refine, low, high);
  return (
    ends && [
      [[...path, "from"], ends[0]],
      [[...path, "to"], ends[1]],
      // What was said in powers of two has other ends now.
      ...(scale === "log"
        ? ([
            [[...path, "scale"], "log"],
            [[...path, "points"], points],
          ] as const)
        : []),
    ]
  );
}

function endsOf(
  { values, scale, isInteger, points }: OutlineAxis,
  refine: number,
  low: number,
  high: number,
): [number, number] | null {
  const last = values.length - 1;
  const numbers = values.map(Number);
  const scaled = (value: number) => (scale === "log" ? Math.log(value) : value);
  const [start, end] = [scaled(numbers[0]), scaled(numbers[last])];
  // A cell's point is its middle.
  const at = (place: number) => {
    const share = Math.min(1, Math.max(0, (place - 0.5) / last));
    const value = start + share * (end - start);
    return scale === "log" ? Math.exp(value) : value;
  };
  const ends = [at(low), at(high)];
  if (isInteger) {
    const [from, to] = ends.map(Math.round);
    return from < to ? [from, to] : null;
  }
  const size = Math.max(...ends.map(Math.abs));
  const decades = -Math.log10((ends[1] - ends[0]) / size);
  const finest = ((points ?? 2) - 1) * 2 ** refine;
  if (!(decades + Math.log10(finest) < MAP_DIGITS - 1)) return null;
  const digits = Math.min(MAP_DIGITS, Math.max(2, Math.ceil(decades) + SPARE));
  const [from, to] = ends.map((value) => Number(value.toPrecision(digits)));
  return [from, to];
}

/** A part of a certain size around a point, as far as the map goes. */
export function partAround(
  column: number,
  row: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  share: number,
): Part {
  const within = (at: number, size: number): [number, number] => {
    const half = (share * size) / 2;
    const middle = Math.min(size - half, Math.max(half, at + 0.5));
    return [middle - half, middle + half];
  };
  const [[left, right], [bottom, top]] = [within(column, columns), within(row, rows)];
  return { left, right, bottom, top };
}
