// The cells of a map: points of a grid over two axes, some of which are trained, and what the others are taken for. A
// grid is refined by halving: where neighbours differ, what lies between them is trained.

import { log } from "../../model/elementary.ts";
import type { Point } from "../../records/point.ts";
import type { MapValue } from "./values.ts";

export interface MapAxis {
  readonly axis: string;
  /** Of the finest grid, in its order; integers may repeat. */
  readonly values: readonly (number | string)[];
}

export interface MapGrid {
  readonly x: MapAxis;
  readonly y: MapAxis;
  /** Halvings: the coarse grid has every 2^refine-th value of both axes. */
  readonly refine: number;
}

/** Numbers differ by more than this share of the range that the grid shows so far. */
const SHARE = 0.1;

export class MapCells {
  readonly grid: MapGrid;
  readonly value: MapValue;
  readonly columns: number;
  readonly rows: number;
  /** By row · columns + column; NaN where nothing is trained. */
  readonly #values: Float64Array;
  /** Of values that repeat the first. */
  readonly #firsts: readonly [x: Firsts, y: Firsts];

  constructor(grid: MapGrid, value: MapValue) {
    const { x, y } = grid;
    [this.grid, this.value] = [grid, value];
    [this.columns, this.rows] = [x.values.length, y.values.length];
    this.#values = new Float64Array(this.columns * this.rows).fill(NaN);
    this.#firsts = [firstsOf(x), firstsOf(y)];
  }

  /** The cell's place, that of the first one where values repeat. */
  place(column: number, row: number): number {
    const [x, y] = this.#firsts;
    return y.places[row] * this.columns + x.places[column];
  }

  /** The place of a trial's cell; NaN where it stands beside the grid. */
  placeOf({ values }: Point): number {
    const [column = NaN, row = NaN] = [this.grid.x, this.grid.y].map(({ axis }, index) =>
      this.#firsts[index].byValue.get(values[axis]),
    );
    return row * this.columns + column;
  }

  set(place: number, value: number): void {
    this.#values[place] = value;
  }

  isTrained(column: number, row: number): boolean {
    return !Number.isNaN(this.#values[this.place(column, row)]);
  }

  /**
   * The place of what stands there: its own where that is trained, else that of the cell of the next coarser grid around
   * it; -1 as long as that has nothing.
   */
  source(column: number, row: number): number {
    for (let step = 1; ; step *= 2) {
      const place = this.place(column - (column % step), row - (row % step));
      if (!Number.isNaN(this.#values[place])) return place;
      if (step >= 2 ** this.grid.refine) return -1;
    }
  }

  /** The value of what stands there; NaN as long as there is none. */
  at(column: number, row: number): number {
    return this.#values[this.source(column, row)] ?? NaN;
  }

  /** All cells, in rows from the first value of y on. */
  all(): Float64Array {
    const { columns } = this;
    return Float64Array.from({ length: columns * this.rows }, (_, index) =>
      this.at(index % columns, Math.floor(index / columns)),
    );
  }

  trained(): number {
    return this.#values.reduce((count, value) => count + Number(!Number.isNaN(value)), 0);
  }

  /** A bit for each cell by its place, whether it is trained: hex digits of four of them each, the first one highest. */
  trainedBits(): string {
    const bits = Array.from(this.#values, (value) => Number(!Number.isNaN(value)));
    const digits = Array.from({ length: Math.ceil(bits.length / 4) }, (_, at) =>
      [0, 1, 2, 3].reduce((digit, bit) => 2 * digit + (bits[4 * at + bit] ?? 0), 0),
    );
    return digits.map((digit) => digit.toString(16)).join("");
  }

  /** Places of every `step`-th value of both axes, each once, in rows. */
  lattice(step: number): number[] {
    const places = new Set<number>();
    for (let row = 0; row < this.rows; row += step)
      for (let column = 0; column < this.columns; column += step)
        places.add(this.place(column, row));
    return [...places];
  }

  /**
   * What is to be trained once the grid of every `step`-th value is known: what lies in the middle between neighbours,
   * also diagonal ones, that differ, and of these what has its value from a coarser grid. In rows.
   */
  refined(step: number): number[] {
    const { columns, rows } = this;
    const places = new Set<number>();
    const values = this.#valuesOf(step);
    const differ = this.#difference(step);
    const add = (column: number, row: number) => {
      if (!this.isTrained(column, row)) places.add(this.place(column, row));
    };
    for (let row = 0; row < rows; row += step) {
      for (let column = 0; column < columns; column += step) {
        const value = values[row * columns + column];
        for (const [across, up] of NEIGHBOURS) {
          const [other, above] = [column + across * step, row + up * step];
          if (other < 0 || other >= columns || above >= rows) continue;
          if (!differ(value, values[above * columns + other])) continue;
          add(column, row);
          add(other, above);
          if (step > 1) add((column + other) / 2, (row + above) / 2);
        }
      }
    }
    return [...places].sort((a, b) => a - b);
  }

  /** What `at` gives at every `step`-th value of both axes, by row · columns + column. */
  #valuesOf(step: number): Float64Array {
    const { columns, rows } = this;
    const coarsest = 2 ** this.grid.refine;
    const values = new Float64Array(columns * rows).fill(NaN);
    for (let size = coarsest; size >= step; size /= 2)
      for (let row = 0; row < rows; row += size) {
        const around = (row - (row % (2 * size))) * columns;
        for (let column = 0; column < columns; column += size) {
          const own = this.#values[this.place(column, row)];
          values[row * columns + column] =
            Number.isNaN(own) && size < coarsest
              ? values[around + column - (column % (2 * size))]
              : own;
        }
      }
    return values;
  }

  #difference(step: number): (a: number, b: number) => boolean {
    const { scale } = this.value;
    if (scale === undefined) return (a, b) => a !== b;
    const scaled = scale === "log" ? log : (value: number) => value;
    let [low, high] = [Infinity, -Infinity];
    for (let row = 0; row < this.rows; row += step)
      for (let column = 0; column < this.columns; column += step) {
        const value = scaled(this.at(column, row));
        if (!Number.isFinite(value)) continue;
        [low, high] = [Math.min(low, value), Math.max(high, value)];
      }
    return (a, b) => a !== b && !(Math.abs(scaled(a) - scaled(b)) <= SHARE * (high - low));
  }
}

/** Half of a point's neighbours: each pair is looked at once. */
const NEIGHBOURS = [
  [1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const;

interface Firsts {
  readonly byValue: ReadonlyMap<number | string, number>;
  /** By index of the axis. */
  readonly places: readonly number[];
}

function firstsOf({ values }: MapAxis): Firsts {
  const byValue = new Map<number | string, number>();
  const places = values.map((value, index) => {
    const first = byValue.get(value) ?? index;
    byValue.set(value, first);
    return first;
  });
  return { byValue, places };
}

/** One round after the other, the last ones on the finest grid, as long as `go` says that all of one are there. */
export function walk(cells: MapCells, go: (places: readonly number[]) => boolean): void {
  let step = 2 ** cells.grid.refine;
  let goesOn = go(cells.lattice(step));
  for (; goesOn && step > 1; step /= 2) goesOn = go(cells.refined(step));
  // Until nothing that has its value from a coarser grid lies beside another one.
  while (goesOn) {
    const places = cells.refined(1);
    if (places.length === 0) return;
    goesOn = go(places);
  }
}

/** Whether the cell at `place` is trained, by what `trainedBits` tells. */
export function isTrainedBy(bits: string, place: number): boolean {
  return ((Number.parseInt(bits.charAt(place >> 2), 16) >> (3 - (place & 3))) & 1) === 1;
}
