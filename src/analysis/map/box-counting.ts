// The boundary between two classes of cells, and how many boxes of each size it goes through.

import { fitPowerLaw, type PowerLaw } from "../statistics/power-law.ts";

export interface BoxCount {
  /** Its side, in cells. */
  readonly size: number;
  /** Boxes with a part of the boundary. */
  readonly boxes: number;
}

/**
 * Squares between four neighbouring cells that are not of one class, counted by boxes of 1, 2, 4, … 2^halvings squares a
 * side, from the first cell on. `cells` in rows of `columns`.
 */
export function boxCounts(
  cells: Float64Array,
  columns: number,
  halvings: number,
): readonly BoxCount[] {
  const rows = cells.length / columns;
  let crossed = new Set<number>();
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const corners = [cells[at + 1], cells[at + columns], cells[at + columns + 1]];
      if (corners.some((corner) => corner !== cells[at])) crossed.add(at);
    }
  const counts: BoxCount[] = [];
  for (let halving = 0; halving <= halvings; halving++) {
    counts.push({ size: 2 ** halving, boxes: crossed.size });
    // The box of twice the side: half of its row and column.
    crossed = new Set(
      [...crossed].map((at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        return (row >> 1) * columns + (column >> 1);
      }),
    );
  }
  return counts;
}

/** The exponent of boxes against 1 / size is the box-counting dimension over these sizes; null of no boundary, or of one size. */
export function boxCountingDimension(counts: readonly BoxCount[]): PowerLaw | null {
  if (counts.length < 2 || counts[0].boxes === 0) return null;
  return fitPowerLaw(counts.map(({ size, boxes }) => [1 / size, boxes]));
}
