// A map as the page has it: its cells as they are trained, and what stands at every point of the finest grid.

import { MapCells } from "../../analysis/map/cells.ts";
import type { WatchedCell } from "../../report/watching.ts";
import type { MapOutline } from "./outline.ts";

/** What a cell is drawn as, in classes; in numbers, whether it has one. */
export const KINDS = { none: 0, one: 1, diverged: 2 } as const;

export class MapModel {
  readonly outline: MapOutline;
  readonly columns: number;
  readonly rows: number;
  /** By point of the finest grid: the place of the cell that stands there; -1 as long as there is none. */
  readonly sources: Int32Array;
  /** Of cells that are trained, by place (KINDS). */
  readonly kinds: Uint8Array;
  /** Counts what has been added. */
  version = 0;
  /** Ends of the numbers so far. */
  low = Infinity;
  high = -Infinity;
  readonly #cells: MapCells;
  readonly #lines = new Map<number, WatchedCell>();
  readonly #hasRepeats: boolean;

  constructor(outline: MapOutline) {
    const { x, y, refine, scale } = outline;
    this.outline = outline;
    [this.columns, this.rows] = [x.values.length, y.values.length];
    this.#cells = new MapCells({ x, y, refine }, { ...(scale && { scale }), of: () => NaN });
    this.sources = new Int32Array(this.columns * this.rows).fill(-1);
    this.kinds = new Uint8Array(this.sources.length);
    this.#hasRepeats = [x, y].some(({ values }) => new Set(values).size < values.length);
  }

  /** Column and row of a point, the first at the lower left. */
  cellAt(point: number): [column: number, row: number] {
    return [(point % this.columns) + 1, Math.floor(point / this.columns) + 1];
  }

  /** The other way round; null where the map is not that large. */
  pointAt([column, row]: readonly [column: number, row: number]): number | null {
    const isThere = column >= 1 && column <= this.columns && row >= 1 && row <= this.rows;
    return isThere ? (row - 1) * this.columns + column - 1 : null;
  }

  get trained(): number {
    return this.#lines.size;
  }

  add(cells: readonly WatchedCell[]): void {
    for (const cell of cells) {
      this.#lines.set(cell.place, cell);
      this.#cells.set(cell.place, cell.value);
      this.kinds[cell.place] = this.#kindOf(cell);
      if (Number.isFinite(this.outline.scale === "log" ? Math.log(cell.value) : cell.value)) {
        this.low = Math.min(this.low, cell.value);
        this.high = Math.max(this.high, cell.value);
      }
    }
    if (this.#hasRepeats) this.#place(0, 0, Infinity);
    else
      for (const { place } of cells) {
        const [column, row] = [place % this.columns, Math.floor(place / this.columns)];
        let size = 2 ** this.outline.refine;
        while (column % size > 0 || row % size > 0) size /= 2;
        this.#place(column, row, size);
      }
    this.version++;
  }

  #kindOf({ value, diverged }: WatchedCell): number {
    const { of, scale } = this.outline;
    if (scale !== null) return Number.isFinite(value) ? KINDS.one : KINDS.diverged;
    return diverged && of !== "diverged" ? KINDS.diverged : value;
  }

  /** Points of each kind, and all of which something is known. */
  counts(): { readonly kinds: readonly number[]; readonly known: number } {
    const kinds = [0, 0, 0];
    let known = 0;
    for (const source of this.sources) {
      if (source < 0) continue;
      known++;
      kinds[this.kinds[source]]++;
    }
    return { kinds, known };
  }

  /** What stands in a square, after a cell at its lower left was trained. */
  #place(column: number, row: number, size: number): void {
    for (let y = row; y < Math.min(row + size, this.rows); y++)
      for (let x = column; x < Math.min(column + size, this.columns); x++)
        this.sources[y * this.columns + x] = this.#cells.source(x, y);
  }

  /** What stands at a point; undefined as long as nothing does. */
  at(point: number): WatchedCell | undefined {
    return this.#lines.get(this.sources[point]);
  }

  /** All cells that are trained. */
  lines(): Iterable<WatchedCell> {
    return this.#lines.values();
  }
}
