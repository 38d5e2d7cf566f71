// What the page makes of a map's cells, of a part that is dragged over, and of the rows that its curves grow by.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MapCells } from "../../src/analysis/map/cells.ts";
import { MAP_VALUES } from "../../src/analysis/map/values.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import { CellSender } from "../../src/web/map/cell-sender.ts";
import { WatchedMap } from "../../src/report/watched-map.ts";
import type { WatchedCell } from "../../src/report/watching.ts";
import { KINDS, MapModel } from "../../src/web/map/map-model.ts";
import { summaryOf, toldOf } from "../../src/web/map/map-words.ts";
import { outlineOf, type MapOutline } from "../../src/web/map/outline.ts";
import { classColors, NONE, painted, RAMP } from "../../src/web/map/palette.ts";
import { partAround, zoomEdits } from "../../src/web/map/zoom.ts";
import { CurveData } from "../../src/web/model/curve-data.ts";
import { linesOf, spreadAt, type LiveTrial } from "../../src/web/model/lines.ts";

function outline(
  sweep = "{ width: { from: 2, to: 10, points: 3 }, training.learning_rate: { from: 0.01, to: 1, points: 3, scale: log } }",
  ask = "{ name: map, of: trainable, refine: 2 }",
): MapOutline {
  const study = parseStudy(
    `
name: m
question: Where?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { passes: 3 }
sweep: ${sweep}
ask: [${ask}]
`,
    "m.yaml",
    CATALOGUE,
  );
  const found = outlineOf(study);
  if (found === null) throw new Error("it asks for a map");
  return found;
}

const cell = (place: number, value: number, diverged = false): WatchedCell => ({
  ...{ place, value, diverged, learningRate: 0.1 },
  trials: [{ key: `${place}`, fingerprint: "ab".repeat(32), seed: 0 }],
});

test("in whatever order cells come, each point has what the report's map has there", () => {
  const rates = "training.learning_rate: { from: 0.01, to: 1, points: 3, scale: log }";
  for (const width of ["{ from: 2, to: 10, points: 3 }", "{ from: 1, to: 4, points: 3 }"]) {
    const known = outline(`{ width: ${width}, ${rates} }`);
    const side = known.x.values.length;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(side - 1), fc.nat(side - 1)), { maxLength: 30 }),
        fc.nat(4),
        (points, batch) => {
          const model = new MapModel(known);
          const cells = new MapCells(known, MAP_VALUES.trainable);
          const lines = points.map(([column, row]) =>
            cell(cells.place(column, row), Number((column * row) % 3 === 0)),
          );
          for (const { place, value } of lines) cells.set(place, value);
          model.add(lines.slice(0, batch));
          model.add(lines.slice(batch));
          const shown = Array.from(model.sources, (_, point) => model.at(point)?.value ?? NaN);
          expect(shown).toEqual([...cells.all()]);
        },
      ),
    );
  }
});

test("it says what it shows so far, with what diverged apart", () => {
  const model = new MapModel(outline());
  expect(summaryOf(model)).toBe(
    "A map of 9 × 9 cells over hidden width from 2 to 10 and learning rate from 0.01 to 1 (logarithmic), of which nothing is trained yet.",
  );
  model.add([cell(0, 1), cell(4, 0), cell(36, 0, true)]);
  // Squares of 4 × 4 points each.
  expect(model.counts()).toEqual({ kinds: [16, 16, 16], known: 48 });
  expect(summaryOf(model)).toContain(
    "3 are trained; by what they show so far 33.3 % of the map is trainable, 33.3 % not trainable, 33.3 % diverged.",
  );
  expect(toldOf(model, 37)).toBe("width 3, learning rate 0.1: not trainable, diverged");
  expect(toldOf(model, 44)).toBe("width 10, learning rate 0.1: not trained yet");

  const numbers = new MapModel(outline(undefined, "{ name: map, of: train_loss, refine: 2 }"));
  numbers.add([cell(0, 0), cell(4, 0.5), cell(8, 2), cell(36, Infinity, true)]);
  expect([numbers.low, numbers.high]).toEqual([0.5, 2]);
  expect(summaryOf(numbers)).toContain("4 are trained: training loss from 0.500 to 2.00; ");
  expect(toldOf(numbers, 36)).toContain("diverged");
});

test("asked what diverged, what did has no third colour", () => {
  const map = new MapModel(outline(undefined, "{ name: map, of: diverged, refine: 2 }"));
  map.add([cell(0, 1, true)]);
  expect(map.kinds[0]).toBe(KINDS.one);
});

test("a cell that is told again, after a pause, is sent once", () => {
  const study = parseStudy(
    `
name: m
question: Where?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { passes: 3 }
sweep: { width: { from: 2, to: 10, points: 3 }, training.learning_rate: { from: 0.01, to: 1, points: 3, scale: log } }
ask: [{ name: map, of: diverged, refine: 1 }]
`,
    "m.yaml",
    CATALOGUE,
  );
  const sent: number[] = [];
  const map = WatchedMap.of(study);
  if (map === null) throw new Error("a map is asked for");
  const cells = new CellSender(map, (event) => {
    if (event.kind === "cells") sent.push(...event.cells.map(({ place }) => place));
  });
  const planned = { point: { values: { width: 2, "training.learning_rate": 0.01 } } } as never;
  const specification = { streams: { kind: "named", seed: 0 }, training: { learning_rate: 0.01 } };
  const ended = { key: "a", fingerprint: "b", ending: { kind: "diverged" }, specification };
  for (let times = 0; times < 2; times++) {
    cells.begin(1);
    cells.add(planned, ended as never);
    cells.flush();
  }
  expect(sent).toEqual([0]);
});

describe("a part that is dragged over", () => {
  const part = { left: 2, right: 7, bottom: 2.5, top: 6.5 };

  test("has ends in as few digits as tell them, and whole ones on an axis of whole numbers", () => {
    expect(zoomEdits(outline(), part)).toEqual([
      [["sweep", "width", "from"], 4],
      [["sweep", "width", "to"], 9],
      [["sweep", "training.learning_rate", "from"], 0.03162],
      [["sweep", "training.learning_rate", "to"], 0.3162],
      [["sweep", "training.learning_rate", "scale"], "log"],
      [["sweep", "training.learning_rate", "points"], 3],
    ]);
  });

  test("of listed values is those that it touches", () => {
    const listed = outline(
      "{ width: [2, 4, 8, 16], training.learning_rate: [0.1, 0.2, 0.3] }",
      "map",
    );
    expect(zoomEdits(listed, { left: 0.9, right: 2.1, bottom: 0, top: 0.5 })).toEqual([
      [
        ["sweep", "width"],
        [2, 4, 8],
      ],
      [["sweep", "training.learning_rate"], [0.1]],
    ]);
  });

  test("is refused where its points would be the same number", () => {
    const fine = outline(
      "{ training.learning_rate: { from: 0.5, to: 0.500000001, points: 9, scale: log }, width: { from: 2, to: 1000, points: 9 } }",
      "{ name: map, x: training.learning_rate, refine: 2 }",
    );
    const zoomed = (share: number) => zoomEdits(fine, partAround(16, 16, fine.x.values.length === 33 ? { columns: 33, rows: 33 } : { columns: 0, rows: 0 }, share)); // prettier-ignore
    expect(zoomed(0.9)).not.toBeNull();
    expect(zoomed(0.05)).toBeNull();
    expect(zoomEdits(outline(), { ...part, left: 4.1, right: 4.2 })).toBeNull();
  });

  test("around a cell stays within the map", () => {
    const map = { columns: 8, rows: 8 };
    expect(partAround(0, 7, map, 0.25)).toEqual({ left: 0, right: 2, bottom: 6, top: 8 });
    expect(partAround(3, 3, map, 0.25)).toEqual({ left: 2.5, right: 4.5, bottom: 2.5, top: 4.5 });
  });
});

describe("colours", () => {
  const lightness = (color: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  };

  test.each([false, true])("of classes are apart in lightness, dark: %s", (dark) => {
    const sorted = classColors(dark)
      .map(lightness)
      .sort((a, b) => a - b);
    expect(Math.min(sorted[1] - sorted[0], sorted[2] - sorted[1])).toBeGreaterThan(0.2);
  });

  test("of numbers darken steadily, and none of them is that of none", () => {
    const values = RAMP.map(lightness);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(lightness(NONE) - values[0]).toBeGreaterThan(0.1);
  });

  test("stand upright, and what is not known is clear", () => {
    const model = new MapModel(outline(undefined, "{ name: map, of: trainable, refine: 0 }"));
    model.add([cell(0, 1), cell(7, 0, true)]);
    const pixels = Array.from({ length: 9 }, (_, at) => [...painted(model, false).slice(4 * at, 4 * at + 4)]); // prettier-ignore
    const rgba = (kind: number) => [
      ...[1, 3, 5].map((at) => Number.parseInt(classColors(false)[kind].slice(at, at + 2), 16)),
      255,
    ];
    // The first row is the lowest.
    expect(pixels[6]).toEqual(rgba(KINDS.one));
    expect(pixels[1]).toEqual(rgba(KINDS.diverged));
    expect(pixels.filter(([, , , alpha]) => alpha === 0)).toHaveLength(7);
  });
});

test("curves grow by their rows to what all rows give", () => {
  const score = (objective: number) => ({ objective, correct: 1, examples: 2 });
  const rowOf = (pass: number, value: number) => ({
    ...{ pass, train: score(value), test: score(value), fingerprint: "" },
  });
  const trials = [0, 1].map((seed): LiveTrial => ({
    ...{ key: `${seed}`, role: "sweep", point: { values: { width: 8 }, seed }, passes: 9 },
    ...{ learningRate: 0.1, examples: 2, ending: null, fingerprint: null, rows: [] },
  }));
  const [line] = linesOf(trials);
  const data = new CurveData([line], "train_loss");
  trials[0].rows.push(rowOf(0, 5), rowOf(4, 3));
  data.update([line]);
  expect(data.passes).toEqual([0, 4]);
  // Rows of passes between those that are there, and of passes that are.
  trials[1].rows.push(rowOf(0, 7), rowOf(2, 4), rowOf(4, 1), rowOf(6, 2));
  data.update([line]);
  expect(data.passes).toEqual([0, 2, 4, 6]);
  expect(data.spreads[0]).toEqual(data.passes.map((pass) => spreadAt(line, "train_loss", pass)));
  // A trial that was stopped keeps its last row, and one that diverged does not.
  const ended = (kind: "finished" | "diverged") => ({
    ...line,
    trials: [
      { ...trials[0], ending: { kind, pass: 5, step: 1 }, fingerprint: "" } as LiveTrial,
      trials[1],
    ],
  });
  data.update([ended("diverged")]);
  expect(data.spreads[0][3]).toEqual({ middle: 2, low: 2, high: 2 });
  data.update([ended("finished")]);
  expect(data.spreads[0]).toEqual([
    ...[
      { middle: 6, low: 5, high: 7 },
      { middle: 4, low: 4, high: 4 },
    ],
    ...[
      { middle: 2, low: 1, high: 3 },
      { middle: 2.5, low: 2, high: 3 },
    ],
  ]);
  trials[1].rows.push(rowOf(8, 1));
  data.update([ended("finished")]);
  expect(data.spreads[0][4]).toEqual({ middle: 2, low: 1, high: 3 });
  expect(spreadAt(ended("diverged"), "train_loss", 8)).toEqual({ middle: 1, low: 1, high: 1 });
  expect(data.isOf([line])).toBe(true);
  expect(data.isOf([{ ...line, trials: [trials[0], { ...trials[1], rows: [] }] }])).toBe(false);
});
