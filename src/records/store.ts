// Where finished trials are kept: the interface, and a store in memory.

import type { TrialRecord } from "./record.ts";

export interface RecordStore {
  /**
   * The record under `key`, cut to `passes` passes; null where none is kept or it has fewer. A trial that
   * diverged within `passes` passes is whole.
   */
  get(key: string, passes: number): Promise<TrialRecord | null>;
  put(record: TrialRecord): Promise<void>;
}

export class MemoryStore implements RecordStore {
  readonly #records = new Map<string, TrialRecord>();

  get(key: string, passes: number): Promise<TrialRecord | null> {
    const record = this.#records.get(key);
    return Promise.resolve(record ? cutRecord(record, passes) : null);
  }

  put(record: TrialRecord): Promise<void> {
    this.#records.set(record.key, record);
    return Promise.resolve();
  }
}

/** The same trial as if it had been asked for `passes` passes; null where it was trained for fewer. */
export function cutRecord(record: TrialRecord, passes: number): TrialRecord | null {
  const { trajectory, ending } = record;
  const trained = trajectory.length - 1;
  if (ending.kind === "diverged" ? ending.pass <= passes : trained === passes) return record;
  if (trained < passes) return null;
  const averages = record.running_averages.length;
  const averagesPerPass = trained === 0 ? 0 : averages / trained;
  return {
    format: record.format,
    key: record.key,
    specification: record.specification,
    trajectory: trajectory.slice(0, passes + 1),
    ending: { kind: "finished" },
    fingerprint: trajectory[passes].fingerprint,
    running_averages: record.running_averages.slice(0, Math.floor(averagesPerPass * passes)),
    seconds: record.seconds,
  };
}
