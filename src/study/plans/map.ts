// The trials of a map that is refined: those of its coarse grid, and then, halving by halving, those between neighbours
// that differ.

import { MapCells, walk, type MapGrid } from "../../analysis/map/cells.ts";
import { MAP_VALUES, overSeeds, type MapValueName } from "../../analysis/map/values.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Point } from "../../records/point.ts";
import { axesOf, shown } from "../axes/axes.ts";
import { refinedPoints } from "../axes/ranges.ts";
import { isInteger } from "../language/sections.ts";
import type { Study } from "../spec.ts";
import type { DatasetSize, Plan, PlannedTrial } from "./plan.ts";
import { seedsOf } from "./planned-trial.ts";
import { outcomesOf, sweepTrials } from "./sweep.ts";

/** What is asked of a map. */
export interface MapSettings {
  /** Axes of the study; left out for the first and the second. */
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly of: MapValueName;
  readonly refine: number;
}

/** null where the study asks for none. */
export function askedMap({ ask = [] }: Pick<Study, "ask">): MapSettings | null {
  return (ask.find(({ name }) => name === "map") ?? null) as MapSettings | null;
}

/** The axes of a map of a study, x first. */
export function mapAxes(
  study: Pick<Study, "sweep">,
  { x, y }: Pick<MapSettings, "x" | "y">,
): readonly string[] {
  const axes = axesOf(study).map(([axis]) => axis);
  return x === axes.at(1) || y === axes.at(0) ? axes.toReversed() : axes;
}

/** The finest grid of a map; `lacks` of its question says what a study needs for one. */
export function mapGrid(study: Pick<Study, "sweep">, settings: MapSettings): MapGrid {
  const { refine } = settings;
  const { ranges = {} } = study.sweep;
  const known = new Map(axesOf(study));
  const [x, y] = mapAxes(study, settings).map((axis) => ({
    axis,
    values: Object.hasOwn(ranges, axis)
      ? refinedPoints(ranges[axis], refine, isInteger(axis))
      : (known.get(axis) ?? []).map(shown),
  }));
  return { x, y, refine };
}

/** Outcomes in rows of the grid, whichever round asks for them, and at each point in the order of the seeds. */
export function mapPlan(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
  asked: object,
): Plan<readonly Outcome[]> {
  const settings = asked as MapSettings;
  const grid = mapGrid(study, settings);
  const value = MAP_VALUES[settings.of];
  const trialAt = mapTrials(study, dataset, learningRate, grid);
  const seeds = seedsOf(study);
  const planned = new Map<number, readonly PlannedTrial[]>();
  const trialsOf = (cells: MapCells, place: number) => {
    const known =
      planned.get(place) ?? seeds.map((seed) => trialAt(valuesAt(grid, cells, place), seed));
    planned.set(place, known);
    return known;
  };
  return (find) => {
    const cells = new MapCells(grid, value);
    const outcomes = new Map<number, readonly Outcome[]>();
    const missing = new Set<number>();
    walk(cells, (places) => {
      for (const place of places) {
        const found = outcomesOf(trialsOf(cells, place), find);
        if (found.length < seeds.length) missing.add(place);
        else
          cells.set(
            place,
            overSeeds(
              found.map(({ record }) => value.of(record)),
              value,
            ),
          );
        outcomes.set(place, found);
      }
      return missing.size === 0;
    });
    if (missing.size === 0) {
      const inRows = [...outcomes].sort(([a], [b]) => a - b);
      return { answer: inRows.flatMap(([, found]) => found) };
    }
    const later = guessed(cells, missing);
    const lacking = (places: Iterable<number>) =>
      [...places].flatMap((place) =>
        trialsOf(cells, place).filter((trial) => find(trial) === undefined),
      );
    return { trials: lacking(missing), expected: lacking(later), guess: "map" };
  };
}

/** The trials at the points of a grid. */
function mapTrials(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
  { x, y }: MapGrid,
): (values: Point["values"], seed: number | null) => PlannedTrial {
  const finest = [x, y].map(({ axis, values }) => [axis, [...new Set(values)]] as const);
  const paths = Object.fromEntries(finest.filter(([axis]) => axis !== "width"));
  const sweep = { ...study.sweep, paths: { ...study.sweep.paths, ...paths } };
  return sweepTrials({ ...study, sweep }, dataset, learningRate);
}

/** The values of a grid's axes at a place. */
function valuesAt({ x, y }: MapGrid, { columns }: MapCells, place: number): Point["values"] {
  return {
    [x.axis]: x.values[place % columns],
    [y.axis]: y.values[Math.floor(place / columns)],
  };
}

/** The trials of those points of a map for which `isTold` says so, of values or place, in the order of its outcomes. */
export function mapTrialsOf(
  study: Study,
  dataset: DatasetSize,
  learningRate: number,
  asked: object,
  isTold: (point: Point, place: number) => boolean,
): PlannedTrial[] {
  const settings = asked as MapSettings;
  const grid = mapGrid(study, settings);
  const cells = new MapCells(grid, MAP_VALUES[settings.of]);
  const trialAt = mapTrials(study, dataset, learningRate, grid);
  const seeds = seedsOf(study);
  const { point } = trialAt(valuesAt(grid, cells, 0), seeds[0]);
  const told = cells.lattice(1).filter((place) => {
    const values = { ...point.values, ...valuesAt(grid, cells, place) };
    return isTold({ ...point, values }, place);
  });
  return told.flatMap((place) => seeds.map((seed) => trialAt(valuesAt(grid, cells, place), seed)));
}

/**
 * What the rounds after this one would ask for if everything missing were as the coarser cell around it, and the coarse
 * grid, as long as that is missing, lay on both sides of its diagonal.
 */
function guessed(cells: MapCells, missing: ReadonlySet<number>): Set<number> {
  const { columns, rows } = cells;
  const later = new Set<number>();
  const share = (place: number) =>
    ((place % columns) / columns + Math.floor(place / columns) / rows) / 2;
  const assume = (places: Iterable<number>) => {
    const taken = [...places].map((place): [number, number] => {
      const around = cells.at(place % columns, Math.floor(place / columns));
      const unknown =
        cells.value.scale === undefined ? Number(share(place) > 0.5) : 1 + share(place);
      return [place, Number.isNaN(around) ? unknown : around];
    });
    for (const [place, value] of taken) cells.set(place, value);
  };
  assume(missing);
  walk(cells, (places) => {
    const untrained = places.filter(
      (place) => !cells.isTrained(place % columns, Math.floor(place / columns)),
    );
    for (const place of untrained) later.add(place);
    assume(untrained);
    return true;
  });
  return later;
}
