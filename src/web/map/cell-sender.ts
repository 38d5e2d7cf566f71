// Sends a map's cells to the page some times a second.

import type { TrialRecord } from "../../records/record.ts";
import type { WatchedMap } from "../../report/watched-map.ts";
import type { WatchedCell } from "../../report/watching.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import type { Event } from "../protocol.ts";

const EVERY = 60;

export class CellSender {
  readonly #send: (event: Event) => void;
  readonly #map: WatchedMap;
  #round = { trials: 0, done: 0 };
  #waiting: WatchedCell[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(map: WatchedMap, send: (event: Event) => void) {
    [this.#map, this.#send] = [map, send];
  }

  begin(trials: number): void {
    this.#round = { trials, done: 0 };
  }

  add({ point }: PlannedTrial, record: TrialRecord): void {
    this.#round = { ...this.#round, done: this.#round.done + 1 };
    const cell = this.#map.add(point, record);
    if (cell !== null) this.#waiting.push(cell);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, EVERY);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#send({ kind: "cells", cells: this.#waiting, round: this.#round });
    this.#waiting = [];
  }
}
