// Commits what a trial gains while it is trained: every few seconds, at its end, and where it is interrupted.

import type { Beginning, TrajectoryRow, TrialRecord } from "../records/record.ts";
import type { TrialUpdate, RecordStore } from "../records/store.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { MadePass } from "../pool/pool.ts";

/** Seconds of training between two commits: what a killed process loses at most, with the pass under way. */
const COMMIT_EVERY = 2;

export class Committer {
  readonly #store: RecordStore;
  readonly #key: string;
  readonly #specification: TrialSpecification;
  /** Passes that training went on from. */
  #since = 0;
  /** Made and not committed yet. */
  #rows: TrajectoryRow[] = [];
  /** The last pass that was made, or that training went on from. */
  #latest: Pick<TrialUpdate, "checkpoint" | "fingerprint" | "seconds"> | null = null;
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

  /** Training goes on from there; left out, it begins with pass 0. */
  resume({ record: { fingerprint }, checkpoint }: Beginning): void {
    this.#since = checkpoint.pass;
    // A trial may diverge in the very next pass: then its end is all that there is to commit.
    this.#latest = { checkpoint, fingerprint, seconds: 0 };
  }

  /** Passes come one after the other; after the end, or a failure, they are ignored. */
  async take({ row, checkpoint, seconds }: MadePass): Promise<void> {
    if (!this.#isOpen) return;
    this.#rows.push(row);
    this.#latest = { checkpoint, fingerprint: row.evaluation.fingerprint, seconds };
    if (seconds - this.#committed >= COMMIT_EVERY) await this.#commit();
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
    const rows = this.#rows;
    this.#rows = [];
    this.#committed = this.#latest.seconds;
    await this.#store.commit({
      key: this.#key,
      specification: this.#specification,
      rows,
      ending: { kind: "finished" },
      ...this.#latest,
      ...end,
      since: this.#since,
    });
  }
}
