// Trials in the store's file: what is read of them, and how they grow. Each method is to be called within a
// transaction of the file's, so that what it reads is of one moment.

import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { ResumePoint, Checkpoint, TrajectoryRow, TrialRecord } from "../record.ts";
import type { TrialUpdate, TrialFacts } from "../store.ts";
import { secondsWithin, type Sitting } from "../sitting.ts";
import { Damage } from "./damage.ts";
import type { StoreFile } from "./store-file.node.ts";
import type { Totals } from "./totals.node.ts";
import {
  EVALUATION_COLUMNS,
  evaluationValues,
  readEvaluation,
  readSnapshot,
  readSitting,
  readTrial,
  SNAPSHOT_COLUMNS,
  snapshotValues,
  SITTING_COLUMNS,
  sittingValues,
  TRIAL_COLUMNS,
  trialValues,
  type TrialRow,
} from "./trial-rows.ts";

/** Who trains: kept beside what is trained, for people. */
export interface Trainer {
  readonly machine: string;
  readonly versions: string;
}

/** Of a row of `trials`: whether no study asks for it. */
const UNASKED = "NOT EXISTS (SELECT 1 FROM study_trials AS asked WHERE asked.key = trials.key)";

/** Of weights that no study asks for and no training goes on from. */
const OLD_WEIGHTS = `FROM snapshots WHERE EXISTS (
  SELECT 1 FROM trials WHERE trials.id = snapshots.trial AND trials.passes <> snapshots.pass AND NOT EXISTS (
    SELECT 1 FROM study_trials AS asked WHERE asked.key = trials.key AND asked.passes = snapshots.pass))`;

/** What no study asks for. */
interface Unasked {
  /** Their ids. */
  readonly trials: readonly number[];
  /** Number of sets of weights of trials that stay. */
  readonly weights: number;
}

export class TrialTable {
  readonly #file: StoreFile;
  readonly #sha256: Sha256;
  readonly #totals: Totals;

  constructor(file: StoreFile, sha256: Sha256, totals: Totals) {
    this.#file = file;
    this.#sha256 = sha256;
    this.#totals = totals;
  }

  /** See RecordStore.get; throws Damage, as all that read do. */
  record(key: string, passes: number): TrialRecord | null {
    const trial = this.#trial(key);
    if (trial === null) return null;
    const { ending } = trial;
    const isWhole = ending.kind === "diverged" ? ending.pass <= passes : trial.passes === passes;
    if (!isWhole && trial.passes < passes) return null;
    const record = isWhole ? this.#whole(trial) : this.#prefix(trial, passes);
    // A trial whose weights are damaged counts as not trained, though nothing of them is given here.
    this.#snapshot(trial, record.trajectory.length - 1);
    return record;
  }

  resume(key: string): ResumePoint | null {
    const trial = this.#trial(key);
    if (trial === null) return null;
    const checkpoint = this.#snapshot(trial, trial.passes);
    if (checkpoint === null) throw new Damage("its checkpoint");
    return { record: this.#whole(trial), checkpoint };
  }

  snapshot(key: string, pass: number): Checkpoint | null {
    const trial = this.#trial(key);
    return trial === null ? null : this.#snapshot(trial, pass);
  }

  sittings(key: string): Sitting[] {
    const trial = this.#trial(key);
    return trial === null ? [] : this.#sittings(trial);
  }

  /** Keys that begin with these hex digits. */
  keysFrom(prefix: string): string[] {
    // "g" follows the last hex digit.
    return this.#file
      .all(
        "SELECT CAST(key AS BLOB) AS key FROM trials WHERE key >= ? AND key < ? ORDER BY key",
        prefix,
        `${prefix}g`,
      )
      .flatMap(({ key }) => (key instanceof Uint8Array ? new TextDecoder().decode(key) : []));
  }

  totals(): { trials: number; unasked: number } {
    const row = this.#file.get(`SELECT count(*) AS trials, sum(${UNASKED}) AS unasked FROM trials`);
    return { trials: Number(row?.trials), unasked: Number(row?.unasked) };
  }

  remove(key: string): void {
    this.#delete("key = ?", key);
  }

  /** Deletes trials with all that belongs to them. */
  #delete(where: string, value: number | string): void {
    const weights = this.#file.run(
      `DELETE FROM snapshots WHERE trial IN (SELECT id FROM trials WHERE ${where})`,
      value,
    );
    this.#totals.add("snapshots", -weights);
    this.#totals.add("trials", -this.#file.run(`DELETE FROM trials WHERE ${where}`, value));
  }

  /** What no study asks for, but for the trials with keys in `spared`. */
  unasked(spared: ReadonlySet<string>): Unasked {
    const trials = this.#file
      .all(`SELECT id, CAST(key AS BLOB) AS key FROM trials WHERE ${UNASKED}`)
      .filter(
        ({ key }) => !(key instanceof Uint8Array && spared.has(new TextDecoder().decode(key))),
      )
      .map(({ id }) => Number(id));
    const going = new Set(trials);
    const old = this.#file.all(`SELECT trial ${OLD_WEIGHTS}`);
    return { trials, weights: old.filter(({ trial }) => !going.has(Number(trial))).length };
  }

  /** Removes it; to be called in the transaction in which it was found. */
  collect({ trials }: Unasked): void {
    for (const id of trials) this.#delete("id = ?", id);
    this.#totals.add("snapshots", -this.#file.run(`DELETE ${OLD_WEIGHTS}`));
  }

  /** Keys of all trials, in the order in which they were begun; one that is no text any more is left out. */
  keys(): string[] {
    return this.#file
      .all("SELECT CAST(key AS BLOB) AS key FROM trials ORDER BY id")
      .flatMap(({ key }) => (key instanceof Uint8Array ? new TextDecoder().decode(key) : []));
  }

  facts(key: string): TrialFacts | null {
    const trial = this.#trial(key);
    if (trial === null) return null;
    const { id, specification, passes, ending, fingerprint } = trial;
    const last = this.#rows(trial, "pass = ?", passes).at(0);
    if (last === undefined) throw new Damage(`pass ${passes}`);
    const weights = this.#file
      .all("SELECT pass FROM snapshots WHERE trial = ? ORDER BY pass", id)
      .map(({ pass }) => Number(pass));
    const { evaluation } = last;
    return { key, specification, passes, ending, fingerprint, last: evaluation, weights };
  }

  /** Throws WidthwiseError where the update does not follow what is kept. */
  commit(update: TrialUpdate, trainer: Trainer): void {
    const { key, specification, rows, ending, fingerprint, checkpoint } = update;
    const first = rows.at(0)?.evaluation;
    if (first?.pass === 0) this.remove(key);
    const before = first?.pass === 0 ? null : this.#trial(key);
    if ((before?.passes ?? -1) + rows.length !== checkpoint.pass)
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${key.slice(0, 12)} was changed by another process while it was trained; run again`,
      );
    const examples = before?.examples ?? {
      train: first?.train.examples ?? 0,
      test: first?.test.examples ?? 0,
    };
    const { pass: passes } = checkpoint;
    const trial = { key, specification, passes, ending, examples, fingerprint };
    const id = this.#put(before?.id ?? null, trial);
    for (const row of rows)
      this.#file.run(
        "INSERT INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[id, ...evaluationValues(key, row, this.#sha256)],
      );
    this.#replaceSnapshot(id, key, checkpoint);
    const { since: from, seconds } = update;
    this.#file.run(
      "REPLACE INTO stretches VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[id, ...sittingValues(key, { ...trainer, from, to: passes, seconds }, this.#sha256)],
    );
  }

  /** Writes the row, a new one where `id` is null, and returns its id. */
  #put(id: number | null, trial: Omit<TrialRow, "id">): number {
    const row = this.#file.get(
      `INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET (passes, diverged_pass, diverged_step, fingerprint, seal) =
         (excluded.passes, excluded.diverged_pass, excluded.diverged_step, excluded.fingerprint, excluded.seal)
       RETURNING id`,
      ...[id, ...trialValues(trial, this.#sha256)],
    );
    const put = Number(row?.id);
    if (id === null) this.#begin(put);
    return put;
  }

  /** A trial that has vanished may have left rows under the number that a new one gets. */
  #begin(id: number): void {
    for (const table of ["evaluations", "stretches"])
      this.#file.run(`DELETE FROM ${table} WHERE trial = ?`, id);
    const weights = this.#file.run("DELETE FROM snapshots WHERE trial = ?", id);
    this.#totals.add("snapshots", -weights);
    this.#totals.add("trials", 1);
  }

  /**
   * Keeps weights of a pass that is kept.
   * Throws WidthwiseError where that pass is not.
   */
  addCheckpoint(key: string, checkpoint: Checkpoint): void {
    const trial = this.#trial(key);
    if (trial === null || checkpoint.pass > trial.passes)
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${key.slice(0, 12)} has no pass ${checkpoint.pass} to keep weights of; run again`,
      );
    const before = this.#file.run(
      "DELETE FROM snapshots WHERE trial = ? AND pass = ?",
      ...[trial.id, checkpoint.pass],
    );
    this.#insertSnapshot(trial.id, key, checkpoint, before);
  }

  /** The older ones go, except where a study asks for as many passes. */
  #replaceSnapshot(id: number, key: string, checkpoint: Checkpoint): void {
    const older = this.#file.run(
      `DELETE FROM snapshots WHERE trial = ? AND (pass = ? OR NOT EXISTS
         (SELECT 1 FROM study_trials AS asked WHERE asked.key = ? AND asked.passes = snapshots.pass))`,
      ...[id, checkpoint.pass, key],
    );
    this.#insertSnapshot(id, key, checkpoint, older);
  }

  /** In the place of `deleted` ones. */
  #insertSnapshot(id: number, key: string, checkpoint: Checkpoint, deleted: number): void {
    this.#file.run(
      "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[id, ...snapshotValues(key, checkpoint, this.#sha256)],
    );
    this.#totals.add("snapshots", 1 - deleted);
  }

  #trial(key: string): TrialRow | null {
    const row = this.#file.get(`SELECT ${TRIAL_COLUMNS} FROM trials WHERE key = ?`, key);
    return row === undefined ? null : readTrial(row, this.#sha256);
  }

  #whole(trial: TrialRow): TrialRecord {
    const { ending, fingerprint } = trial;
    return { ...this.#prefix(trial, trial.passes), ending, fingerprint };
  }

  /** The first `passes` passes, without weights. */
  #prefix(trial: TrialRow, passes: number): TrialRecord {
    const rows = this.#rows(trial, "pass <= ? ORDER BY pass", passes);
    const trajectory = rows.map(({ evaluation }) => evaluation);
    if (rows.length !== passes + 1 || trajectory.some(({ pass }, index) => pass !== index))
      throw new Damage("the list of its passes");
    return {
      key: trial.key,
      specification: trial.specification,
      trajectory,
      ending: { kind: "finished" },
      fingerprint: trajectory[passes].fingerprint,
      running_averages: rows.flatMap(({ averages }) => averages),
      seconds: secondsWithin(this.#sittings(trial), passes),
    };
  }

  #rows(trial: TrialRow, where: string, pass: number): TrajectoryRow[] {
    return this.#file
      .all(
        `SELECT ${EVALUATION_COLUMNS} FROM evaluations WHERE trial = ? AND ${where}`,
        ...[trial.id, pass],
      )
      .map((row) => readEvaluation(row, trial, this.#sha256));
  }

  #snapshot({ id, key }: TrialRow, pass: number): Checkpoint | null {
    const row = this.#file.get(
      `SELECT ${SNAPSHOT_COLUMNS} FROM snapshots WHERE trial = ? AND pass = ?`,
      ...[id, pass],
    );
    return row === undefined ? null : readSnapshot(row, key, this.#sha256);
  }

  #sittings({ id, key, passes }: TrialRow): Sitting[] {
    const sittings = this.#file
      .all(`SELECT ${SITTING_COLUMNS} FROM stretches WHERE trial = ? ORDER BY from_pass`, id)
      .map((row) => readSitting(row, key, this.#sha256));
    // Each begins where the one before has ended, and the last one ends with the last pass.
    const isWhole = sittings.every(({ from }, i) => from === (i === 0 ? 0 : sittings[i - 1].to));
    if (!isWhole || sittings.at(-1)?.to !== passes)
      throw new Damage("the list of its sittings of training");
    return sittings;
  }
}
