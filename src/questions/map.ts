// A heat map of an answer over two axes of the study, refined where neighbours differ.

import * as z from "zod";
import { boxCountingDimension, boxCounts, type BoxCount } from "../analysis/map/box-counting.ts";
import { MapCells, type MapGrid } from "../analysis/map/cells.ts";
import { MAP_VALUES, overSeeds, type MapValueName } from "../analysis/map/values.ts";
import { group } from "d3-array";
import { count, enumerate, plural } from "../base/numbers.ts";
import { integers, number, oneOf } from "../base/fields.ts";
import type { Block, Text } from "../document/document.ts";
import { mapFigure, type HeatAxis } from "../figures/map.ts";
import { axisName } from "../records/point.ts";
import { axesOf } from "../study/axes/axes.ts";
import type { AskedStudy } from "../study/catalogue.ts";
import { mapAxes, mapGrid, type MapSettings } from "../study/plans/map.ts";
import type { StudyResult } from "../study/result.ts";
import { estimateText, fieldsOf, type Estimate } from "./estimate.ts";
import { isShare, metricText } from "./metrics/names.ts";
import { capitalized, question, type Answer, type Fact, MOST_TRIALS_TOLD } from "./question.ts";

/** Points of the finest grid along an axis. */
const MOST_POINTS = 1025;

/** Of classes how 0 and 1 are called, of numbers the number, and what has none. */
export const MAP_WORDS: Readonly<Record<MapValueName, readonly [string, string]>> = {
  interpolates: ["not interpolating", "interpolating"],
  trainable: ["not trainable", "trainable"],
  diverged: ["not diverging", "diverging"],
  passes_to_interpolation: ["passes to interpolation", "never"],
  train_loss: ["training loss", "diverged"],
  test_loss: ["test loss", "diverged"],
  train_accuracy: ["training accuracy", "none"],
  test_accuracy: ["test accuracy", "none"],
};

const axis = z.string({ error: "expected one of the study's swept axes" }).optional();

export const map = question({
  settings: {
    x: axis,
    y: axis,
    of: oneOf(Object.keys(MAP_VALUES) as MapValueName[]).default("interpolates"),
    refine: number("an integer from 0 to 9", integers(0, 9)).default(0),
  },
  needs: ({ refine }) => (Number(refine) > 0 ? "map" : "sweep"),
  isMap: true,
  lacks: (study, settings) => lacking(study, settings as unknown as MapSettings),
  figures: () => ["map"],
  answer({ result }, settings) {
    const cells = cellsOf(result, settings);
    const all = cells.all();
    const isClass = cells.value.scale === undefined;
    // What finer cells would change of it, nobody knows.
    const told: Told = result.isUnfinished
      ? {}
      : isClass
        ? ofClass(cells, all, settings)
        : ofNumber(cells, all, settings, result);
    const { study } = result;
    const [x, y] = [cells.grid.x, cells.grid.y].map((axis) => heatAxis(study, axis));
    const [trained, shown] = [cells.trained(), all.length];
    const unknown = all.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
    const which = trainedWords({ trained, shown, unknown }, result);
    const several = study.streams.kind === "named" && study.streams.seeds.length > 1;
    const seeds = !several
      ? ""
      : isClass
        ? " The class is that of more than half of the seeds."
        : " Numbers are medians over the seeds.";
    const name = isClass ? MAP_WORDS[settings.of][1] : MAP_WORDS[settings.of][0];
    const caption = `${capitalized(name)} by ${x.label} (across) and ${y.label} (upwards). ${which}${seeds}`;
    return {
      ...told,
      facts: told.facts ?? [],
      sentences: [...(told.sentences ?? []), [which + seeds]],
      section: { id: "map", heading: "The map", blocks: told.section?.blocks ?? [] },
      draw: (size) => [
        mapFigure(
          {
            ...{ title: `${capitalized(name)} by ${x.label} and ${y.label}`, caption, x, y },
            cells: all,
            of: isClass
              ? { classes: MAP_WORDS[settings.of] }
              : {
                  ...{ label: name, scale: cells.value.scale ?? "linear" },
                  ...{ none: MAP_WORDS[settings.of][1], text: valueText(settings.of) },
                },
          },
          size,
        ),
      ],
      summary: {
        map: {
          ...{ x: cells.grid.x.axis, y: cells.grid.y.axis, of: settings.of },
          ...{ refine: settings.refine, cells: { shown, trained } },
          ...told.summary,
          ...(result.outcomes.length > MOST_TRIALS_TOLD && { trained: cells.trainedBits() }),
        },
      },
    };
  },
});

function lacking(study: AskedStudy, settings: MapSettings): string | null {
  const { x, y, refine } = settings;
  const { sweep, training } = study;
  const axes = axesOf(study).map(([axis]) => axis);
  if (axes.length !== 2)
    return `is drawn over two axes, of which this study has ${axes.length}; sweep two`;
  if (sweep.zip !== undefined)
    return "is drawn over two axes that are crossed; leave sweep.zip out";
  for (const [name, axis] of Object.entries({ x, y }))
    if (axis !== undefined && !axes.includes(axis))
      return `has ${enumerate(axes)} for its axes, which ${name}: ${axis} is none of; name one of them`;
  if (x !== undefined && x === y) return `has ${x} on both axes; name another one for y`;
  const ranges = sweep.ranges ?? {};
  for (const axis of refine > 0 ? axes : []) {
    if (!Object.hasOwn(ranges, axis))
      return `refines between the points of ranges; write sweep.${axis} as {from, to, points, scale}, or leave refine out`;
    const points = (ranges[axis].points - 1) * 2 ** refine + 1;
    if (points > MOST_POINTS)
      return `has at most ${MOST_POINTS} points along an axis, but ${axis} has ${points} after ${refine} halvings; take fewer points, or a smaller refine`;
  }
  if (refine > 0 && training.learning_rate === "eta_star / 2")
    return "has no rate searched for what lies between its points; write training.learning_rate as a number, or leave refine out";
  return null;
}

function cellsOf({ outcomes, study }: StudyResult, settings: MapSettings): MapCells {
  const value = MAP_VALUES[settings.of];
  const cells = new MapCells(mapGrid(study, settings), value);
  for (const [place, trials] of group(outcomes, ({ point }) => cells.placeOf(point))) {
    if (Number.isNaN(place)) continue;
    const ofSeeds = trials.map(({ record }) => value.of(record));
    cells.set(place, overSeeds(ofSeeds, value));
  }
  return cells;
}

interface Cells {
  readonly trained: number;
  readonly shown: number;
  /** Of which neither they nor a coarser cell around them are trained. */
  readonly unknown: number;
}

function trainedWords({ trained, shown, unknown }: Cells, { isUnfinished }: StudyResult): string {
  if (trained === shown) return `All ${count(shown)} cells shown were trained.`;
  const far = `Of ${count(shown)} cells shown ${count(trained)} were trained${isUnfinished ? " so far, and the map is not finished" : ""}`;
  const blank = unknown === 0 ? "" : `, or are grey where there is none (${count(unknown)})`;
  return `${far}; the others have the value of the coarser cell around them${blank}.`;
}

type Told = Pick<Answer, "facts" | "sentences" | "lines" | "section" | "summary">;

function ofClass(cells: MapCells, all: Float64Array, { of }: MapSettings): Told {
  const share = all.reduce((sum, value) => sum + value, 0) / all.length;
  const name = MAP_WORDS[of][1];
  const percent = share > 0 && share < 0.001 ? "less than 0.1 %" : `${(100 * share).toFixed(1)} %`;
  const boundary = boundaryOf(cells, all);
  const { dimension, boxes } = boundary;
  const text = dimension === null ? null : estimateText(dimension);
  const facts: Fact[] = [
    {
      name: `share of the map that is ${name}`,
      value: percent,
      note: `by cells of the finest grid`,
    },
    ...(dimension === null || text === null
      ? []
      : [{ name: "box-counting dimension of the boundary", value: text, note: dimension.by }]),
  ];
  const sentences: Text[] = [
    [{ strong: `${percent} of the map is ${name}` }, "."],
    ...(dimension === null ? [] : [dimensionSentence(dimension, boxes)]),
  ];
  return {
    facts,
    sentences,
    lines: [
      `map: ${percent} ${name}${text === null ? "" : `, dimension of the boundary ${text}`}; ${count(cells.trained())} of ${count(all.length)} cells trained`,
    ],
    section: { id: "", heading: "", blocks: dimension === null ? [] : [boxTable(boxes)] },
    summary: {
      share,
      ...(dimension && { dimension: fieldsOf(dimension), boxes }),
    },
  };
}

function boundaryOf(
  cells: MapCells,
  all: Float64Array,
): { readonly dimension: Estimate | null; readonly boxes: readonly BoxCount[] } {
  const { refine } = cells.grid;
  const boxes = boxCounts(all, cells.columns, refine);
  // Where values repeat, so does what stands at them.
  const repeats = [cells.grid.x, cells.grid.y].some(
    ({ values }) => new Set(values).size < values.length,
  );
  const law = repeats ? null : boxCountingDimension(boxes);
  if (law === null) return { dimension: null, boxes };
  const { exponent, interval } = law;
  const by =
    interval === null
      ? "slope between two box sizes"
      : `95 % by Student's t of the line through ${boxes.length} box sizes`;
  return {
    boxes,
    dimension: { value: exponent, interval: interval && [interval.low, interval.high], by },
  };
}

function dimensionSentence(dimension: Estimate, boxes: readonly BoxCount[]): Text {
  return [
    "The number of boxes that the boundary goes through grows with their fineness to the power ",
    { strong: estimateText(dimension) },
    `, its box-counting dimension over boxes of 1 to ${boxes[boxes.length - 1].size} cells (${dimension.by}); a smooth line has 1. What finer boxes would show is not told by it.`,
  ];
}

function boxTable(boxes: readonly BoxCount[]): Block {
  return {
    kind: "table",
    caption: "Boxes that the boundary goes through, by their side in cells of the finest grid",
    columns: ["side", "boxes"].map((heading) => ({ heading, numeric: true })),
    rows: boxes.map(({ size, boxes }) => [[String(size)], [count(boxes)]]),
  };
}

function valueText(of: MapValueName): (value: number) => string {
  return (value) =>
    Number.isInteger(value) && !isShare(of) ? count(value) : metricText(of)(value);
}

function ofNumber(
  cells: MapCells,
  all: Float64Array,
  { of }: MapSettings,
  { study }: StudyResult,
): Told {
  const finite = [...all.keys()].filter((index) => Number.isFinite(all[index]));
  const [name, none] = MAP_WORDS[of];
  if (finite.length === 0)
    return {
      sentences: [[`No cell has a number: ${name} is ${none} everywhere.`]],
      lines: [`map: ${name} is ${none} everywhere`],
      summary: { least: null, most: null },
    };
  const { x, y } = cells.grid;
  const place = (index: number) => ({
    value: all[index],
    at: {
      [x.axis]: x.values[index % cells.columns],
      [y.axis]: y.values[Math.floor(index / cells.columns)],
    },
  });
  const [least, most] = [-1, 1].map((sign) =>
    place(finite.reduce((best, index) => (sign * all[index] > sign * all[best] ? index : best))),
  );
  const told = ({ value, at }: typeof least) => {
    const axes = Object.keys(at);
    const where = axes.map((axis) => `${axisName(axis, axesNames(study))} ${at[axis]}`).join(", ");
    return { value: valueText(of)(value), where };
  };
  const text = (one: typeof least) => `${told(one).value} at ${told(one).where}`;
  const without = all.length - finite.length;
  const rest = without === 0 ? "" : ` At ${plural(without, "cell")} it is ${none}.`;
  return {
    facts: [
      {
        name: `least ${name} of the map`,
        value: told(least).value,
        note: `at ${told(least).where}`,
      },
      {
        name: `largest ${name} of the map`,
        value: told(most).value,
        note: `at ${told(most).where}`,
      },
    ],
    sentences: [
      [
        `${capitalized(name)}: from `,
        { strong: text(least) },
        " to ",
        { strong: text(most) },
        `.${rest}`,
      ],
    ],
    lines: [`map: ${name} from ${text(least)} to ${text(most)}`],
    summary: { least, most },
  };
}

function axesNames(study: StudyResult["study"]): readonly string[] {
  return mapAxes(study, {});
}

/** An axis of a study's map as it is drawn. */
export function heatAxis(study: StudyResult["study"], { axis, values }: MapGrid["x"]): HeatAxis {
  const { ranges = {} } = study.sweep;
  const label = axis === "width" ? "hidden width" : axisName(axis, axesNames(study));
  const scale = Object.hasOwn(ranges, axis) ? ranges[axis].scale : "categories";
  return { label, scale, values };
}
