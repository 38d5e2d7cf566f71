// Small trials by the thousand: as many as a worker trains in about a tenth of a second share a claim, a message and a
// commit. A trial counts once that commit is durable.

import type { Stop } from "../base/run-all.ts";
import type { WholeTraining } from "../pool/pool.ts";
import type { TrialRecord } from "../records/record.ts";
import type { StudyLedger, TrialStore } from "../records/store.ts";
import type { PlannedTrial } from "./plans/plan.ts";

/** Trials that share a claim, at the most. */
const MOST = 1000;

export interface SmallTrialsContext {
  readonly store: TrialStore & Pick<StudyLedger, "trials">;
  readonly whole: WholeTraining;
  readonly keyOf: (planned: PlannedTrial) => string;
  readonly onElsewhere: (planned: PlannedTrial) => void;
  /** The trial is kept as far as it is asked for; `reused`: nothing of it was trained here. */
  readonly onEnded: (planned: PlannedTrial, record: TrialRecord, reused: boolean) => void;
}

/** Works that, side by side, have all of `trials` kept; `begun` ones, of which a beginning is kept, they hand over. */
export function smallTrialWorks(
  trials: readonly PlannedTrial[],
  begun: (planned: PlannedTrial, stop: Stop) => Promise<void>,
  { store, whole, keyOf, onElsewhere, onEnded }: SmallTrialsContext,
): ((stop: Stop) => Promise<void>)[] {
  /** From the end on, which is the beginning. */
  const waiting = trials.toReversed();
  const elsewhere: PlannedTrial[] = [];
  let size = 1;

  async function next(stop: Stop): Promise<void> {
    // No more than a fair share of what waits: a work that finds nothing ends.
    const share = Math.ceil(waiting.length / whole.batches);
    const asked = waiting.splice(-Math.min(size, share)).toReversed();
    const claim = await store.claim(...asked.map(keyOf));
    const mine = new Set(claim?.keys);
    elsewhere.push(...asked.filter((planned) => !mine.has(keyOf(planned))));
    if (claim === null) return;
    const partly: PlannedTrial[] = [];
    let left: PlannedTrial[] = [];
    try {
      const kept = new Set((await store.trials(claim.keys)).map(({ key }) => key));
      const fresh: PlannedTrial[] = [];
      for (const planned of asked.filter((one) => mine.has(keyOf(one)))) {
        const key = keyOf(planned);
        const { passes, stop } = planned.trial;
        const record = kept.has(key) ? await store.get(key, passes, stop) : null;
        if (record !== null) onEnded(planned, record, true);
        else (kept.has(key) ? partly : fresh).push(planned);
      }
      if (fresh.length > 0) left = await train(fresh, stop);
      // What is kept takes no time, what is kept in part does.
      else size = partly.length > 0 ? 1 : Math.min(MOST, 2 * size);
    } finally {
      await claim.release();
    }
    // Only now: who asked for it earlier would find it claimed.
    waiting.push(...left);
    for (const planned of partly) await begun(planned, stop);
  }

  /** Those that there was no time for, the first of them last. */
  async function train(
    fresh: readonly PlannedTrial[],
    { unlessStopped }: Stop,
  ): Promise<PlannedTrial[]> {
    const trained = await unlessStopped(whole.train(fresh.map(({ trial }) => trial)));
    // Twice as many where there was time for more.
    size = Math.min(MOST, trained.length < fresh.length ? trained.length : 2 * size);
    const places = trained.map(({ at }, index) => at ?? index);
    const records = await store.keepWhole(
      trained.map((one, index) => {
        const planned = fresh[places[index]];
        return { ...one, key: keyOf(planned), specification: planned.trial.specification };
      }),
    );
    for (const { onKept } of trained) onKept?.();
    records.forEach((record, index) => {
      onEnded(fresh[places[index]], record, false);
    });
    const done = new Set(places);
    return fresh.filter((_, at) => !done.has(at)).toReversed();
  }

  async function work(stop: Stop): Promise<void> {
    for (;;) {
      stop.signal.throwIfAborted();
      if (waiting.length > 0) {
        await next(stop);
        continue;
      }
      const [one] = elsewhere;
      if (elsewhere.length === 0) return;
      for (const planned of elsewhere) onElsewhere(planned);
      await stop.unlessStopped(store.changed(keyOf(one)));
      waiting.push(...elsewhere.splice(0));
    }
  }
  return Array.from({ length: whole.batches }, () => work);
}
