// Where the legend and the panels of the curves lie on each sheet, in px.

import type { Frame } from "../axes/axes.ts";
import type { LegendPlace } from "../marks/legend.ts";
import { PHONE_WIDTH, SLIDE, type FigureSize } from "../size.ts";
import type { Sheet } from "../svg.ts";

export interface Place {
  readonly frame: Frame;
  /** Whether the panel's title has room for what its scale is in full. */
  readonly roomy: boolean;
  /** Whether the axis of passes has its title here. */
  readonly titledAxis: boolean;
}

export interface CurvesLayout {
  readonly legend: LegendPlace;
  /** `legend`: the height of its rows; `places`: of the panels, row by row. */
  layOut(legend: number): { readonly sheet: Sheet; readonly places: readonly Place[] };
}

/** Above a panel its title and, of training accuracy, a row of numbers; below it ticks and their title. */
const HEADROOM = 28;
const FOOTROOM = 46;

export const LAYOUTS: Readonly<Record<FigureSize | "single", CurvesLayout>> = {
  paper: {
    legend: { left: 58, right: 750, top: 20 },
    layOut(legend) {
      const panel = { width: 282, height: 216, gap: 96, top: 20 + legend + HEADROOM };
      const places = grid([58, 432], 2, panel, { roomy: true, titledAxis: true });
      return { sheet: { width: 760, height: bottomOf(places) + FOOTROOM }, places };
    },
  },
  phone: {
    legend: { left: 10, right: PHONE_WIDTH - 4, top: 16 },
    layOut(legend) {
      const panel = { width: PHONE_WIDTH - 84, height: 180, gap: 92, top: 16 + legend + HEADROOM };
      const places = grid([48], 4, panel, { roomy: false, titledAxis: true });
      return { sheet: { width: PHONE_WIDTH, height: bottomOf(places) + FOOTROOM }, places };
    },
  },
  slide: {
    legend: { left: 48, right: SLIDE.width - 8, top: 14, mostRows: 3 },
    layOut(legend) {
      const gap = 60;
      const top = 14 + legend + 12;
      const height = (SLIDE.height - 40 - top - gap) / 2;
      const panel = { width: 218, height, gap, top };
      const places = grid([48, 352], 2, panel, { roomy: false, titledAxis: false });
      return {
        sheet: SLIDE,
        places: places.map((place, index) => ({ ...place, titledAxis: index >= 2 })),
      };
    },
  },
  single: {
    legend: { left: 48, right: SLIDE.width - 8, top: 16, mostRows: 3 },
    layOut(legend) {
      const frame = {
        left: 56,
        right: SLIDE.width - 48,
        top: 16 + legend + HEADROOM,
        bottom: SLIDE.height - 42,
      };
      return { sheet: SLIDE, places: [{ frame, roomy: true, titledAxis: true }] };
    },
  },
};

function grid(
  columns: readonly number[],
  rows: number,
  { width, height, gap, top }: { width: number; height: number; gap: number; top: number },
  room: Omit<Place, "frame">,
): Place[] {
  const tops = Array.from({ length: rows }, (_, row) => top + row * (height + gap));
  return tops.flatMap((top) =>
    columns.map((left) => ({
      frame: { left, right: left + width, top, bottom: top + height },
      ...room,
    })),
  );
}

function bottomOf(places: readonly Place[]): number {
  return Math.max(...places.map(({ frame }) => frame.bottom));
}
