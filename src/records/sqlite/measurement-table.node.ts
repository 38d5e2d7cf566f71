// What was measured at the passes of trials, in the store's file. Each method is to be called within a transaction of the
// file's.

import type { Sha256 } from "../../base/sha256.ts";
import { checksum } from "../checksum.ts";
import { LARGE_MEASUREMENT, type KeptMeasurement } from "../measured.ts";
import { MEASURED_SINCE } from "./schema.ts";
import type { StoreFile } from "./store-file.node.ts";
import { RowReader, selected, type ValueRow } from "./values.ts";

export const MEASUREMENT_COLUMNS = selected(
  "pass",
  "measurement",
  "version",
  "numbers",
  "digest",
  "seal",
);

/** Of a row of `trials`: whether a study's trial has this last row; where it may be stopped, any before its passes. */
export const asksFor = (pass: string) => `EXISTS (
  SELECT 1 FROM study_trials AS asked JOIN studies ON studies.number = asked.study
  WHERE asked.key = trials.key AND (asked.passes = ${pass} OR asked.passes > ${pass} AND
    (trials.passes = ${pass} OR instr(studies.specification, '"stop":'))))`;

export class MeasurementTable {
  readonly #file: StoreFile;
  readonly #sha256: Sha256;

  constructor(file: StoreFile, sha256: Sha256) {
    this.#file = file;
    this.#sha256 = sha256;
  }

  /** In the place of ones of the same pass, name and version; `trial` is the number of the trial's row. */
  put(trial: number, key: string, measurements: readonly KeptMeasurement[]): void {
    for (const { pass, name, version, values, digest } of measurements) {
      const fields = [pass, name, version, values, digest];
      this.#file.run(
        "REPLACE INTO measurements VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[trial, ...fields, checksum(this.#sha256, key, ...fields)],
      );
    }
  }

  /** Throws Damage where one of them is none that was kept. */
  of(key: string): KeptMeasurement[] {
    if (this.#file.version < MEASURED_SINCE) return [];
    return this.#file
      .all(
        `SELECT ${MEASUREMENT_COLUMNS} FROM measurements WHERE trial = (SELECT id FROM trials WHERE key = ?)
         ORDER BY pass, measurement, version`,
        key,
      )
      .map((row) => readMeasurement(row, key, this.#sha256));
  }

  /** Removes large ones after numbers of passes that no study asks for. */
  collect(): void {
    this.#file.run(
      `DELETE FROM measurements WHERE measurement = ? AND NOT EXISTS (
         SELECT 1 FROM trials WHERE trials.id = measurements.trial AND ${asksFor("measurements.pass")})`,
      LARGE_MEASUREMENT,
    );
  }
}

/** Throws Damage where it is none that was kept. */
export function readMeasurement(row: ValueRow, key: string, sha256: Sha256): KeptMeasurement {
  const reader = new RowReader(row, `a measurement of pass ${String(row.pass)}`);
  const [pass, version] = [reader.count("pass"), reader.count("version")];
  const [name, digest] = [reader.text("measurement"), reader.text("digest")];
  const values = reader.bytes("numbers");
  reader.verifyChecksum(sha256, key, pass, name, version, values, digest);
  return { pass, name, version, values, digest };
}
