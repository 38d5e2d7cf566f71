// What is read of a trial in the store's file, row by row. Each method is to be called within a transaction of the file's, and
// throws Damage where a row is not what it was.

import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { isScheduled, lastScheduled, scheduledPasses } from "../../model/evaluation-schedule.ts";
import type { StopRules } from "../../model/trial.ts";
import {
  recordOfRows,
  type Checkpoint,
  type RowSource,
  type TrajectoryRow,
  type TrialEnd,
  type TrialRecord,
} from "../record.ts";
import { unpackRows } from "../packed-rows.ts";
import { secondsWithin, type Sitting } from "../sitting.ts";
import { stoppingPass } from "../stop.ts";
import type { TrialCopy } from "../trial-copy.ts";
import { Damage } from "./damage.ts";
import { MEASUREMENT_COLUMNS, readMeasurement } from "./measurement-table.node.ts";
import { MEASURED_SINCE, PACKED_SINCE } from "./schema.ts";
import type { StoreFile } from "./store-file.node.ts";
import type { ValueRow } from "./values.ts";
import {
  EVALUATION_COLUMNS,
  readCheckpoint,
  readEvaluation,
  readSitting,
  readPacked,
  readTrial,
  SITTING_COLUMNS,
  SNAPSHOT_COLUMNS,
  TRAJECTORY_COLUMNS,
  TRIAL_COLUMNS,
  type TrialRow,
} from "./trial-rows.ts";

/** Of a row of `trials`: whether its key is among those of a JSON array. */
const KEYS = "key IN (SELECT value FROM json_each(?))";

export class TrialReader implements RowSource {
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
    const kept = {
      ...{ key, specification, passes, source: this },
      ...(end ?? { ending: { kind: "finished" } as const, fingerprint }),
      seconds: secondsWithin(this.sittings(trial), passes),
    };
    return recordOfRows(kept, rows);
  }

  /** Rows that were whole when the trial was found. */
  rowsOf(key: string, passes: number): TrajectoryRow[] {
    try {
      return this.#file.reading(() => {
        const trial = this.trial(key);
        if (trial === null) throw new Damage("its row");
        return this.rowsUpTo(trial, passes);
      });
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${key.slice(0, 12)} was changed by another process while it was read; run again`,
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
    const packed = this.#packed(trial);
    if (packed === undefined) return this.#single(trial, from, to);
    const { passes, rows } = readPacked(packed, trial, this.#sha256);
    const first = unpackRows(rows, trial, from, Math.min(passes, to));
    return this.#hasSingle(trial, from, to) ? [...first, ...this.#single(trial, from, to)] : first;
  }

  /** Most trials that were trained whole have none: to find that out without asking for rows leaves nothing behind. */
  #hasSingle({ id }: TrialRow, from: number, to: number): boolean {
    const sql = "SELECT pass FROM evaluations WHERE trial = ? AND pass BETWEEN ? AND ?";
    return this.#file.get(sql, id, from, to) !== undefined;
  }

  #single(trial: TrialRow, from: number, to: number): TrajectoryRow[] {
    const { evaluate } = trial.specification;
    return this.#file
      .all(
        `SELECT ${EVALUATION_COLUMNS} FROM evaluations WHERE trial = ? AND pass BETWEEN ? AND ? ORDER BY pass`,
        ...[trial.id, from, to],
      )
      .filter(({ pass }) => pass === to || isScheduled(evaluate, Number(pass)))
      .map((row) => readEvaluation(row, trial, this.#sha256));
  }

  /** Each of these trials that is kept, or the damage that was met; read together, since a question takes longer than its answer. */
  copies(keys: readonly string[]): Map<string, TrialCopy | Damage> {
    const asked = JSON.stringify(keys);
    const trials = this.#file.all(`SELECT ${TRIAL_COLUMNS} FROM trials WHERE ${KEYS}`, asked);
    const of = (table: string, columns: string, order: string) =>
      this.#grouped(
        `SELECT trial, ${columns} FROM ${table}
         WHERE trial IN (SELECT id FROM trials WHERE ${KEYS}) ORDER BY trial, ${order}`,
        asked,
      );
    const { version } = this.#file;
    const none = () => [];
    const packed = version < PACKED_SINCE ? none : of("trajectories", TRAJECTORY_COLUMNS, "passes");
    const rows = of("evaluations", EVALUATION_COLUMNS, "pass");
    const snapshots = of("snapshots", SNAPSHOT_COLUMNS, "pass");
    const sittings = of("stretches", SITTING_COLUMNS, "from_pass");
    const measurements =
      version < MEASURED_SINCE
        ? none
        : of("measurements", MEASUREMENT_COLUMNS, "pass, measurement, version");
    const sha256 = this.#sha256;
    return new Map<string, TrialCopy | Damage>(
      trials.map((row) => {
        const key = row.key instanceof Uint8Array ? new TextDecoder().decode(row.key) : "";
        try {
          const trial = readTrial(row, sha256);
          const { id } = trial;
          const copy: TrialCopy = {
            ...trial,
            packed: packed(id).map((one) => readPacked(one, trial, sha256))[0] ?? null,
            rows: rows(id).map((one) => readEvaluation(one, trial, sha256)),
            checkpoints: snapshots(id).map((one) => readCheckpoint(one, key, sha256)),
            sittings: following(
              trial,
              sittings(id).map((one) => readSitting(one, key, sha256)),
            ),
            measurements: measurements(id).map((one) => readMeasurement(one, key, sha256)),
          };
          return [key, copy];
        } catch (error) {
          if (!(error instanceof Damage)) throw error;
          return [key, error];
        }
      }),
    );
  }

  /** Rows by the number of their trial. */
  #grouped(sql: string, asked: string): (trial: number) => readonly ValueRow[] {
    const groups = new Map<number, ValueRow[]>();
    for (const row of this.#file.all(sql, asked)) {
      const group = groups.get(Number(row.trial)) ?? [];
      groups.set(Number(row.trial), group);
      group.push(row);
    }
    return (trial) => groups.get(trial) ?? [];
  }

  #packed({ id }: TrialRow): ValueRow | undefined {
    if (this.#file.version < PACKED_SINCE) return undefined;
    return this.#file.get(`SELECT ${TRAJECTORY_COLUMNS} FROM trajectories WHERE trial = ?`, id);
  }

  snapshot({ id, key }: TrialRow, pass: number): Checkpoint | null {
    const row = this.#file.get(
      `SELECT ${SNAPSHOT_COLUMNS} FROM snapshots WHERE trial = ? AND pass = ?`,
      ...[id, pass],
    );
    return row === undefined ? null : readCheckpoint(row, key, this.#sha256);
  }

  sittings(trial: TrialRow): Sitting[] {
    const sittings = this.#file
      .all(`SELECT ${SITTING_COLUMNS} FROM stretches WHERE trial = ? ORDER BY from_pass`, trial.id)
      .map((row) => readSitting(row, trial.key, this.#sha256));
    return following(trial, sittings);
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

/** Each begins where the one before has ended, and the last one ends with the last pass. Throws Damage where they do not. */
function following({ passes }: TrialRow, sittings: Sitting[]): Sitting[] {
  const isWhole = sittings.every(({ from }, i) => from === (i === 0 ? 0 : sittings[i - 1].to));
  if (!isWhole || sittings.at(-1)?.to !== passes)
    throw new Damage("the list of its sittings of training");
  return sittings;
}
