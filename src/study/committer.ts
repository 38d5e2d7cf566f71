// Commits what a trial's training tells: every few seconds, at its end, and where it is interrupted.

import { isScheduled } from "../model/evaluation-schedule.ts";
import type { ResumePoint, TrainedPass, TrajectoryRow, TrialEnd } from "../records/record.ts";
import type { KeptMeasurement } from "../records/measured.ts";
import type { Trainer } from "../records/sitting.ts";
import type { OffSchedule, TrialStore, TrialUpdate } from "../records/store.ts";
import type { TrialSpecification } from "../model/trial.ts";

/** Seconds of training between two commits: what a killed process loses at most, with the pass under way. */
const COMMIT_EVERY = 2;

export class Committer {
  readonly #store: TrialStore;
  readonly #trial: { readonly key: string; readonly specification: TrialSpecification };
  /** Passes that training went on from. */
  #since: number;
  /** Who trains, where that is not this process. */
  #trainer: Trainer | undefined;
  /** Whether the scheduled passes are kept already, so that only one off the schedule is to be. */
  readonly #isLonger: boolean;
  /** Told and not committed yet. */
  #rows: TrajectoryRow[] = [];
  #measurements: KeptMeasurement[] = [];
  /** The last scheduled pass that was told, or that training went on from; null before the first of a start. */
  #latest: Pick<TrialUpdate, "checkpoint" | "fingerprint" | "seconds"> | null;
  #offSchedule: OffSchedule | null = null;
  /** Seconds of training at the last commit. */
  #committed = 0;
  /** Called once what is told is kept. */
  #onKept: (() => void)[] = [];

  /** `from` is what training goes on from; null for the start. `isLonger`: more scheduled passes are kept than asked for. */
  constructor(
    store: TrialStore,
    trial: { readonly key: string; readonly specification: TrialSpecification },
    from: ResumePoint | null,
    isLonger = false,
  ) {
    this.#isLonger = isLonger;
    this.#store = store;
    this.#trial = trial;
    this.#since = from?.checkpoint.pass ?? 0;
    // A trial may diverge in the very next pass: then its end is all that there is to commit.
    this.#latest = from && {
      checkpoint: from.checkpoint,
      fingerprint: from.record.fingerprint,
      seconds: 0,
    };
  }

  async add(
    { earlier = [], row, checkpoint, seconds, sitting, onKept }: TrainedPass,
    measured: readonly KeptMeasurement[] = [],
  ): Promise<void> {
    this.#measurements.push(...measured);
    if (onKept !== undefined) this.#onKept.push(onKept);
    if (sitting !== undefined) ({ since: this.#since, ...this.#trainer } = sitting);
    if (!isScheduled(this.#trial.specification.evaluate, checkpoint.pass)) {
      this.#offSchedule = { row, checkpoint };
      if (this.#latest !== null) this.#latest = { ...this.#latest, seconds };
      return;
    }
    if (this.#isLonger) {
      this.#tellKept();
      return;
    }
    this.#rows.push(...earlier, row);
    this.#latest = { checkpoint, fingerprint: row.evaluation.fingerprint, seconds };
    if (onKept !== undefined || seconds - this.#committed >= COMMIT_EVERY) await this.#commit();
  }

  /** Commits the rest of a record, how it ended, and what was measured in the end. */
  async end(
    { ending, fingerprint, onKept }: TrialEnd,
    measured: readonly KeptMeasurement[] = [],
  ): Promise<void> {
    this.#measurements.push(...measured);
    if (onKept !== undefined) this.#onKept.push(onKept);
    const hasDiverged = ending.kind === "diverged";
    if (hasDiverged || this.#rows.length > 0 || this.#offSchedule === null)
      await this.#commit(hasDiverged ? { ending, fingerprint } : {});
    if (this.#offSchedule !== null)
      await this.#store.addOffSchedule(this.#trial.key, this.#offSchedule);
    if (this.#measurements.length > 0)
      await this.#store.addMeasurements(this.#trial.key, this.#measurements);
    this.#tellKept();
  }

  /** Commits what is there; nothing after a commit that failed, the rows of which are gone. */
  async interrupt(): Promise<void> {
    if (this.#rows.length > 0) await this.#commit();
  }

  async #commit(end: Partial<TrialEnd> = {}): Promise<void> {
    if (this.#latest === null) return;
    const [rows, measurements] = [this.#rows, this.#measurements];
    [this.#rows, this.#measurements] = [[], []];
    this.#committed = this.#latest.seconds;
    await this.#store.commit({
      ...this.#trial,
      ...{ rows, measurements },
      ending: { kind: "finished" },
      ...this.#latest,
      ...end,
      since: this.#since,
      trainer: this.#trainer,
    });
    // A row off the schedule is kept at the end.
    if (this.#offSchedule === null) this.#tellKept();
  }

  #tellKept(): void {
    for (const onKept of this.#onKept.splice(0)) onKept();
  }
}
