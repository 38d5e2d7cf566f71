// What a study's map is before anything of it is trained: its axes, and what its cells show.

import { MAP_VALUES, type MapValueName } from "../../analysis/map/values.ts";
import type { HeatAxis } from "../../figures/map.ts";
import { heatAxis, MAP_WORDS } from "../../questions/map.ts";
import { askedMap, mapGrid } from "../../study/plans/map.ts";
import { seedsOf } from "../../study/plans/planned-trial.ts";
import { isInteger } from "../../study/language/sections.ts";
import type { Study } from "../../study/spec.ts";

export interface OutlineAxis extends HeatAxis {
  /** The path that the study sweeps. */
  readonly axis: string;
  /** Points of its range; null where its values are listed. */
  readonly points: number | null;
  readonly isInteger: boolean;
}

export interface MapOutline {
  readonly x: OutlineAxis;
  readonly y: OutlineAxis;
  readonly refine: number;
  readonly of: MapValueName;
  /** What else it could show. */
  readonly values: readonly MapValueName[];
  /** Of numbers; null where cells are of one of two classes. */
  readonly scale: "linear" | "log" | null;
  /** Words for 0 and 1, or for the number and for none. */
  readonly words: readonly [string, string];
  readonly seeds: number;
  /** Among the study's questions. */
  readonly asked: number;
}

/** null where the study asks for no map. */
export function outlineOf(study: Study): MapOutline | null {
  const asked = (study.ask ?? []).findIndex(({ name }) => name === "map");
  const settings = askedMap(study);
  if (settings === null) return null;
  const grid = mapGrid(study, settings);
  const { ranges = {} } = study.sweep;
  const [x, y] = [grid.x, grid.y].map(({ axis, values }) => ({
    ...{ ...heatAxis(study, { axis, values }), axis, isInteger: isInteger(axis) },
    points: Object.hasOwn(ranges, axis) ? ranges[axis].points : null,
  }));
  const { of, refine } = settings;
  return {
    ...{ x, y, refine, of, asked },
    values: Object.keys(MAP_VALUES) as MapValueName[],
    scale: MAP_VALUES[of].scale ?? null,
    words: MAP_WORDS[of],
    seeds: seedsOf(study).length,
  };
}
