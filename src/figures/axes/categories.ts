// How categories are named below an axis that has a place for each: in a row where they fit, of several parts in a row for
// each part, else by numbers that a legend tells.

import { xAxis, labelRows, type Frame, type Tick } from "./axes.ts";
import { element, text } from "../svg.ts";

/** Between the parts of a category's name: "16 · 0.2". */
export const PARTS = " · ";
const ROW = 13;

export interface CategoryNames {
  /** From the axis downwards, a label for each category; "" where the one before has the same. */
  readonly rows: readonly (readonly string[])[];
  /** What numbers stand for. */
  readonly told: readonly string[];
}

/** `step`: from one category to the next, in px. */
export function categoryNames(names: readonly string[], step: number): CategoryNames {
  const fits = (row: readonly string[]) => {
    const ticks = row.flatMap((label, at) => (label === "" ? [] : [{ at: at * step, label }]));
    return labelRows(ticks)[0].length === ticks.length;
  };
  const isNumeric = names.every((name) => Number.isFinite(Number(name)));
  // Of ordered numbers some are enough.
  if (isNumeric || fits(names)) return { rows: [names], told: [] };
  const parts = names.map((name) => name.split(PARTS));
  const rows = parts[0].map((_, row) =>
    parts.map((own, at) => {
      const isSame =
        at > 0 && own.slice(0, row + 1).join() === parts[at - 1].slice(0, row + 1).join();
      return isSame ? "" : own[row];
    }),
  );
  if (rows.length > 1 && rows.every(fits)) return { rows, told: [] };
  const numbers = names.map((_, at) => String(at + 1));
  return { rows: [numbers], told: names.map((name, at) => `${at + 1}: ${name}`) };
}

/** Below the axis, beyond its first row. */
export function categoryRoom({ rows }: CategoryNames): number {
  return (rows.length - 1) * ROW;
}

/** `places`: of the categories. */
export function categoryAxis(
  frame: Frame,
  places: readonly number[],
  { rows }: CategoryNames,
  title: string,
): string {
  const ticks = (row: readonly string[]): Tick[] =>
    row.map((label, index) => ({ at: places[index], label }));
  const [first, ...others] = rows;
  if (others.length === 0) return xAxis(frame, ticks(first), title);
  return element(
    "g",
    {},
    xAxis(frame, ticks(first), ""),
    ...others.flatMap((row, index) =>
      ticks(row).map(({ at, label }) =>
        text(label, { x: at, y: frame.bottom + 17 + ROW * (index + 1), "text-anchor": "middle" }),
      ),
    ),
    text(title, {
      x: (frame.left + frame.right) / 2,
      y: frame.bottom + 35 + ROW * others.length,
      "text-anchor": "middle",
    }),
  );
}
