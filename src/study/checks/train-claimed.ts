// Trains anew what a report claims, measures of it what its study does, and compares.

import { passesToInterpolation } from "../../analysis/interpolation.ts";
import { runAll, type Stop } from "../../base/run-all.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { MeasurementChoice } from "../../measurements/table.ts";
import { trainOn, type Pool, type Turn } from "../../pool/pool.ts";
import type { KeptMeasurement } from "../../records/measured.ts";
import type { TrainedPass, TrialRecord } from "../../records/record.ts";
import { everyRow, measuredAt } from "../measuring.ts";
import type { Study } from "../spec.ts";
import type { ClaimedTrial } from "./verify-report.ts";

export interface ClaimContext {
  readonly pool: Pool;
  readonly sha256: Sha256;
  /** What is measured of the sweep's trials; left out for nothing. */
  readonly measure?: Study["measure"];
  readonly signal?: AbortSignal | undefined;
  /** Told of each trial; `problem` is null where it is as claimed. */
  readonly onTrained: (
    trial: ClaimedTrial,
    record: TrialRecord,
    problem: string | null,
    measured: readonly KeptMeasurement[],
  ) => void;
}

/** Trains trials anew and compares each with its claim. */
export async function trainClaimed(
  trials: readonly ClaimedTrial[],
  { pool, sha256, measure = [], signal, onTrained }: ClaimContext,
): Promise<void> {
  const works = trials.map((claimed) => async (stop: Stop) => {
    const { trial, role } = claimed.planned;
    const context = { sha256, unlessStopped: stop.unlessStopped };
    const choices = role === "sweep" ? measure : [];
    const measured: KeptMeasurement[] = [];
    let last: TrainedPass | undefined;
    const measureOf = async (
      turn: Turn,
      { row, checkpoint }: TrainedPass,
      choices: readonly MeasurementChoice[],
    ) => measured.push(...(await measuredAt(turn, row.evaluation, checkpoint, choices, context)));
    const record = await trainOn(pool, trial, {
      signal: stop.signal,
      onPass: (pass, turn) => measureOf(turn, (last = pass), everyRow(choices)),
    });
    const ofLastRow = choices.filter((choice) => !everyRow(choices).includes(choice));
    if (last && ofLastRow.length > 0) {
      const turn = await pool.turn(trial, { signal: stop.signal });
      try {
        await measureOf(turn, last, ofLastRow);
      } finally {
        turn.end();
      }
    }
    onTrained(claimed, record, difference(claimed, record), measured);
  });
  await runAll(works, signal);
}

function difference(
  { fingerprint, interpolation }: ClaimedTrial,
  record: TrialRecord,
): string | null {
  if (!record.fingerprint.startsWith(fingerprint))
    return `its fingerprint is ${record.fingerprint.slice(0, 12)}, not ${fingerprint.slice(0, 12)}`;
  const passes = passesToInterpolation(record);
  return interpolation === undefined || passes === interpolation
    ? null
    : `it interpolates after ${passes ?? "no"} passes, not ${interpolation ?? "no"}`;
}
