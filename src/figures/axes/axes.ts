// The axes that the figures share: frames, ticks and their labels, titles.

import { INK, FAINT_INK, GRID, element, text, textWidth } from "../svg.ts";

/** A plotting area in px. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  /** In px along the axis. */
  readonly at: number;
  /** Empty for a minor tick: no label, no grid line. */
  readonly label: string;
  /** The label's middle, where it is not at the tick. */
  readonly labelAt?: number;
}

const FONT_SIZE = 11;

/** Labels that do not fit beside each other move to a second row, if `rows` is 2, or are left out. */
export function xAxis(
  frame: Frame,
  ticks: readonly Tick[],
  title: string,
  rows: 1 | 2 = 1,
): string {
  const [upper, others] = labelRows(ticks);
  const lower = rows === 2 ? others : [];
  const marks = ticks.map(({ at, label }) =>
    line(at, frame.bottom, at, frame.bottom + (label === "" ? 2.5 : 4.5)),
  );
  const labels = [upper, lower].flatMap((row, index) =>
    row.map(({ at, label, labelAt = at }) =>
      text(label, { x: labelAt, y: frame.bottom + 17 + 12 * index, "text-anchor": "middle" }),
    ),
  );
  return element(
    "g",
    {},
    line(frame.left, frame.bottom, frame.right, frame.bottom),
    ...marks,
    ...labels,
    title === ""
      ? ""
      : text(title, {
          x: (frame.left + frame.right) / 2,
          y: frame.bottom + (lower.length > 0 ? 47 : 35),
          "text-anchor": "middle",
        }),
  );
}

/** The title runs upwards beside the labels; a faint line crosses the frame at each labelled tick. */
export function yAxis(frame: Frame, ticks: readonly Tick[], title: string): string {
  const marks = ticks.map(({ at, label }) =>
    line(frame.left - (label === "" ? 2.5 : 4.5), at, frame.left, at),
  );
  const labels = withoutOverlap(ticks, () => FONT_SIZE).map(({ at, label }) =>
    text(label, { x: frame.left - 7, y: at + 3.9, "text-anchor": "end" }),
  );
  const middle = (frame.top + frame.bottom) / 2;
  return element(
    "g",
    {},
    gridLines(frame, ticks),
    line(frame.left, frame.top, frame.left, frame.bottom),
    ...marks,
    ...labels,
    title === ""
      ? ""
      : text(title, {
          transform: `translate(${frame.left - 46} ${middle}) rotate(-90)`,
          "text-anchor": "middle",
        }),
  );
}

/** A faint line across the frame at each labelled tick. */
export function gridLines(frame: Frame, ticks: readonly Tick[]): string {
  return ticks
    .filter(({ label }) => label !== "")
    .map(({ at }) =>
      element("line", { x1: frame.left, y1: at, x2: frame.right, y2: at, stroke: GRID }),
    )
    .join("");
}

/** A bold title above the frame, and in plain letters after it what its scale is. */
export function panelTitle(
  { left }: { readonly left: number },
  y: number,
  title: string,
  scale: string,
): string {
  return element(
    "text",
    { x: left, y, "font-size": 12, fill: INK },
    element("tspan", { "font-weight": 600 }, title),
    scale === "" ? "" : element("tspan", { "font-size": 10.5, fill: FAINT_INK, dx: 7 }, scale),
  );
}

/** Two short oblique strokes across the vertical axis: the scale is broken at `y`. */
export function axisBreak(frame: Frame, y: number): string {
  const { left } = frame;
  return element(
    "g",
    {},
    element("line", {
      x1: left,
      y1: y - 2.5,
      x2: left,
      y2: y + 2.5,
      stroke: "#ffffff",
      "stroke-width": 3,
    }),
    line(left - 4, y - 0.5, left + 4, y - 4.5),
    line(left - 4, y + 4.5, left + 4, y + 0.5),
  );
}

/** The ticks whose labels fit beside each other in one row, and of the rest those that fit in a second. */
export function labelRows(ticks: readonly Tick[]): [upper: Tick[], lower: Tick[]] {
  const extent = ({ label }: Tick): number => textWidth(label, FONT_SIZE) + 3;
  const upper = withoutOverlap(ticks, extent);
  const others = ticks.filter((tick) => !upper.includes(tick));
  return [upper, withoutOverlap(others, extent)];
}

/**
 * Leaves out labels that would run into the one before; the last is kept rather than its forerunner.
 * `extent`: what a label takes along the axis, in px.
 */
function withoutOverlap(ticks: readonly Tick[], extent: (tick: Tick) => number): Tick[] {
  const kept: Tick[] = [];
  const named = ticks.filter(({ label }) => label !== "");
  const middle = ({ at, labelAt = at }: Tick): number => labelAt;
  const isFree = (tick: Tick): boolean =>
    kept
      .slice(-1)
      .every(
        (before) => Math.abs(middle(tick) - middle(before)) >= (extent(before) + extent(tick)) / 2,
      );
  for (const tick of named) {
    if (tick === named.at(-1)) while (kept.length > 1 && !isFree(tick)) kept.pop();
    if (isFree(tick)) kept.push(tick);
  }
  return kept;
}

/** A grey lane above the scale for what has no place on it. */
export function lane({ left, right }: Frame, top: number, bottom: number): string {
  return element("rect", {
    x: left + 0.5,
    y: top,
    width: right - left - 0.5,
    height: bottom - top,
    fill: "#f1f1f1",
  });
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return element("line", { x1, y1, x2, y2, stroke: INK });
}
