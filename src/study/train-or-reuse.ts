// One trial, wherever it comes from: the store has it, or has its beginning, or it is trained from the start; by
// this process, or by another one that uses the same store.

import { WidthwiseError } from "../base/errors.ts";
import type { Stop } from "../base/run-all.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { MeasurementChoice } from "../measurements/table.ts";
import type { Trial } from "../model/trial.ts";
import type { Pool, Turn } from "../pool/pool.ts";
import { trialKey } from "../records/fingerprint.ts";
import {
  evaluationOf,
  type Evaluation,
  type ResumePoint,
  type TrainedPass,
  type TrajectoryRow,
  type TrialRecord,
} from "../records/record.ts";
import type { TrialStore } from "../records/store.ts";
import { Committer } from "./committer.ts";
import { everyRow, lackingOf, measuredAt, supplyLacking } from "./measuring.ts";

export interface TrialContext extends Stop {
  readonly store: TrialStore;
  readonly pool: Pool;
  readonly sha256: Sha256;
  /** What is to be measured of the trial; left out for nothing. */
  readonly measure?: readonly MeasurementChoice[];
  /** The trial is being trained by another process, and waited for. */
  readonly onElsewhere: () => void;
  /** Training goes on from what is kept, the last row of which is given. */
  readonly onResumed: (evaluation: Evaluation) => void;
  /** Called in the order of passes. */
  readonly onPass: (row: TrajectoryRow) => void;
}

export interface TrainedOrReused {
  readonly record: TrialRecord;
  /** Whether nothing of it had to be trained here. */
  readonly reused: boolean;
}

/**
 * The record of a trial, kept before it counts. Where the signal aborts, what is trained by then is kept and the
 * signal's reason is thrown, without waiting for the pass under way.
 */
export async function trainOrReuse(trial: Trial, context: TrialContext): Promise<TrainedOrReused> {
  const {
    store,
    pool,
    sha256,
    signal,
    unlessStopped,
    onElsewhere,
    measure: choices = [],
  } = context;
  const key = trialKey(trial.specification, sha256);
  /** null where passes or measurements are lacking. */
  const whole = async () => {
    const record = await store.get(key, trial.passes, trial.stop);
    if (record === null) return null;
    return (await lackingOf(record, true, { choices, store, sha256 })).size === 0 ? record : null;
  };
  for (;;) {
    const kept = await whole();
    if (kept !== null) return { record: kept, reused: true };
    const turn = await pool.turn(trial, { signal, everyPass: choices.length > 0 });
    try {
      const claim = await store.claim(key);
      if (claim !== null) {
        try {
          // By now another process may have finished it.
          const finished = await whole();
          if (finished !== null) return { record: finished, reused: true };
          return { record: await trainAndCommit(trial, turn, context), reused: false };
        } finally {
          await claim.release();
        }
      }
    } finally {
      turn.end();
    }
    onElsewhere();
    await unlessStopped(store.changed(key));
  }
}

/** Trains a trial that this process has claimed, and measures what it lacks. */
async function trainAndCommit(
  trial: Trial,
  turn: Turn,
  context: TrialContext,
): Promise<TrialRecord> {
  const { store, sha256, unlessStopped, onResumed, onPass, measure: choices = [] } = context;
  const { specification, passes, stop } = trial;
  const { key } = turn;
  const measuring = {
    ...{ choices, store, sha256, unlessStopped },
    onPass: (one: TrainedPass) => {
      onPass(one.row);
    },
  };
  const supply = async (record: TrialRecord, isEnded: boolean) => {
    const lacking = await lackingOf(record, isEnded, measuring);
    await supplyLacking(record, lacking, turn, measuring);
  };
  const kept = await store.get(key, passes, stop);
  if (kept === null) {
    const newest = await store.resume(key);
    // What is kept may go beyond a pass off the schedule that it has no row of.
    const isLonger = newest !== null && newest.checkpoint.pass > passes;
    const from = isLonger ? await store.resume(key, passes) : newest;
    if (from !== null) {
      await supply(from.record, false);
      onResumed(evaluationOf(from.record, from.checkpoint.pass));
    }
    const committer = new Committer(store, { key, specification }, from, isLonger);
    await trainFrom(from, committer, turn, context);
  }
  const record = kept ?? (await store.get(key, passes, stop));
  if (record === null)
    throw new WidthwiseError(
      `trial ${key.slice(0, 12)} was taken out of the store while it was trained; run again`,
    );
  await supply(record, true);
  return record;
}

async function trainFrom(
  from: ResumePoint | null,
  committer: Committer,
  turn: Turn,
  { sha256, unlessStopped, onPass, measure = [] }: TrialContext,
): Promise<void> {
  const training = turn.train(from);
  const choices = everyRow(measure);
  const inTheEnd = measure.filter((choice) => !choices.includes(choice));
  const measured = ({ row, checkpoint }: TrainedPass, asked: readonly MeasurementChoice[]) =>
    measuredAt(turn, row.evaluation, checkpoint, asked, { sha256, unlessStopped });
  let last: TrainedPass | null = null;
  try {
    for (;;) {
      const { done, value } = await unlessStopped(training.next());
      if (done === true) {
        await committer.end(value, last === null ? [] : await measured(last, inTheEnd));
        return;
      }
      last = value;
      const made = await measured(value, choices);
      for (const row of [...(value.earlier ?? []), value.row]) onPass(row);
      await committer.add(value, made);
    }
  } catch (error) {
    // The pass under way is not waited for; what it ends with is nobody's any more.
    training.return({ ending: { kind: "finished" }, fingerprint: "" }).catch(() => undefined);
    await committer.interrupt();
    throw error;
  }
}
