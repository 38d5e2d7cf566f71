// Where the numbers or categories of a figure's points lie across it.

import { scaleLinear, scaleLog, scalePoint, scaleSymlog } from "d3-scale";

import type { Frame, Tick } from "./axes.ts";
import { categoryNames, type CategoryNames } from "./categories.ts";
import { logTicks } from "./ticks.ts";

/** Values beyond which ticks stand at round numbers. */
const MOST_TICKS = 40;

interface Placed {
  readonly x: number | string;
}

/** From the frame's edges to the first category and the last, in steps from one to the next. */
const EDGE = 0.6;

export function categoriesOf(points: readonly Placed[], { left, right }: Frame): CategoryNames {
  const names = [...new Set(points.map(({ x }) => String(x)))];
  return categoryNames(names, (right - left - 11) / (names.length - 1 + 2 * EDGE));
}

export interface Across {
  /** null where there is no place for it. */
  readonly at: (x: number | string) => number | null;
  readonly ticks: readonly Tick[];
  /** Of categories: how far points of neighbouring lines lie apart. */
  readonly beside: number;
}

export function acrossOf(
  scale: "linear" | "log" | "categories",
  points: readonly Placed[],
  frame: Frame,
): Across {
  const range: [number, number] = [frame.left + 8, frame.right - 3];
  const values = [...new Set(points.map(({ x }) => x))];
  if (scale === "categories") {
    const place = scalePoint(values.map(String), range).padding(EDGE);
    return {
      at: (x) => place(String(x)) ?? null,
      ticks: values.map((value) => ({
        at: place(String(value)) ?? range[0],
        label: String(value),
      })),
      beside: Math.min(14, place.step() / 3),
    };
  }
  const isLog = scale === "log";
  const numbers = values
    .map(Number)
    .filter((x) => Number.isFinite(x) && (!isLog || x >= 0))
    .sort((a, b) => a - b);
  const [low, high] = [numbers.at(0) ?? 1, numbers.at(-1) ?? 1];
  // A logarithm has no place for a width of 0; log(1 + x) has.
  const of = !isLog
    ? scaleLinear([low, high], range)
    : low === 0
      ? scaleSymlog([low, high], range)
      : scaleLog([low, high], range);
  const at = (x: number | string) => {
    if (!Number.isFinite(Number(x)) || (isLog && Number(x) < Math.min(low, 0))) return null;
    if (isLog && low > 0 && Number(x) <= 0) return null;
    return low === high ? (range[0] + range[1]) / 2 : of(Number(x));
  };
  const isEach = numbers.length <= MOST_TICKS && numbers.every(Number.isInteger);
  const ticks =
    isEach || low === high
      ? numbers.map((value) => ({ value, label: numberText(value) }))
      : isLog && low > 0
        ? logTicks([low, high])
        : of.ticks(7).map((value) => ({ value, label: numberText(value) }));
  return {
    ...{ at, beside: 0 },
    ticks: ticks.map(({ value, label }) => ({ at: at(value) ?? range[0], label })),
  };
}

export function numberText(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const size = Math.abs(rounded);
  return size !== 0 && (size >= 1e6 || size < 1e-4) ? rounded.toExponential() : String(rounded);
}
