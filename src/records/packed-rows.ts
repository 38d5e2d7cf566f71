// Rows of a trial's first passes as bytes: an object for each pass would take longer to make, to hand over and to keep
// than a small trial takes to be trained.

import { fromHex, hex } from "../base/sha256.ts";
import { scheduledPasses } from "../model/evaluation-schedule.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { averagesWithin, type TrajectoryRow } from "./record.ts";

/** What rows do not say themselves. */
export interface Packed {
  readonly specification: TrialSpecification;
  /** In each set. */
  readonly examples: { readonly train: number; readonly test: number };
}

/**
 * A row: float64 training and test objective, uint32 right predictions of both, 32 bytes of fingerprint, and the running
 * averages since the row before as float64; little-endian. Rows are those of the scheduled passes, from 0.
 */
const FIXED_BYTES = 56;

/** Packs rows as they come, so that no object of a row stays. */
export class RowPacker {
  #view = new DataView(new ArrayBuffer(1024));
  #at = 0;

  add({ evaluation, averages }: TrajectoryRow): void {
    const { train, test, fingerprint } = evaluation;
    this.#makeRoom(FIXED_BYTES + 8 * averages.length);
    const [view, at] = [this.#view, this.#at];
    view.setFloat64(at, train.objective, true);
    view.setFloat64(at + 8, test.objective, true);
    view.setUint32(at + 16, train.correct, true);
    view.setUint32(at + 20, test.correct, true);
    new Uint8Array(view.buffer).set(fromHex(fingerprint), at + 24);
    averages.forEach((average, index) => {
      view.setFloat64(at + FIXED_BYTES + 8 * index, average, true);
    });
    this.#at += FIXED_BYTES + 8 * averages.length;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer.slice(0, this.#at));
  }

  #makeRoom(bytes: number): void {
    const [{ byteLength }, needed] = [this.#view, this.#at + bytes];
    if (needed <= byteLength) return;
    const larger = new Uint8Array(Math.max(needed, 2 * byteLength));
    larger.set(new Uint8Array(this.#view.buffer));
    this.#view = new DataView(larger.buffer);
  }
}

export function packRows(rows: readonly TrajectoryRow[]): Uint8Array {
  const packer = new RowPacker();
  for (const row of rows) packer.add(row);
  return packer.bytes;
}

/** Those of passes `from` to `to`; `examples` are those of each set. Throws RangeError where the bytes are too few. */
export function unpackRows(
  bytes: Uint8Array,
  { specification, examples }: Packed,
  from: number,
  to: number,
): TrajectoryRow[] {
  const passes = scheduledPasses(specification.evaluate, to);
  const first = passes.filter((pass) => pass < from).length;
  const before = first === 0 ? 0 : passes[first - 1];
  const start = FIXED_BYTES * first + 8 * averagesWithin(specification, before);
  return rowsOfPasses(
    bytes.subarray(start),
    { specification, examples },
    passes.slice(first),
    before,
  );
}

/** Bytes of the rows of these passes, ascending, the row before which is of pass `before` (0 where there is none). */
export function bytesOfPasses(
  specification: TrialSpecification,
  passes: readonly number[],
  before: number,
): number {
  const [from, to] = [before, passes.at(-1) ?? before].map((pass) =>
    averagesWithin(specification, pass),
  );
  return FIXED_BYTES * passes.length + 8 * (to - from);
}

/** The rows of these passes, as `bytesOfPasses` has them. Throws RangeError where the bytes are too few. */
export function rowsOfPasses(
  bytes: Uint8Array,
  { specification, examples }: Packed,
  passes: readonly number[],
  before: number,
): TrajectoryRow[] {
  let told = averagesWithin(specification, before);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: TrajectoryRow[] = [];
  let at = 0;
  const float64 = () => view.getFloat64((at += 8) - 8, true);
  const uint32 = () => view.getUint32((at += 4) - 4, true);
  for (const pass of passes) {
    const [trainObjective, testObjective] = [float64(), float64()];
    const train = { objective: trainObjective, correct: uint32(), examples: examples.train };
    const test = { objective: testObjective, correct: uint32(), examples: examples.test };
    const fingerprint = hex(bytes.subarray(at, (at += 32)));
    const length = averagesWithin(specification, pass) - told;
    const averages = Array.from({ length }, float64);
    told += length;
    rows.push({ evaluation: { pass, train, test, fingerprint }, averages });
  }
  return rows;
}
