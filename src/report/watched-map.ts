// A map as those see it who watch it from elsewhere: its trials put together to cells, each once all of its seeds are there.

import { MapCells } from "../analysis/map/cells.ts";
import { MAP_VALUES, overSeeds } from "../analysis/map/values.ts";
import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";
import { askedMap, mapGrid } from "../study/plans/map.ts";
import { seedsOf } from "../study/plans/planned-trial.ts";
import type { Study } from "../study/spec.ts";
import type { WatchedCell } from "./watching.ts";

export class WatchedMap {
  readonly #cells: MapCells;
  readonly #seeds: readonly (number | null)[];
  /** By place, and the trials' keys; of cells that are not whole. */
  readonly #begun = new Map<number, Map<string, TrialRecord>>();
  readonly #whole = new Set<number>();

  private constructor(cells: MapCells, seeds: readonly (number | null)[]) {
    [this.#cells, this.#seeds] = [cells, seeds];
  }

  /** null where the study asks for none. */
  static of(study: Study): WatchedMap | null {
    const asked = askedMap(study);
    if (asked === null) return null;
    const cells = new MapCells(mapGrid(study, asked), MAP_VALUES[asked.of]);
    return new WatchedMap(cells, seedsOf(study));
  }

  /** The cell that this trial makes whole; null for none. */
  add(point: Point, record: TrialRecord): WatchedCell | null {
    const place = this.#cells.placeOf(point);
    const begun = this.#begun.get(place) ?? new Map<string, TrialRecord>();
    this.#begun.set(place, begun.set(record.key, record));
    if (begun.size < this.#seeds.length || this.#whole.has(place)) return null;
    this.#begun.delete(place);
    this.#whole.add(place);
    return this.#cellOf(place, [...begun.values()]);
  }

  #cellOf(place: number, records: readonly TrialRecord[]): WatchedCell {
    const { value } = this.#cells;
    const trials = records.map(({ key, fingerprint, specification: { streams } }) => ({
      ...{ key, fingerprint },
      seed: streams.kind === "named" ? streams.seed : null,
    }));
    const diverged = records.filter(({ ending }) => ending.kind === "diverged").length;
    return {
      place,
      value: overSeeds(records.map(value.of), value),
      diverged: diverged > records.length / 2,
      learningRate: records[0].specification.training.learning_rate,
      trials: trials.sort((a, b) => this.#seeds.indexOf(a.seed) - this.#seeds.indexOf(b.seed)),
    };
  }
}
