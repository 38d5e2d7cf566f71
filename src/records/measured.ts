// What is kept of a trial's measurements: their values as bytes, bound to the row that they were made at.

import {
  choiceNamed,
  measurementOf,
  nameOf,
  type MeasurementChoice,
} from "../measurements/table.ts";
import { fromHex, hex, utf8, type Sha256 } from "../base/sha256.ts";
import type { Evaluation, TrialRecord } from "./record.ts";

export interface KeptMeasurement {
  readonly pass: number;
  /** Which one, as measurements/table.ts names choices. */
  readonly name: string;
  /** The measurement's, when it was made. */
  readonly version: number;
  /** Little-endian float64, or float32 of what is measured at the last row alone. */
  readonly values: Uint8Array;
  /** H(F_p ‖ name ‖ values), F_p the row's fingerprint; 64 hex digits. */
  readonly digest: string;
}

/** What takes so much room that it goes once no study asks for as many passes. */
export const LARGE_MEASUREMENT = "predictions" satisfies MeasurementChoice;

/** Values measured at a row, as they are kept. */
export function keptMeasurement(
  choice: MeasurementChoice,
  { pass, fingerprint }: Evaluation,
  measured: Float64Array | Float32Array,
  sha256: Sha256,
): KeptMeasurement {
  const name = nameOf(choice);
  const values = littleEndian(measured);
  const digest = digestOf(name, values, fingerprint, sha256);
  return { pass, name, version: measurementOf(choice).version, values, digest };
}

/** What was asked for, where that is measured today as it was then; else null. */
export function choiceOf({ name, version }: KeptMeasurement): MeasurementChoice | null {
  const choice = choiceNamed(name);
  return choice !== null && measurementOf(choice).version === version ? choice : null;
}

/** Whether a measurement is of this row. */
export function isMeasuredAt(
  { name, values, digest }: KeptMeasurement,
  { fingerprint }: Evaluation,
  sha256: Sha256,
): boolean {
  return digestOf(name, values, fingerprint, sha256) === digest;
}

function digestOf(name: string, values: Uint8Array, fingerprint: string, sha256: Sha256): string {
  return hex(sha256(fromHex(fingerprint), utf8(name), values));
}

/** With one NaN alone. */
function littleEndian(measured: Float64Array | Float32Array): Uint8Array {
  const size = measured.BYTES_PER_ELEMENT;
  const view = new DataView(new ArrayBuffer(size * measured.length));
  measured.forEach((value: number, i: number) => {
    if (size === 4) view.setUint32(4 * i, 0x7fc00000, true);
    else view.setBigUint64(8 * i, 0x7ff8000000000000n, true);
    if (Number.isNaN(value)) return;
    if (size === 4) view.setFloat32(4 * i, value, true);
    else view.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** Of each column its values by pass; the columns are those of all measurements, in their order. */
export type MeasuredColumns = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The columns of a record's measurements, at its rows; of `choices` alone where they are given. */
export function measuredColumns(
  { trajectory, specification }: Pick<TrialRecord, "trajectory" | "specification">,
  kept: readonly KeptMeasurement[],
  sha256: Sha256,
  choices?: readonly MeasurementChoice[],
): MeasuredColumns {
  const rows = new Map(trajectory.map((evaluation) => [evaluation.pass, evaluation]));
  const found = new Map<string, Map<number, number>>();
  const names = choices?.map(nameOf) ?? [...new Set(kept.map(({ name }) => name))].sort();
  for (const name of names) {
    const choice = choiceNamed(name);
    const columns = choice && measurementOf(choice).columns?.(specification.model.hidden);
    if (!columns) continue;
    for (const column of columns) found.set(column, new Map());
    for (const one of kept) {
      const row = rows.get(one.pass);
      if (one.name !== name || choiceOf(one) === null || row === undefined) continue;
      if (!isMeasuredAt(one, row, sha256)) continue;
      const view = new DataView(one.values.buffer, one.values.byteOffset, one.values.byteLength);
      columns.forEach((column, i) => {
        found.get(column)?.set(one.pass, view.getFloat64(8 * i, true));
      });
    }
  }
  return found;
}

/** Probabilities of every class for each test example at a row, (m, classes) row-major; null where they are not kept. */
export function predictionsAt(
  row: Evaluation,
  kept: readonly KeptMeasurement[],
  sha256: Sha256,
): Float32Array | null {
  const found = kept.find(
    (one) =>
      one.pass === row.pass &&
      one.name === LARGE_MEASUREMENT &&
      choiceOf(one) !== null &&
      isMeasuredAt(one, row, sha256),
  );
  if (found === undefined) return null;
  const { buffer, byteOffset, byteLength } = found.values;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Float32Array.from({ length: byteLength / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
