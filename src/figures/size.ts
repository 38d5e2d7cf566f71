// The sizes that every figure can be drawn at. Letters and strokes measure the same on each sheet, so
// that a small sheet that is shown large has large ones.

import type { Sheet } from "./svg.ts";

/** For a page, for a talk, for a narrow screen. */
export type FigureSize = "paper" | "slide" | "phone";

/** 16:9; the smallest letters, 10.5 px, are more than 3 % of its height. */
export const SLIDE: Sheet = { width: 608, height: 342, shown: { width: 960, height: 540 } };

/** What a phone shows of a page, in px, beside the margins. */
export const PHONE_WIDTH = 340;

/** The sheet of a figure that has one panel; `height`: what it takes on paper. */
export function sheetOf(size: FigureSize, height: number): Sheet {
  if (size === "slide") return SLIDE;
  return { width: size === "phone" ? PHONE_WIDTH : 620, height };
}
