// Studies in the store's file. Each method is to be called within a transaction of the file's.

import { hex, type Sha256 } from "../../base/sha256.ts";
import { grownPlan, refuseGap } from "../plan.ts";
import {
  stopOf,
  type DamagedStudy,
  type KeptStudy,
  type StudyFacts,
  type StudyPlan,
  type StudyTotals,
  type StudyTrial,
  type StudyUse,
} from "../store.ts";
import { Damage, type DamageReport } from "./damage.ts";
import type { StoreFile } from "./store-file.node.ts";
import type { Totals } from "./totals.node.ts";
import type { Value, ValueRow } from "./values.ts";
import {
  readStudy,
  readStudyTrial,
  studyColumns,
  studyTrialColumns,
  studyTrialText,
  studyTrialValues,
  studyValues,
  type StudyRow,
} from "./study-rows.ts";

/** Bytes of a row of `evaluations` without its averages, about: two digests, two objectives, a few small numbers. */
const ROW_BYTES = 160;

/** Bytes of averages for each step: one float64 every 100 steps. */
const AVERAGE_BYTES = 0.08;

/** Rows of a plan that are put together at once. */
const ROWS_AT_ONCE = 5000;

/** Plans that were read and checked, by study, with the digest of their rows: the same ones of another store are so, too. */
export type CheckedPlans = Map<
  string,
  { readonly digest: string; readonly trials: readonly StudyTrial[] }
>;

export class StudyTable {
  readonly #file: StoreFile;
  readonly #sha256: Sha256;
  readonly #damages: DamageReport;
  readonly #totals: Totals;
  readonly #checked: CheckedPlans | undefined;

  /** `checked` is left out where no other store is looked at. */
  constructor(
    file: StoreFile,
    sha256: Sha256,
    damages: DamageReport,
    totals: Totals,
    checked?: CheckedPlans,
  ) {
    this.#file = file;
    this.#sha256 = sha256;
    this.#damages = damages;
    this.#totals = totals;
    this.#checked = checked;
  }

  get #columns(): string {
    return studyColumns(this.#file.version);
  }

  get #trialColumns(): string {
    return studyTrialColumns(this.#file.version);
  }

  /** The one planned last first. */
  all(): StudyFacts[] {
    return this.#file
      .all(`SELECT ${this.#columns} FROM studies ORDER BY number DESC`)
      .flatMap((row) => this.#guarded(row, () => readStudy(row, this.#sha256)));
  }

  /** What `read` makes of a study's row; nothing where that is damaged, which is told. */
  #guarded<Found extends object>(row: ValueRow, read: () => Found): Found | [] {
    return this.#damages.guard("study", textOf(row.id), read) ?? [];
  }

  study(id: string): KeptStudy | null {
    return this.#damages.guard("study", id, () => {
      const study = this.#row(id);
      return study && this.#planned(study);
    });
  }

  #planned(study: StudyRow): KeptStudy {
    const { size, specification } = study;
    const trials = this.#allTrials(study);
    if (trials.length !== size || this.#trials(study, size, 1).length > 0)
      throw new Damage("the list of its trials");
    const stop = stopOf(specification);
    return { ...study, trials: trials.map((trial) => stopping(trial, stop)) };
  }

  #allTrials(study: StudyRow): readonly StudyTrial[] {
    const { id, size } = study;
    if (this.#checked === undefined) return this.#trials(study, 0, size);
    const digest = this.#digest(study);
    const known = this.#checked.get(id);
    if (known?.digest === digest) return known.trials;
    const trials = this.#trials(study, 0, size);
    this.#checked.set(id, { digest, trials });
    return trials;
  }

  /** Of the rows of a plan, put together where they lie: to read and check each takes several times as long. */
  #digest({ number, size }: StudyRow): string {
    let digest: Uint8Array = new Uint8Array();
    for (let from = 0; from < size; from += ROWS_AT_ONCE) {
      const row = this.#file.get(
        `SELECT CAST(group_concat(text, ';') AS BLOB) AS rows FROM (
           SELECT ${studyTrialText(this.#file.version)} AS text FROM study_trials
           WHERE study = ? AND position >= ? AND position < ? ORDER BY position)`,
        ...[number, from, Math.min(from + ROWS_AT_ONCE, size)],
      );
      if (row?.rows instanceof Uint8Array) digest = this.#sha256(digest, row.rows);
    }
    return hex(digest);
  }

  /** At most `count` trials of a plan from place `from` on. */
  #trials({ id, number }: StudyRow, from: number, count: number): StudyTrial[] {
    return this.#file
      .all(
        `SELECT ${this.#trialColumns} FROM study_trials WHERE study = ? AND position >= ? ORDER BY position LIMIT ?`,
        ...[number, from, count],
      )
      .map((row, index) => readStudyTrial(row, id, from + index, this.#sha256));
  }

  /** The trials of a study whose rows tell whether they have ended; null where their numbers of passes do. */
  endedByRows(id: string): readonly StudyTrial[] | null {
    const study = this.#damages.guard("study", id, () => this.#row(id));
    const said = JSON.parse(study?.specification ?? "{}") as object;
    return "stop" in said || "evaluate" in said ? (this.study(id)?.trials ?? null) : null;
  }

  /** Those whose row or plan is damaged, which is told; the one planned last first. */
  damaged(): DamagedStudy[] {
    return this.#file
      .all(`SELECT ${this.#columns} FROM studies ORDER BY number DESC`)
      .flatMap((row) => {
        const [id, name] = [textOf(row.id), textOf(row.name)];
        const read = () => this.#planned(readStudy(row, this.#sha256));
        return this.#damages.guard("study", id, read) === null ? [{ id, name }] : [];
      });
  }

  /** The studies that ask for a trial, the one planned last first. */
  studiesUsing(key: string): StudyUse[] {
    const rows = this.#file.all(
      `SELECT study, ${this.#trialColumns} FROM study_trials WHERE key = ? ORDER BY study DESC, position`,
      key,
    );
    return rows.flatMap((row) => {
      const [found] = this.#file.all(
        `SELECT ${this.#columns} FROM studies WHERE number = ?`,
        Number(row.study),
      );
      return this.#guarded(found, () => {
        const study = readStudy(found, this.#sha256);
        const trial = readStudyTrial(row, study.id, Number(row.position), this.#sha256);
        return { study, trial: stopping(trial, stopOf(study.specification)) };
      });
    });
  }

  /** Nothing of the rows is used but numbers, so nothing has its checksum checked. */
  totals(id: string): StudyTotals {
    const row = this.#file.get(
      `SELECT
         (SELECT trials FROM studies WHERE id = ?1) AS size,
         total(kept.passes >= asked.passes OR kept.diverged_pass <= asked.passes) AS ended,
         total(kept.diverged_pass <= asked.passes AND asked.role = 'sweep') AS diverged,
         total((kept.passes + 1) * ${ROW_BYTES} + kept.passes * kept.train_examples * ${AVERAGE_BYTES} +
           (SELECT total(length(parameters) + length(generator)) FROM snapshots WHERE trial = kept.id)) AS bytes
       FROM study_trials AS asked JOIN trials AS kept ON kept.key = asked.key
       WHERE asked.study = (SELECT number FROM studies WHERE id = ?1)`,
      id,
    );
    return {
      size: Number(row?.size),
      ended: Number(row?.ended),
      diverged: Number(row?.diverged),
      stopped: 0,
      bytes: Math.round(Number(row?.bytes)),
    };
  }

  remove(id: string): void {
    this.#totals.add("studies", -this.#file.run("DELETE FROM studies WHERE id = ?", id));
  }

  plan({ trials, ...facts }: StudyPlan, from: number): void {
    const { id } = facts;
    if (from === 0) this.#begin(facts);
    const study = this.#damages.guard("study", id, () => this.#row(id));
    refuseGap(facts, study?.size ?? 0, from);
    if (study === null) return;
    const kept =
      this.#damages.guard("study", id, () => this.#trials(study, from, trials.length)) ?? [];
    if (grownPlan(kept, trials) === kept) return;
    this.#file.run(
      "DELETE FROM study_trials WHERE study = ? AND position >= ?",
      ...[study.number, from],
    );
    trials.forEach((trial, index) => {
      this.#file.run(
        "INSERT INTO study_trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[study.number, ...studyTrialValues(id, from + index, trial, this.#sha256)],
      );
    });
    this.#change(id, (before) => ({ ...before, size: from + trials.length }));
  }

  /** Has the study as the one planned last, with what is known of its answer, and its plan where that is whole. */
  #begin(facts: Omit<StudyPlan, "trials">): void {
    const { id } = facts;
    const before = this.#damages.guard("study", id, () => this.#row(id));
    const isWhole =
      before !== null && this.#damages.guard("study", id, () => this.#planned(before)) !== null;
    const number = 1 + Number(this.#file.get("SELECT max(number) AS number FROM studies")?.number);
    // What has vanished may have left rows under the number that this one gets.
    this.#file.run("DELETE FROM study_trials WHERE study = ?", number);
    if (isWhole) {
      this.#file.run("PRAGMA defer_foreign_keys = ON");
      this.#file.run("UPDATE study_trials SET study = ? WHERE study = ?", number, before.number);
      this.#file.run("UPDATE studies SET number = ? WHERE number = ?", number, before.number);
      this.#change(id, (study) => ({ ...study, ...facts }));
      return;
    }
    this.remove(id);
    const { created, finished = null, fingerprint = null, provenance = null } = before ?? {};
    const study = {
      ...{ ...facts, size: 0, finished, fingerprint, provenance },
      created: created ?? new Date().toISOString(),
    };
    this.#file.run(
      "INSERT INTO studies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[number, ...studyValues(study, this.#sha256)],
    );
    this.#totals.add("studies", 1);
  }

  finish(id: string, fingerprint: string): void {
    this.#change(id, (study) => {
      const finished = study.finished ?? new Date().toISOString();
      return { ...study, finished, fingerprint };
    });
  }

  describe(id: string, provenance: string): void {
    this.#change(id, (study) => ({ ...study, provenance }));
  }

  /** One that has been removed or damaged meanwhile stays so. */
  #change(id: string, change: (study: StudyFacts) => StudyFacts): void {
    const study = this.#damages.guard("study", id, () => this.#row(id));
    if (study === null) return;
    this.#file.run(
      `UPDATE studies SET (id, name, specification, dataset_name, dataset_digest, dataset_train_examples,
         trials, created, finished, fingerprint, provenance, seal, dataset_shape) =
         (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE number = ?`,
      ...[...studyValues(change(study), this.#sha256), study.number],
    );
  }

  #row(id: string): StudyRow | null {
    const row = this.#file.get(`SELECT ${this.#columns} FROM studies WHERE id = ?`, id);
    return row === undefined ? null : readStudy(row, this.#sha256);
  }
}

/** A search's trials are not stopped. */
function stopping(trial: StudyTrial, stop: StudyTrial["stop"]): StudyTrial {
  return stop === undefined || trial.role === "search" ? trial : { ...trial, stop };
}

/** Of a column that should be text, whatever has become of it. */
function textOf(value: Value | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "?";
}
