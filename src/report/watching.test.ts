// What is told of trials and cells as JSON comes back as it was, numbers that are none too.

import { expect, test } from "vitest";
import { record, type Row } from "../../test/support/outcomes.ts";
import {
  packedCell,
  packedRow,
  unpackedCell,
  unpackedRows,
  type PackedCell,
  type PackedRows,
} from "./watching.ts";

test("rows come back as they were, but for their fingerprints", () => {
  const rows: Row[] = [
    [2.3, 0.1, 2.4, 0.2],
    [Infinity, 0.9, NaN, 0.8],
    [-0.5, 1, -Infinity, 0.7],
  ];
  const { key, trajectory } = record(4, rows);
  const packed: PackedRows = { key, examples: [6000, 10000], rows: trajectory.map(packedRow) };
  expect(packed.rows[0]).toEqual([0, 2.3, 600, 2.4, 2000]);
  expect(packed.rows[1]).toEqual([1, "Infinity", 5400, "NaN", 8000]);
  const sent = JSON.parse(JSON.stringify(packed)) as PackedRows;
  expect(unpackedRows(sent)).toEqual(trajectory.map((row) => ({ ...row, fingerprint: "" })));
});

test.each([3, Infinity, -0.25])("a cell of %d comes back as it was", (value) => {
  const cell = {
    ...{ place: 5, value, diverged: true, learningRate: 0.1 },
    trials: [{ key: "ab", fingerprint: "cd", seed: null }],
  };
  const sent = JSON.parse(JSON.stringify(packedCell(cell))) as PackedCell;
  expect(unpackedCell(sent)).toEqual(cell);
});
