// Commits what a trial gains while it is trained: every few seconds, at its end, and where it is interrupted.

import type { TrajectoryRow, TrialRecord } from "../records/record.ts";
import type { RecordStore } from "../records/store.ts";
import type { TrialSpecification } from "../training/trial.ts";
import type { MadePass } from "../workers/pool.ts";

/** Seconds of training between two commits: what a killed process loses at most, with the pass under way. */
const COMMIT_EVERY = 2;

export class Keeper {
  /** Passes that training went on from. */
  since = 0;
  readonly #store: RecordStore;
  readonly #key: string;
  readonly #specification: TrialSpecification;
  /** Made and not committed yet. */
  #rows: TrajectoryRow[] = [];
  #latest: MadePass | null = null;
  /** Seconds of training at the last commit. */
  #committed = 0;
  #isOpen = true;
  /** The commits so far: after one that failed there are no more, since they would not follow what is kept. */
  #commits = Promise.resolve();

  constructor(store: RecordStore, key: string, specification: TrialSpecification) {
    this.#store = store;
    this.#key = key;
    this.#specification = specification;
  }

  /** Passes come one after the other; after the end, or a failure, they are ignored. */
  async take(made: MadePass): Promise<void> {
    if (!this.#isOpen) return;
    this.#rows.push(made.row);
    this.#latest = made;
    if (made.seconds - this.#committed >= COMMIT_EVERY) await this.#commit();
  }

  /** Commits the rest of a record, and how it ended. */
  end({ ending, fingerprint }: TrialRecord): Promise<void> {
    this.#isOpen = false;
    return this.#commit({ ending, fingerprint });
  }

  /** Commits what is there. */
  interrupt(): Promise<void> {
    this.#isOpen = false;
    return this.#commit();
  }

  #commit(end?: Pick<TrialRecord, "ending" | "fingerprint">): Promise<void> {
    this.#commits = this.#commits.then(() => this.#write(end));
    return this.#commits;
  }

  async #write(end?: Pick<TrialRecord, "ending" | "fingerprint">): Promise<void> {
    if (this.#latest === null || (this.#rows.length === 0 && end === undefined)) return;
    const { checkpoint, row, seconds } = this.#latest;
    const rows = this.#rows;
    this.#rows = [];
    this.#committed = seconds;
    await this.#store.commit({
      key: this.#key,
      specification: this.#specification,
      rows,
      ending: { kind: "finished" },
      fingerprint: row.evaluation.fingerprint,
      ...end,
      checkpoint,
      since: this.since,
      seconds,
    });
  }
}
