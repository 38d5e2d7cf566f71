// Sends a map's cells to the page some times a second, each once its seeds are trained.

import { MapCells } from "../../analysis/map/cells.ts";
import { MAP_VALUES, overSeeds } from "../../analysis/map/values.ts";
import type { TrialRecord } from "../../records/record.ts";
import { mapGrid } from "../../study/plans/map.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import { seedsOf } from "../../study/plans/planned-trial.ts";
import type { Study } from "../../study/spec.ts";
import type { Event } from "../protocol.ts";
import type { CellLine } from "./map-model.ts";
import { settingsOf } from "./outline.ts";

const EVERY = 60;

export class CellSender {
  readonly #send: (event: Event) => void;
  readonly #cells: MapCells;
  readonly #placeOf: (planned: PlannedTrial) => number;
  readonly #seeds: readonly (number | null)[];
  #round = { trials: 0, done: 0 };
  /** Records by their trials' keys, by place. */
  readonly #begun = new Map<number, Map<string, TrialRecord>>();
  readonly #sent = new Set<number>();
  #waiting: CellLine[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(study: Study, send: (event: Event) => void) {
    const settings = settingsOf(study);
    if (settings === null) throw new Error("no map is asked for");
    this.#send = send;
    const grid = mapGrid(study, settings);
    const cells = new MapCells(grid, MAP_VALUES[settings.of]);
    this.#cells = cells;
    this.#seeds = seedsOf(study);
    const [columnOf, rowOf] = [grid.x, grid.y].map(({ axis, values }) => {
      const places = new Map(values.map((value, index) => [value, index]));
      return ({ point }: PlannedTrial) => places.get(point.values[axis]) ?? NaN;
    });
    this.#placeOf = (planned) => cells.place(columnOf(planned), rowOf(planned));
  }

  begin(trials: number): void {
    this.#round = { trials, done: 0 };
  }

  add(planned: PlannedTrial, record: TrialRecord): void {
    this.#round = { ...this.#round, done: this.#round.done + 1 };
    const place = this.#placeOf(planned);
    const begun = this.#begun.get(place) ?? new Map<string, TrialRecord>();
    this.#begun.set(place, begun.set(record.key, record));
    if (begun.size === this.#seeds.length && !this.#sent.has(place))
      this.#finish(place, [...begun.values()]);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, EVERY);
  }

  #finish(place: number, records: readonly TrialRecord[]): void {
    this.#sent.add(place);
    this.#begun.delete(place);
    const { value } = this.#cells;
    const trials = records.map(({ key, fingerprint, specification: { streams } }) => ({
      ...{ key, fingerprint },
      seed: streams.kind === "named" ? streams.seed : null,
    }));
    const diverged = records.filter(({ ending }) => ending.kind === "diverged").length;
    this.#waiting.push({
      place,
      value: overSeeds(records.map(value.of), value),
      diverged: diverged > records.length / 2,
      learningRate: records[0].specification.training.learning_rate,
      trials: trials.sort((a, b) => this.#seeds.indexOf(a.seed) - this.#seeds.indexOf(b.seed)),
    });
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#send({ kind: "cells", cells: this.#waiting, round: this.#round });
    this.#waiting = [];
  }
}
