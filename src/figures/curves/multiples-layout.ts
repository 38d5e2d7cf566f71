// Where the legend and the panels of small multiples lie on each sheet, in px.

import type { Frame } from "../axes/axes.ts";
import type { LegendPlace } from "../marks/legend.ts";
import { PHONE_WIDTH, SLIDE, type FigureSize } from "../size.ts";
import type { Sheet } from "../svg.ts";

/** The panels of one measure, row by row. */
export interface Block {
  /** Where its title begins. */
  readonly left: number;
  readonly top: number;
  /** Whether the title has room for what the scale is in full, and the axis of passes its title. */
  readonly roomy: boolean;
  readonly titledAxis: boolean;
  /** `first`: of its row, beside which the scale has its numbers. */
  readonly places: readonly { readonly frame: Frame; readonly first: boolean }[];
}

export interface MultiplesLayout {
  readonly legend: LegendPlace;
  /** `legend`: the height of its rows; `panels`: of a measure; as many blocks as measures. */
  layOut(
    legend: number,
    panels: number,
  ): { readonly sheet: Sheet; readonly blocks: readonly Block[] };
}

/** From a block's top to its first panel's: title and heading; below each panel numbers; to the title of its axis. */
const TITLE = 18;
const HEADING = 17;
const NUMBERS = 22;
const AXIS_TITLE = 17;

interface Grid {
  readonly lefts: readonly number[];
  readonly width: number;
  readonly top: number;
  readonly columns: number;
  /** Of a panel. */
  readonly height: number;
  /** Beside a panel, and below a block. */
  readonly gap: number;
  readonly below: number;
  readonly roomy: boolean;
}

export const MULTIPLES: Readonly<Record<FigureSize | "single", MultiplesLayout>> = {
  paper: {
    legend: { left: 52, right: 752, top: 20 },
    layOut(legend, panels) {
      const grid = { lefts: [52], width: 696, top: 26 + legend, columns: panels, gap: 14 };
      const blocks = arrange(4, panels, { ...grid, height: 124, below: 14, roomy: true });
      return { sheet: { width: 760, height: bottomOf(blocks) + NUMBERS + AXIS_TITLE }, blocks };
    },
  },
  phone: {
    legend: { left: 10, right: PHONE_WIDTH - 4, top: 16 },
    layOut(legend, panels) {
      const grid = { lefts: [46], width: PHONE_WIDTH - 54, top: 24 + legend, columns: 2, gap: 12 };
      const blocks = arrange(4, panels, { ...grid, height: 112, below: 22, roomy: false });
      const height = bottomOf(blocks) + NUMBERS + AXIS_TITLE;
      return { sheet: { width: PHONE_WIDTH, height }, blocks };
    },
  },
  slide: {
    legend: { left: 44, right: SLIDE.width - 8, top: 14, mostRows: 2 },
    layOut(legend, panels) {
      const [top, below] = [12 + legend, 2];
      const height =
        (SLIDE.height - top - 2 * (TITLE + HEADING + NUMBERS) - below - AXIS_TITLE) / 2;
      const grid = { lefts: [44, 352], width: 248, top, columns: panels, gap: 10 };
      return {
        sheet: SLIDE,
        blocks: arrange(4, panels, { ...grid, height, below, roomy: false }),
      };
    },
  },
  single: {
    legend: { left: 52, right: SLIDE.width - 8, top: 16, mostRows: 2 },
    layOut(legend, panels) {
      const columns = panels > 4 ? 3 : panels;
      const rows = Math.ceil(panels / columns);
      const top = 18 + legend;
      const height = (SLIDE.height - top - TITLE - rows * (HEADING + NUMBERS) - AXIS_TITLE) / rows;
      const grid = { lefts: [52], width: SLIDE.width - 64, top, columns, gap: 14 };
      return {
        sheet: SLIDE,
        blocks: arrange(1, panels, { ...grid, height, below: 0, roomy: true }),
      };
    },
  },
};

function arrange(blocks: number, panels: number, grid: Grid): Block[] {
  const { lefts, columns, gap, height } = grid;
  const rows = Math.ceil(panels / columns);
  const pitch = HEADING + height + NUMBERS;
  const width = (grid.width - (columns - 1) * gap) / columns;
  return Array.from({ length: blocks }, (_, block) => {
    const left = lefts[block % lefts.length];
    const row = Math.floor(block / lefts.length);
    const top = grid.top + row * (TITLE + rows * pitch + grid.below);
    const places = Array.from({ length: panels }, (_, panel) => {
      const x = left + (panel % columns) * (width + gap);
      const y = top + TITLE + HEADING + Math.floor(panel / columns) * pitch;
      const frame = { left: x, right: x + width, top: y, bottom: y + height };
      return { frame, first: panel % columns === 0 };
    });
    const titledAxis = block >= blocks - lefts.length;
    return { left, top: top + 12, roomy: grid.roomy, titledAxis, places };
  });
}

function bottomOf(blocks: readonly Block[]): number {
  return Math.max(...blocks.flatMap(({ places }) => places.map(({ frame }) => frame.bottom)));
}
