// A study that is trained here, as those who watch it see it: everything so far, and what comes, some times a second.

import { sha256 } from "../../base/sha256.node.ts";
import type { Pool } from "../../pool/pool.ts";
import type { Evaluation, TrialRecord } from "../../records/record.ts";
import { WatchedMap } from "../../report/watched-map.ts";
import {
  packedCell,
  packedRow,
  type EndedTrial,
  type MapRound,
  type PackedCell,
  type PackedRow,
  type PackedRows,
  type WatchedEvent,
  type WatchedTrial,
} from "../../report/watching.ts";
import { keysOf } from "../../study/follow.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import type { StudyEvent } from "../../study/run.ts";
import type { Study } from "../../study/spec.ts";

/** Milliseconds between two batches of rows. */
const EVERY = 150;

interface Told {
  readonly examples: PackedRows["examples"];
  readonly rows: PackedRow[];
}

export class WatchedStudy {
  readonly #tell: (event: WatchedEvent) => void;
  readonly #mostRows: number;
  readonly #keyOf = keysOf(sha256);
  readonly #planned = new Map<string, WatchedTrial>();
  readonly #ended = new Map<string, EndedTrial>();
  readonly #told = new Map<string, Told>();
  readonly #waiting = new Map<string, Told>();
  /** Where one is asked for; its sweep's trials are told as cells. */
  readonly #map: WatchedMap | null;
  readonly #cells: PackedCell[] = [];
  #round: MapRound = { trials: 0, done: 0 };
  /** Of `#cells`. */
  #toldCells = 0;
  #count = 0;
  #timer: NodeJS.Timeout | null = null;

  /** After `mostRows` evaluations the ends of trials alone are told. */
  constructor(study: Study, mostRows: number, tell: (event: WatchedEvent) => void) {
    this.#map = WatchedMap.of(study);
    this.#mostRows = mostRows;
    this.#tell = tell;
  }

  /** What brings somebody up to date who comes now. */
  soFar(): WatchedEvent[] {
    this.#flush();
    const all = [...this.#told].map(([key, told]) => ({ key, ...told }));
    return [
      { kind: "planned", trials: [...this.#planned.values()] },
      { kind: "rows", all },
      ...this.#ended.values(),
      ...(this.#map ? [this.#cellsFrom(0)] : []),
    ];
  }

  onEvent(event: StudyEvent): void {
    switch (event.kind) {
      case "planned": {
        const planned = [...event.trials];
        const ofMap = planned.filter((one) => this.#isOfMap(one));
        if (ofMap.length > 0) this.#round = { trials: ofMap.length, done: 0 };
        const trials = planned
          .filter((one) => !this.#isOfMap(one))
          .map((planned): WatchedTrial => {
            const { role, point, trial } = planned;
            const { training, data } = trial.specification;
            return {
              ...{ key: this.#keyOf(planned), role, point, passes: trial.passes },
              learningRate: training.learning_rate,
              examples: data.train_examples,
            };
          });
        for (const trial of trials) this.#planned.set(trial.key, trial);
        this.#tell({ kind: "planned", trials });
        break;
      }
      case "passed":
        if (!this.#isOfMap(event.planned))
          this.#add(this.#keyOf(event.planned), [event.row.evaluation]);
        break;
      case "ended": {
        if (this.#isOfMap(event.planned)) {
          this.#addToMap(event.planned, event.record);
          break;
        }
        const { key, trajectory, ending, fingerprint } = event.record;
        this.#add(key, trajectory);
        this.#flush();
        const passes = trajectory.at(-1)?.pass ?? 0;
        const ended: EndedTrial = { kind: "ended", key, ending, fingerprint, passes };
        this.#ended.set(key, ended);
        this.#tell(ended);
        break;
      }
      case "elsewhere":
      case "resumed":
        break;
    }
  }

  /** The pool, with somebody who sees what training goes on from. */
  watched(pool: Pool): Pool {
    return {
      ...pool,
      turn: async (trial, options) => {
        const turn = await pool.turn(trial, options);
        return {
          ...turn,
          train: (from) => {
            if (from !== null && this.#planned.has(turn.key))
              this.#add(turn.key, from.record.trajectory);
            return turn.train(from);
          },
        };
      },
    };
  }

  close(): void {
    this.#flush();
  }

  #isOfMap({ role }: PlannedTrial): boolean {
    return this.#map !== null && role === "sweep";
  }

  #addToMap({ point }: PlannedTrial, record: TrialRecord): void {
    this.#round = { ...this.#round, done: this.#round.done + 1 };
    const cell = this.#map?.add(point, record) ?? null;
    if (cell !== null && this.#count + cell.trials.length <= this.#mostRows) {
      this.#count += cell.trials.length;
      this.#cells.push(packedCell(cell));
    }
    this.#soon();
  }

  #cellsFrom(first: number): WatchedEvent {
    return { kind: "cells", cells: this.#cells.slice(first), round: this.#round };
  }

  #add(key: string, trajectory: readonly Evaluation[]): void {
    const last = (this.#waiting.get(key) ?? this.#told.get(key))?.rows.at(-1)?.[0] ?? -1;
    const rows = trajectory.filter(({ pass }) => pass > last);
    if (rows.length === 0 || this.#count + rows.length > this.#mostRows) return;
    this.#count += rows.length;
    const [{ train, test }] = rows;
    const waiting = this.#waiting.get(key) ?? {
      examples: [train.examples, test.examples],
      rows: [],
    };
    waiting.rows.push(...rows.map(packedRow));
    this.#waiting.set(key, waiting);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, EVERY);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#cells.length > this.#toldCells) {
      this.#tell(this.#cellsFrom(this.#toldCells));
      this.#toldCells = this.#cells.length;
    }
    if (this.#waiting.size === 0) return;
    const all = [...this.#waiting].map(([key, { examples, rows }]): PackedRows => {
      const told = this.#told.get(key) ?? { examples, rows: [] };
      told.rows.push(...rows);
      this.#told.set(key, told);
      return { key, examples, rows };
    });
    this.#waiting.clear();
    this.#tell({ kind: "rows", all });
  }
}
