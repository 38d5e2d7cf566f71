// One trial, wherever it comes from: the store has it, or has its beginning, or it is trained from the start; by
// this process, or by another one that uses the same store.

import { trialKey } from "../records/fingerprint.ts";
import type { Evaluation, TrialRecord } from "../records/record.ts";
import type { Claim, RecordStore } from "../records/store.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Trial } from "../model/trial.ts";
import type { Pool } from "../pool/pool.ts";
import { Committer } from "./committer.ts";

export interface TrialContext {
  readonly store: RecordStore;
  readonly pool: Pool;
  readonly sha256: Sha256;
  readonly signal: AbortSignal;
  /** Rejects when the signal aborts. */
  readonly aborted: Promise<never>;
  /** The trial is being trained by another process, and waited for. */
  readonly onElsewhere: () => void;
  /** Called in the order of passes; first with the row that training goes on from, where it does. */
  readonly onEvaluation: (evaluation: Evaluation) => void;
  readonly onAverages: (pass: number, averages: readonly number[]) => void;
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
  const { store, sha256, aborted } = context;
  const key = trialKey(trial.specification, sha256);
  for (;;) {
    const kept = await store.get(key, trial.passes);
    if (kept !== null) return { record: kept, reused: true };
    const record = await trainAndKeep(trial, key, context);
    if (record !== null) return { record, reused: false };
    await Promise.race([store.changed(key), aborted]);
  }
}

/** Thrown through the pool: the trial's turn has come, but there is nothing to train here. */
class GivenUp extends Error {}

/** Trains a trial as its only trainer; null where another process is that, or has been. */
async function trainAndKeep(
  trial: Trial,
  key: string,
  { store, pool, signal, aborted, onElsewhere, onEvaluation, onAverages }: TrialContext,
): Promise<TrialRecord | null> {
  const committer = new Committer(store, key, trial.specification);
  let claim: Claim | null = null;
  const training = pool.run(trial, {
    signal,
    onEvaluation,
    onAverages,
    begin: async () => {
      claim = await store.claim(key);
      if (claim === null) onElsewhere();
      // By now another process may have finished it.
      if (claim === null || (await store.get(key, trial.passes)) !== null) throw new GivenUp();
      const beginning = await store.resume(key);
      if (beginning !== null) {
        committer.resume(beginning);
        onEvaluation(beginning.record.trajectory[beginning.checkpoint.pass]);
      }
      return beginning;
    },
    onPass: (made) => committer.take(made),
  });
  try {
    const record = await Promise.race([training, aborted]);
    await committer.end(record);
    return record;
  } catch (error) {
    if (error instanceof GivenUp) return null;
    await committer.interrupt();
    throw error;
  } finally {
    await (claim as Claim | null)?.release();
  }
}
