// Trials in the store's file: what is read of them, and how they grow. Each method is to be called within a
// transaction of the file's, so that what it reads is of one moment.

import { WidthwiseError } from "../../base/errors.ts";
import { isScheduled, lastScheduled, scheduledPasses } from "../../model/evaluation-schedule.ts";
import type { StopRules } from "../../model/trial.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { checksum } from "../checksum.ts";
import {
  lastPass,
  recordOfRows,
  type ResumePoint,
  type Checkpoint,
  type TrajectoryRow,
  type TrialRecord,
} from "../record.ts";
import type { OffSchedule, TrialUpdate, TrialFacts, WholeTrial } from "../store.ts";
import type { KeptMeasurement } from "../measured.ts";
import type { Sitting, Trainer } from "../sitting.ts";
import type { TrialCopy } from "../trial-copy.ts";
import { Damage } from "./damage.ts";
import { asksFor, MeasurementTable } from "./measurement-table.node.ts";
import type { StoreFile } from "./store-file.node.ts";
import { TrialReader } from "./trial-reader.node.ts";
import type { Totals } from "./totals.node.ts";
import {
  evaluationValues,
  snapshotValues,
  sittingValues,
  trialValues,
  type TrialRow,
} from "./trial-rows.ts";

/** Of a row of `trials`: whether no study asks for it. */
const UNASKED = "NOT EXISTS (SELECT 1 FROM study_trials AS asked WHERE asked.key = trials.key)";

/** Of weights that no study asks for and no training goes on from. */
const OLD_WEIGHTS = `FROM snapshots WHERE EXISTS (
  SELECT 1 FROM trials WHERE trials.id = snapshots.trial AND trials.passes <> snapshots.pass
    AND NOT ${asksFor("snapshots.pass")})`;

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
  readonly #reader: TrialReader;
  readonly #measurements: MeasurementTable;

  constructor(file: StoreFile, sha256: Sha256, totals: Totals) {
    this.#file = file;
    this.#sha256 = sha256;
    this.#totals = totals;
    this.#reader = new TrialReader(file, sha256);
    this.#measurements = new MeasurementTable(file, sha256);
  }

  /** See RecordStore.get; throws Damage, as all that read do. */
  record(key: string, passes: number, stop?: StopRules): TrialRecord | null {
    const trial = this.#reader.trial(key);
    if (trial === null) return null;
    const { ending } = trial;
    const end = this.#reader.stopped(trial, passes, stop) ?? passes;
    const isWhole = end === passes && ending.kind === "diverged" && ending.pass <= passes;
    if (!isWhole && !this.#reader.hasRow(trial, end)) return null;
    const record = isWhole ? this.#reader.whole(trial) : this.#reader.prefix(trial, end);
    // A trial whose weights are damaged counts as not trained, though nothing of them is given here.
    this.#reader.snapshot(trial, lastPass(record));
    return record;
  }

  resume(key: string, passes = Infinity): ResumePoint | null {
    const trial = this.#reader.trial(key);
    if (trial === null) return null;
    if (trial.passes <= passes) {
      const checkpoint = this.#reader.snapshot(trial, trial.passes);
      if (checkpoint === null) throw new Damage("its checkpoint");
      return { record: this.#reader.whole(trial), checkpoint };
    }
    const latest = this.#reader
      .weights(trial)
      .findLast((pass) => pass <= passes && isScheduled(trial.specification.evaluate, pass));
    const checkpoint = latest === undefined ? null : this.#reader.snapshot(trial, latest);
    return checkpoint && { record: this.#reader.prefix(trial, checkpoint.pass), checkpoint };
  }

  snapshot(key: string, pass: number): Checkpoint | null {
    const trial = this.#reader.trial(key);
    return trial === null ? null : this.#reader.snapshot(trial, pass);
  }

  sittings(key: string): Sitting[] {
    const trial = this.#reader.trial(key);
    return trial === null ? [] : this.#reader.sittings(trial);
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
    this.#measurements.collect();
  }

  /** Keys of all trials, in the order in which they were begun; one that is no text any more is left out. */
  keys(): string[] {
    return this.#file
      .all("SELECT CAST(key AS BLOB) AS key FROM trials ORDER BY id")
      .flatMap(({ key }) => (key instanceof Uint8Array ? new TextDecoder().decode(key) : []));
  }

  facts(key: string): TrialFacts | null {
    const trial = this.#reader.trial(key);
    if (trial === null) return null;
    const { specification, passes, ending, fingerprint } = trial;
    const last = this.#reader.rows(trial, passes, passes).at(0);
    if (last === undefined) throw new Damage(`pass ${passes}`);
    return {
      ...{ key, specification, passes, ending, fingerprint },
      offSchedule: this.#reader.offSchedule(trial),
      last: last.evaluation,
      weights: this.#reader.weights(trial),
    };
  }

  /** Throws WidthwiseError where the update does not follow what is kept. */
  commit(update: TrialUpdate, trainer: Trainer): void {
    const { key, specification, rows, ending, fingerprint, checkpoint } = update;
    const first = rows.at(0)?.evaluation;
    if (first?.pass === 0) this.remove(key);
    const before = first?.pass === 0 ? null : this.#reader.trial(key);
    const trained = before?.passes ?? -1;
    const following = scheduledPasses(specification.evaluate, checkpoint.pass).filter(
      (pass) => pass > trained,
    );
    if (rows.map(({ evaluation }) => evaluation.pass).join() !== following.join())
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${key.slice(0, 12)} was changed by another process while it was trained; run again`,
      );
    const examples = before?.examples ?? {
      train: first?.train.examples ?? 0,
      test: first?.test.examples ?? 0,
    };
    const { pass: passes } = checkpoint;
    const trial = { key, specification, passes, ending, examples, fingerprint };
    if (before === null) this.#begin(1);
    const id = this.#put(before?.id ?? null, trial);
    for (const row of rows) this.#putRow(id, key, row);
    this.#measurements.put(id, key, update.measurements ?? []);
    this.#replaceCheckpoint(id, key, checkpoint);
    const { since: from, seconds } = update;
    this.#putSitting(id, key, { ...(update.trainer ?? trainer), from, to: passes, seconds });
  }

  #putRow(id: number, key: string, row: TrajectoryRow): void {
    this.#file.run(
      "REPLACE INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[id, ...evaluationValues(key, row, this.#sha256)],
    );
  }

  /** See TrialStore.addOffSchedule. */
  addOffSchedule(key: string, { row, checkpoint }: OffSchedule): void {
    const trial = this.#reader.trial(key);
    const { pass } = checkpoint;
    if (trial === null || trial.passes < lastScheduled(trial.specification.evaluate, pass))
      throw this.#isNot(key, `the passes before pass ${pass}`);
    this.#putRow(trial.id, key, row);
    this.#putCheckpoint(trial.id, key, checkpoint);
  }

  #isNot(key: string, what: string): WidthwiseError {
    return new WidthwiseError(
      `store ${this.#file.path}: trial ${key.slice(0, 12)} has no ${what}; run again`,
    );
  }

  /** See RecordStore.keepWhole. */
  keepWhole(trials: readonly WholeTrial[], trainer: Trainer): TrialRecord[] {
    this.#begin(trials.length);
    this.#totals.add("snapshots", trials.length);
    return trials.map((trial) => this.#insertWhole(trial, trainer));
  }

  /** See TrialReader.copies. */
  copies(keys: readonly string[]): Map<string, TrialCopy | Damage> {
    return this.#reader.copies(keys);
  }

  /** Puts trials with all that is kept of them in the place of what was. */
  adopt(copies: readonly TrialCopy[]): void {
    for (const { key } of copies) if (this.#isThere(key)) this.remove(key);
    this.#begin(copies.length);
    for (const copy of copies) {
      const { key, packed, checkpoints } = copy;
      const id = this.#put(null, copy);
      if (packed !== null) this.#putPacked(id, key, packed);
      for (const row of copy.rows) this.#putRow(id, key, row);
      for (const checkpoint of checkpoints) this.#insertCheckpoint(id, key, checkpoint);
      this.#totals.add("snapshots", checkpoints.length);
      for (const sitting of copy.sittings) this.#putSitting(id, key, sitting);
      this.#measurements.put(id, key, copy.measurements);
    }
  }

  #isThere(key: string): boolean {
    return this.#file.get("SELECT id FROM trials WHERE key = ?", key) !== undefined;
  }

  /** Numbers of passes that studies ask for. */
  asked(key: string): Set<number> {
    const rows = this.#file.all("SELECT passes FROM study_trials WHERE key = ?", key);
    return new Set(rows.map(({ passes }) => Number(passes)));
  }

  #putPacked(id: number, key: string, { passes, rows }: NonNullable<TrialCopy["packed"]>): void {
    this.#file.run(
      "INSERT INTO trajectories VALUES (?, ?, ?, ?)",
      ...[id, passes, rows, checksum(this.#sha256, key, passes, rows)],
    );
  }

  #insertWhole(whole: WholeTrial, trainer: Trainer): TrialRecord {
    const { key, specification, rows, last, checkpoint } = whole;
    const { examples, ending, fingerprint, seconds } = whole;
    if (this.#isThere(key)) this.remove(key);
    const { pass: passes } = checkpoint;
    const trial = { key, specification, passes, ending, examples, fingerprint };
    const id = this.#put(null, trial);
    this.#putPacked(id, key, { passes, rows });
    this.#insertCheckpoint(id, key, checkpoint);
    this.#putSitting(id, key, { ...(whole.trainer ?? trainer), from: 0, to: passes, seconds });
    if (last !== undefined) {
      this.#putRow(id, key, last.row);
      this.#putCheckpoint(id, key, last.checkpoint);
    }
    const end = { ending, fingerprint: last?.row.evaluation.fingerprint ?? fingerprint };
    // With nothing of the weights.
    const of = { source: this.#reader, passes: last?.checkpoint.pass ?? passes };
    return recordOfRows({ key, specification, ...end, seconds, ...of });
  }

  #putSitting(id: number, key: string, sitting: Sitting): void {
    this.#file.run(
      "REPLACE INTO stretches VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[id, ...sittingValues(key, sitting, this.#sha256)],
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
    return Number(row?.id);
  }

  /** Makes ready for `count` new trials: ones that have vanished may have left rows under the numbers that these get. */
  #begin(count: number): void {
    const beyond = "WHERE trial > (SELECT coalesce(max(id), 0) FROM trials)";
    for (const table of ["evaluations", "trajectories", "stretches", "measurements"])
      this.#file.run(`DELETE FROM ${table} ${beyond}`);
    this.#totals.add("snapshots", -this.#file.run(`DELETE FROM snapshots ${beyond}`));
    this.#totals.add("trials", count);
  }

  /**
   * Keeps weights of a pass that is kept.
   * Throws WidthwiseError where that pass is not.
   */
  addCheckpoint(key: string, checkpoint: Checkpoint): void {
    const trial = this.#reader.trial(key);
    if (trial === null || !this.#reader.hasRow(trial, checkpoint.pass))
      throw this.#isNot(key, `pass ${checkpoint.pass} to keep weights of`);
    this.#putCheckpoint(trial.id, key, checkpoint);
  }

  #putCheckpoint(id: number, key: string, checkpoint: Checkpoint): void {
    const before = this.#file.run(
      "DELETE FROM snapshots WHERE trial = ? AND pass = ?",
      ...[id, checkpoint.pass],
    );
    this.#insertCheckpoint(id, key, checkpoint);
    this.#totals.add("snapshots", 1 - before);
  }

  /** See RecordStore.addMeasurements. */
  addMeasurements(key: string, measurements: readonly KeptMeasurement[]): void {
    const trial = this.#reader.trial(key);
    if (trial === null)
      throw new WidthwiseError(
        `store ${this.#file.path}: trial ${key.slice(0, 12)} is not kept any more, so its measurements are not either; run again`,
      );
    this.#measurements.put(trial.id, key, measurements);
  }

  measurements(key: string): KeptMeasurement[] {
    return this.#measurements.of(key);
  }

  /** The older ones go, except where a study asks for as many passes. */
  #replaceCheckpoint(id: number, key: string, checkpoint: Checkpoint): void {
    const older = this.#file.run(
      `DELETE FROM snapshots WHERE trial = ? AND (pass = ? OR NOT EXISTS
         (SELECT 1 FROM study_trials AS asked WHERE asked.key = ? AND asked.passes = snapshots.pass))`,
      ...[id, checkpoint.pass, key],
    );
    this.#insertCheckpoint(id, key, checkpoint);
    this.#totals.add("snapshots", 1 - older);
  }

  #insertCheckpoint(id: number, key: string, checkpoint: Checkpoint): void {
    this.#file.run(
      "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[id, ...snapshotValues(key, checkpoint, this.#sha256)],
    );
  }
}
