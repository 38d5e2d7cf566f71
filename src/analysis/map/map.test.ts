// What a map shows of a trial, which of its cells are trained, and the dimension of a boundary.

import { describe, expect, test } from "vitest";
import { record, type Row } from "../../../test/support/outcomes.ts";
import { boxCountingDimension, boxCounts } from "./box-counting.ts";
import { isTrainedBy, MapCells, walk, type MapGrid } from "./cells.ts";
import { MAP_VALUES, overSeeds } from "./values.ts";

const indices = (points: number) => Array.from({ length: points }, (_, index) => index);
const gridOf = (columns: number, rows: number, refine: number): MapGrid => ({
  x: { axis: "a", values: indices(columns) },
  y: { axis: "b", values: indices(rows) },
  refine,
});

describe("of a trial", () => {
  const losses = (...all: number[]) => record(8, all.map((loss): Row => [loss, 0.5, 3 * loss, 0.25])); // prettier-ignore
  const { trainable } = MAP_VALUES;

  test("trainable: the mean over the last 20 passes lies below the initial loss", () => {
    expect(trainable.of(losses(2, 3, 0.9))).toBe(1);
    expect(trainable.of(losses(2, 3, 1.1))).toBe(0);
    expect(trainable.of(losses(2, 3, 1))).toBe(0);
    const halves = [4, 0.1].flatMap((loss) => Array<number>(10).fill(loss));
    expect(trainable.of(losses(2, ...halves))).toBe(0);
    const early = [...Array<number>(21).fill(2.01), ...Array<number>(19).fill(1.99)];
    // Passes 21 to 40 alone: the last of the first ones, and the 19 others.
    expect(trainable.of(losses(2, ...early))).toBe(1);
    expect(trainable.of(losses(2, ...early, 2.2))).toBe(0);
  });

  test("not trainable: what diverges, and what is not finite for a moment", () => {
    const ending = { kind: "diverged", pass: 2, step: 1 } as const;
    expect(trainable.of({ ...losses(2, 1), ending })).toBe(0);
    expect(trainable.of(losses(2, NaN, 1e-9))).toBe(0);
    expect(trainable.of(losses(2, Infinity, ...Array<number>(20).fill(1)))).toBe(1);
  });

  test("numbers are those of the last evaluation; of what diverged there is no loss", () => {
    const whole = losses(2, 1, 0.5);
    const numbers = (["train_loss", "test_loss", "train_accuracy", "test_accuracy"] as const).map(
      (name) => MAP_VALUES[name].of(whole),
    );
    expect(numbers).toEqual([0.5, 1.5, 0.5, 0.25]);
    const ending = { kind: "diverged", pass: 3, step: 1 } as const;
    expect(MAP_VALUES.train_loss.of({ ...losses(2, 1), ending })).toBe(Infinity);
    expect(MAP_VALUES.test_loss.of(losses(2, NaN))).toBe(Infinity);
    expect(MAP_VALUES.diverged.of({ ...losses(2, 1), ending })).toBe(1);
    expect(MAP_VALUES.diverged.of(losses(2, 1))).toBe(0);
  });

  test("interpolation, and when", () => {
    const right = record(8, [[2, 0.5, 2, 0.5], [1, 1, 2, 0.5], [1, 0.9, 2, 0.5]]); // prettier-ignore
    expect(MAP_VALUES.interpolates.of(right)).toBe(1);
    expect(MAP_VALUES.passes_to_interpolation.of(right)).toBe(1);
    expect(MAP_VALUES.interpolates.of(losses(2, 1))).toBe(0);
    expect(MAP_VALUES.passes_to_interpolation.of(losses(2, 1))).toBe(Infinity);
  });

  test("over seeds: the class of more than half, the median", () => {
    expect(overSeeds([1, 0, 1], trainable)).toBe(1);
    expect(overSeeds([1, 0], trainable)).toBe(0);
    expect(overSeeds([5, Infinity, 3], MAP_VALUES.passes_to_interpolation)).toBe(5);
  });
});

/** Trains what is asked for, halving by halving, by a rule for cells of the finest grid. */
function refinedBy(grid: MapGrid, of: (column: number, row: number) => number, isClass = true) {
  const cells = new MapCells(grid, isClass ? { of: () => 0 } : { scale: "linear", of: () => 0 });
  const rounds: number[][] = [];
  walk(cells, (places) => {
    rounds.push([...places]);
    for (const place of places) {
      const [column, row] = [place % cells.columns, Math.floor(place / cells.columns)];
      expect(cells.isTrained(column, row)).toBe(false);
      cells.set(place, of(column, row));
    }
    return true;
  });
  return { cells, rounds };
}

describe("refining", () => {
  test("trains the middle between neighbours that differ, also diagonal ones, and nothing else", () => {
    const { rounds, cells } = refinedBy(gridOf(5, 5, 1), (column, row) => Number(column === 4 && row === 4)); // prettier-ignore
    expect(rounds[0]).toEqual([0, 2, 4, 10, 12, 14, 20, 22, 24]);
    // (4, 4) differs from (2, 4), (2, 2) and (4, 2): (3, 4), (3, 3), (4, 3).
    expect(rounds[1]).toEqual([18, 19, 23]);
    expect(rounds).toHaveLength(2);
    expect(cells.trained()).toBe(12);
  });

  test("then trains neighbours of what differs that had their value from a coarser grid", () => {
    const inside = ([column, row]: readonly number[]) => Number(column >= 3 && row <= 3);
    const { rounds, cells } = refinedBy(gridOf(5, 5, 2), (...at) => inside(at));
    expect(rounds[0]).toEqual([0, 4, 20, 24]);
    expect(rounds[1]).toEqual([2, 12, 14]);
    expect(rounds[2]).toEqual([3, 8, 13, 18, 19, 22]);
    // Inside is 3 and 4 of the upper rows; (4, 1) was never asked for, and (2, 1), (2, 3) lie beside.
    expect(cells.at(4, 1)).toBe(1);
    expect(rounds[3]).toEqual(expect.arrayContaining([7, 17]));
    expect([...cells.all()]).toEqual(
      indices(25).map((place) => inside([place % 5, Math.floor(place / 5)])),
    );
  });

  test("finds a disc as if all of the grid had been trained, with a part of it", () => {
    const disc = (column: number, row: number) => Number((column - 30) ** 2 + (row - 37) ** 2 < 400); // prettier-ignore
    const { cells } = refinedBy(gridOf(65, 65, 4), disc);
    const all = indices(65 * 65).map((place) => disc(place % 65, Math.floor(place / 65)));
    expect([...cells.all()]).toEqual(all);
    expect(cells.trained()).toBeLessThan(800);
  });

  test("leaves nothing that was not trained beside a trained cell of another class, however ragged", () => {
    // A band of dots between two plains, drawn by a hash.
    const dots = (column: number, row: number) => {
      if (row < 20 || row > 44) return Number(row > 44);
      return (Math.imul(column * 65 + row + 1, 2654435761) >>> 13) & 1;
    };
    const { cells, rounds } = refinedBy(gridOf(65, 65, 4), dots);
    const all = cells.all();
    const at = (column: number, row: number) => all[row * 65 + column];
    for (let row = 0; row < 64; row++)
      for (let column = 0; column < 64; column++)
        for (const [a, b] of [
          [
            [0, 0],
            [1, 0],
          ],
          [
            [0, 0],
            [0, 1],
          ],
          [
            [0, 0],
            [1, 1],
          ],
          [
            [1, 0],
            [0, 1],
          ],
        ]) {
          // prettier-ignore
          const [one, other] = [a, b].map(([x, y]) => [column + x, row + y] as const);
          if (at(...one) === at(...other)) continue;
          expect(cells.isTrained(...one) && cells.isTrained(...other)).toBe(true);
        }
    expect([...all]).toEqual(indices(65 * 65).map((place) => dots(place % 65, Math.floor(place / 65)))); // prettier-ignore
    expect(rounds.length).toBeGreaterThan(6);
    expect(cells.trained()).toBeLessThan(65 * 33);
  });

  test("stops where it is told to", () => {
    let asked = 0;
    walk(new MapCells(gridOf(5, 5, 2), { of: () => 0 }), () => ++asked < 1);
    expect(asked).toBe(1);
  });

  test("numbers differ by more than a tenth of what the grid shows, or where there is none", () => {
    const asked = (...row: number[]) => refinedBy(gridOf(5, 1, 1), (column) => row[column], false).rounds[1]; // prettier-ignore
    expect(asked(0, 9, 1, 9, 11)).toEqual([3]);
    expect(asked(0, 9, 1.2, 9, 11)).toEqual([1, 3]);
    expect(asked(0, 9, 0, 9, Infinity)).toEqual([3]);
    // The largest need not come last.
    expect(asked(11, 9, 1, 9, 0)).toEqual([1]);
    expect(asked(5, 9, 5, 9, 5)).toEqual([]);
    expect(asked(Infinity, 9, Infinity, 9, Infinity)).toEqual([]);
  });

  test("on a logarithmic scale by their logarithms", () => {
    const cells = new MapCells(gridOf(5, 1, 1), { scale: "log", of: () => 0 });
    for (const [place, value] of [[0, 1e-6], [2, 1e-5], [4, 1]] as const) cells.set(place, value); // prettier-ignore
    expect(cells.refined(2)).toEqual([1, 3]);
    cells.set(2, 3e-6);
    expect(cells.refined(2)).toEqual([3]);
  });

  test("which cells are trained is told in bits", () => {
    const cells = new MapCells(gridOf(3, 3, 1), { of: () => 0 });
    for (const place of [0, 3, 8]) cells.set(place, 1);
    // 1001 0000 1000
    expect(cells.trainedBits()).toBe("908");
    expect(indices(9).filter((place) => isTrainedBy("908", place))).toEqual([0, 3, 8]);
    expect(isTrainedBy("", 0)).toBe(false);
  });

  test("values that repeat are one cell", () => {
    const grid = { ...gridOf(5, 1, 2), x: { axis: "width", values: [1, 1, 2, 2, 3] } };
    const cells = new MapCells(grid, { of: () => 0 });
    expect(cells.lattice(1)).toEqual([0, 2, 4]);
    cells.set(0, 0);
    cells.set(4, 1);
    expect(cells.refined(4)).toEqual([2]);
    cells.set(2, 0);
    // The middle between 2 and 3 is another 2.
    expect(cells.refined(2)).toEqual([]);
    expect([...cells.all()]).toEqual([0, 0, 0, 0, 1]);
    expect(cells.trained()).toBe(3);
  });
});

describe("a boundary's boxes", () => {
  const made = (side: number, of: (column: number, row: number) => boolean) =>
    Float64Array.from({ length: side * side }, (_, at) =>
      Number(of(at % side, Math.floor(at / side))),
    );

  test("are counted from one square between four cells to the largest box", () => {
    const corner = made(5, (column, row) => column === 4 && row === 0);
    expect(boxCounts(corner, 5, 2).map(({ boxes }) => boxes)).toEqual([1, 1, 1]);
    const line = made(5, (column) => column > 1);
    expect(boxCounts(line, 5, 2)).toEqual([
      ...[
        { size: 1, boxes: 4 },
        { size: 2, boxes: 2 },
        { size: 4, boxes: 1 },
      ],
    ]);
  });

  test("a line has dimension 1, what is everywhere 2, a Cantor set of lines what it is", () => {
    const dimension = (cells: Float64Array, side: number, halvings: number) =>
      boxCountingDimension(boxCounts(cells, side, halvings));
    const line = dimension(made(65, (column) => column > 20), 65, 6); // prettier-ignore
    expect(line?.exponent).toBeCloseTo(1, 12);
    expect(line?.interval?.low).toBeCloseTo(1, 6);
    expect(dimension(made(65, (column, row) => (column + row) % 2 === 0), 65, 6)?.exponent).toBeCloseTo(2, 12); // prettier-ignore
    // Pairs of columns whose number has only 0 and 3 as digits of base 4: dimension 1 + log 2 / log 4, seen at every second halving.
    const fine = made(257, (column) => /^[03]*$/.test(column.toString(4)) && column % 2 === 0);
    const law = dimension(fine, 257, 8);
    expect(law?.exponent).toBeGreaterThan(1.4);
    expect(law?.exponent).toBeLessThan(1.6);
  });

  test("nothing is told of no boundary, or of one size", () => {
    expect(boxCountingDimension(boxCounts(made(5, () => true), 5, 2))).toBeNull(); // prettier-ignore
    expect(boxCountingDimension(boxCounts(made(5, (column) => column > 1), 5, 0))).toBeNull(); // prettier-ignore
  });
});
