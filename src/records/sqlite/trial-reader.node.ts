// What is read of a trial in the store's file, row by row. Each method is to be called within a transaction of the file's, and
// throws Damage where a row is not what it was.

import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { isScheduled, lastScheduled, scheduledPasses } from "../../model/evaluation-schedule.ts";
import type { StopRules } from "../../model/trial.ts";
import {
  recordOfRows,
  type Checkpoint,
  type TrajectoryRow,
  type TrialEnd,
  type TrialRecord,
} from "../record.ts";
import { secondsWithin, type Sitting } from "../sitting.ts";
import { stoppingPass } from "../stop.ts";
import { Damage } from "./damage.ts";
import { PACKED_SINCE } from "./schema.ts";
import type { StoreFile } from "./store-file.node.ts";
import {
  EVALUATION_COLUMNS,
  readCheckpoint,
  readEvaluation,
  readSitting,
  readTrajectory,
  readTrial,
  SITTING_COLUMNS,
  SNAPSHOT_COLUMNS,
  TRAJECTORY_COLUMNS,
  TRIAL_COLUMNS,
  type TrialRow,
} from "./trial-rows.ts";

export class TrialReader {
  readonly #file: StoreFile;
  readonly #sha256: Sha256;

  constructor(file: StoreFile, sha256: Sha256) {
    this.#file = file;
    this.#sha256 = sha256;
  }

  trial(key: string): TrialRow | null {
    const row = this.#file.get(`SELECT ${TRIAL_COLUMNS} FROM trials WHERE key = ?`, key);
    return row === undefined ? null : readTrial(row, this.#sha256);
  }

  whole(trial: TrialRow): TrialRecord {
    const { passes, ending, fingerprint } = trial;
    return this.prefix(trial, passes, { ending, fingerprint });
  }

  /** The first `passes` passes, without weights; `end` is their end where that is none that a row tells. */
  prefix(trial: TrialRow, passes: number, end?: TrialEnd): TrialRecord {
    const { key, specification } = trial;
    const rows = this.rowsUpTo(trial, passes);
    const { fingerprint } = rows[rows.length - 1].evaluation;
    const head = {
      ...{ key, specification },
      ...(end ?? { ending: { kind: "finished" }, fingerprint }),
      seconds: secondsWithin(this.sittings(trial), passes),
    };
    return recordOfRows(head, () => this.readAgain(trial, passes), rows);
  }

  /** Rows that were whole when the trial was found. */
  readAgain(trial: TrialRow, passes: number): TrajectoryRow[] {
    try {
      return this.#file.reading(() => this.rowsUpTo(trial, passes));
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${trial.key.slice(0, 12)} was changed by another process while it was read; run again`,
        { cause: error },
      );
    }
  }

  rowsUpTo(trial: TrialRow, passes: number): TrajectoryRow[] {
    const rows = this.rows(trial, 0, passes);
    const { evaluate } = trial.specification;
    const expected = scheduledPasses(evaluate, passes);
    if (!isScheduled(evaluate, passes)) expected.push(passes);
    if (
      rows.length !== expected.length ||
      rows.some(({ evaluation }, place) => evaluation.pass !== expected[place])
    )
      throw new Damage("the list of its passes");
    return rows;
  }

  /** Those of the scheduled passes from `from` to `to`, and that of `to`. */
  rows(trial: TrialRow, from: number, to: number): TrajectoryRow[] {
    const { evaluate } = trial.specification;
    const packed =
      this.#file.version < PACKED_SINCE
        ? []
        : this.#file.all(
            `SELECT ${TRAJECTORY_COLUMNS} FROM trajectories WHERE trial = ?`,
            trial.id,
          );
    const single = this.#file
      .all(
        `SELECT ${EVALUATION_COLUMNS} FROM evaluations WHERE trial = ? AND pass BETWEEN ? AND ? ORDER BY pass`,
        ...[trial.id, from, to],
      )
      .filter(({ pass }) => pass === to || isScheduled(evaluate, Number(pass)))
      .map((row) => readEvaluation(row, trial, this.#sha256));
    return [
      ...packed.flatMap((row) => readTrajectory(row, trial, from, to, this.#sha256)),
      ...single,
    ];
  }

  snapshot({ id, key }: TrialRow, pass: number): Checkpoint | null {
    const row = this.#file.get(
      `SELECT ${SNAPSHOT_COLUMNS} FROM snapshots WHERE trial = ? AND pass = ?`,
      ...[id, pass],
    );
    return row === undefined ? null : readCheckpoint(row, key, this.#sha256);
  }

  sittings({ id, key, passes }: TrialRow): Sitting[] {
    const sittings = this.#file
      .all(`SELECT ${SITTING_COLUMNS} FROM stretches WHERE trial = ? ORDER BY from_pass`, id)
      .map((row) => readSitting(row, key, this.#sha256));
    // Each begins where the one before has ended, and the last one ends with the last pass.
    const isWhole = sittings.every(({ from }, i) => from === (i === 0 ? 0 : sittings[i - 1].to));
    if (!isWhole || sittings.at(-1)?.to !== passes)
      throw new Damage("the list of its sittings of training");
    return sittings;
  }

  /** The pass at which the rules end it, of those that are kept up to `passes`. */
  stopped(trial: TrialRow, passes: number, stop: StopRules | undefined): number | null {
    if (stop === undefined) return null;
    const kept = lastScheduled(trial.specification.evaluate, Math.min(passes, trial.passes));
    const rows = this.rowsUpTo(trial, kept).map(({ evaluation }) => evaluation);
    return stoppingPass(rows, stop, passes);
  }

  hasRow({ id, passes, specification }: TrialRow, pass: number): boolean {
    if (isScheduled(specification.evaluate, pass)) return pass <= passes;
    const sql = "SELECT pass FROM evaluations WHERE trial = ? AND pass = ?";
    return this.#file.get(sql, id, pass) !== undefined;
  }

  /** Passes after which its weights are kept, ascending. */
  weights({ id }: TrialRow): number[] {
    return this.#file
      .all("SELECT pass FROM snapshots WHERE trial = ? ORDER BY pass", id)
      .map(({ pass }) => Number(pass));
  }

  offSchedule({ id, specification: { evaluate } }: TrialRow): number[] {
    if (evaluate === undefined) return [];
    return this.#file
      .all("SELECT pass FROM evaluations WHERE trial = ? ORDER BY pass", id)
      .map(({ pass }) => Number(pass))
      .filter((pass) => !isScheduled(evaluate, pass));
  }
}
