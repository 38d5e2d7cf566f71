// The store on disk: one SQLite file that several processes may use at once. docs/records.md describes it.

import { setImmediate, setTimeout } from "node:timers/promises";
import { WidthwiseError } from "../../base/errors.ts";
import { oneLine } from "../../base/quote.ts";
import type { Parameters } from "../../model/network.ts";
import type { StopRules } from "../../model/trial.ts";
import type { Lock } from "../../base/lock.node.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Checkpoint, ResumePoint, TrialRecord } from "../record.ts";
import type {
  StudyUse,
  Claim,
  Collected,
  DamagedStudy,
  TrialUpdate,
  KeptStudy,
  OffSchedule,
  RecordStore,
  StoreTotals,
  StudyFacts,
  StudyPlan,
  StudyTotals,
  TrialFacts,
  WholeTrial,
} from "../store.ts";
import type { KeptMeasurement } from "../measured.ts";
import type { Sitting, Trainer } from "../sitting.ts";
import { studyEnds } from "../study-ends.ts";
import { claimedTrials, claimTrials, sweepClaims } from "./claims.node.ts";
import { DamageReport } from "./damage.ts";
import { GivenTable } from "./given-table.node.ts";
import { StoreFile } from "./store-file.node.ts";
import { StudyTable } from "./study-table.node.ts";
import { Totals } from "./totals.node.ts";
import { TrialTable } from "./trial-table.node.ts";

/** Milliseconds between two looks at what other processes have done. */
const LOOK = 500;

/** Milliseconds of reading after which everything else has its turn, such as a signal that ends the process. */
const LONG_ENOUGH = 50;

/** Trials whose facts are read at once. */
const FACTS = 500;

export interface SqliteStoreOptions {
  readonly sha256: Sha256;
  readonly trainer: Trainer;
  /** Told once of each trial and study that is damaged; it is never used. */
  readonly onDamage: (message: string) => void;
  /**
   * Whether the store is only to be read, so that it may be one that cannot be written; "untouched" leaves its file as it
   * is although it can.
   */
  readonly toRead?: boolean | "untouched";
}

export class SqliteStore implements RecordStore {
  readonly isInMemory = false;
  readonly #file: StoreFile;
  readonly #trials: TrialTable;
  readonly #studies: StudyTable;
  readonly #given: GivenTable;
  readonly #totals: Totals;
  readonly #damages: DamageReport;
  readonly #trainer: Trainer;
  #rested = 0;

  /** Opens or makes the store at `path`; StoreFile.open says what it throws. */
  constructor(path: string, { sha256, trainer, onDamage, toRead = false }: SqliteStoreOptions) {
    this.#file =
      toRead === "untouched"
        ? StoreFile.openUntouched(path)
        : toRead
          ? StoreFile.openToRead(path)
          : StoreFile.open(path);
    this.#damages = new DamageReport(path, onDamage);
    this.#totals = new Totals(this.#file);
    this.#trials = new TrialTable(this.#file, sha256, this.#totals);
    this.#studies = new StudyTable(this.#file, sha256, this.#damages, this.#totals);
    this.#given = new GivenTable(this.#file, sha256, this.#damages);
    this.#trainer = trainer;
    if (this.#file.isReadOnly) return;
    try {
      this.#file.transaction(() => {
        sweepClaims(this.#file.real);
      });
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  get(key: string, passes: number, stop?: StopRules): Promise<TrialRecord | null> {
    return this.#ofTrial(key, () => this.#trials.record(key, passes, stop));
  }

  resume(key: string, passes?: number): Promise<ResumePoint | null> {
    return this.#ofTrial(key, () => this.#trials.resume(key, passes));
  }

  claim(...keys: readonly string[]): Promise<Claim | null> {
    // Claims come and go while the store is ours alone: files that are made and taken away are never mixed up.
    return attempt(() => {
      const claim = this.#file.transaction(() => claimTrials(this.#file.real, keys));
      return (
        claim && {
          keys: claim.keys,
          release: () =>
            attempt(() => {
              this.#release(claim);
            }),
        }
      );
    });
  }

  changed(): Promise<void> {
    return setTimeout(LOOK);
  }

  commit(update: TrialUpdate): Promise<void> {
    return this.#write(() => {
      this.#trials.commit(update, this.#trainer);
    });
  }

  addOffSchedule(key: string, last: OffSchedule): Promise<void> {
    return this.#write(() => {
      this.#trials.addOffSchedule(key, last);
    });
  }

  keepWhole(trials: readonly WholeTrial[]): Promise<readonly TrialRecord[]> {
    return attempt(() =>
      this.#file.transaction(() => this.#trials.keepWhole(trials, this.#trainer)),
    );
  }

  addMeasurements(key: string, measurements: readonly KeptMeasurement[]): Promise<void> {
    return this.#write(() => {
      this.#trials.addMeasurements(key, measurements);
    });
  }

  async measurements(key: string): Promise<readonly KeptMeasurement[]> {
    return (await this.#ofTrial(key, () => this.#trials.measurements(key))) ?? [];
  }

  addCheckpoint(key: string, checkpoint: Checkpoint): Promise<void> {
    return this.#write(() => {
      this.#trials.addCheckpoint(key, checkpoint);
    });
  }

  plan(study: StudyPlan, from = 0): Promise<void> {
    return this.#write(() => {
      this.#studies.plan(study, from);
    });
  }

  finish(id: string, fingerprint: string): Promise<void> {
    return this.#write(() => {
      this.#studies.finish(id, fingerprint);
    });
  }

  describe(id: string, provenance: string): Promise<void> {
    return this.#write(() => {
      this.#studies.describe(id, provenance);
    });
  }

  studies(): Promise<readonly StudyFacts[]> {
    return this.#read(() => this.#studies.all());
  }

  damagedStudies(): Promise<readonly DamagedStudy[]> {
    return this.#read(() => this.#studies.damaged());
  }

  study(id: string): Promise<KeptStudy | null> {
    return this.#read(() => this.#studies.study(id));
  }

  async trials(keys?: readonly string[]): Promise<readonly TrialFacts[]> {
    const asked = keys ?? (await this.#read(() => this.#trials.keys()));
    const factsOf = (key: string) =>
      this.#damages.guard("trial", key, () => this.#trials.facts(key)) ?? [];
    const found: TrialFacts[] = [];
    for (let at = 0; at < asked.length; at += FACTS)
      found.push(...(await this.#read(() => asked.slice(at, at + FACTS).flatMap(factsOf))));
    return found;
  }

  checkpoint(key: string, pass: number): Promise<Checkpoint | null> {
    return this.#ofTrial(key, () => this.#trials.snapshot(key, pass));
  }

  async parameters(key: string, pass: number): Promise<Parameters | null> {
    return (await this.checkpoint(key, pass))?.parameters ?? null;
  }

  async sittings(key: string): Promise<readonly Sitting[]> {
    return (await this.#ofTrial(key, () => this.#trials.sittings(key))) ?? [];
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#read(() => this.#trials.keysFrom(prefix));
  }

  studiesUsing(key: string): Promise<readonly StudyUse[]> {
    return this.#read(() => this.#studies.studiesUsing(key));
  }

  async studyTotals(id: string): Promise<StudyTotals> {
    const totals = await this.#read(() => this.#studies.totals(id));
    const trials = await this.#read(() => this.#studies.endedByRows(id));
    if (trials === null) return totals;
    const ends = await studyEnds(trials, ({ key, passes, stop }) => this.get(key, passes, stop));
    return { ...totals, ...ends };
  }

  keepGiven(digest: string, parameters: Uint8Array): Promise<void> {
    return this.#write(() => {
      this.#given.keep(digest, parameters);
    });
  }

  given(digest: string): Promise<Uint8Array | null> {
    return this.#read(() => this.#given.get(digest));
  }

  totals(): Promise<StoreTotals> {
    return this.#read(() => ({ ...this.#trials.totals(), bytes: this.#file.bytes }));
  }

  gaps(): Promise<readonly string[]> {
    return this.#read(() => this.#totals.gaps());
  }

  removeStudy(id: string): Promise<void> {
    return this.#write(() => {
      this.#studies.remove(id);
    });
  }

  removeTrial(key: string): Promise<void> {
    return this.#write(() => {
      this.#trials.remove(key);
    });
  }

  collect(): Promise<Collected> {
    return attempt(() => {
      const before = this.#file.bytes;
      const removed = this.#file.transaction(() => {
        for (const gap of this.#totals.gaps()) this.#damages.tell(gap);
        sweepClaims(this.#file.real);
        this.#refuseWithDamagedStudies();
        const areStudiesGone = this.#totals.areStudiesGone();
        // First, since plans that belong to no study ask for nothing.
        this.#totals.recount();
        const unasked = this.#trials.unasked(claimedTrials(this.#file.real));
        const isKept = areStudiesGone && unasked.trials.length + unasked.weights > 0;
        if (!isKept) {
          this.#trials.collect(unasked);
          this.#given.collect();
        }
        return { trials: unasked.trials.length, weights: unasked.weights, isKept };
      });
      const { isKept, trials, weights } = removed;
      // Only now: what has been counted anew is to stay so.
      if (isKept)
        throw new WidthwiseError(
          `store ${this.#file.path}: nothing was removed, since studies are gone that may have asked for what no study ` +
            `asks for now (trials: ${trials}, sets of weights: ${weights}); run them again to keep it: ` +
            `studies are counted anew now, and the next widthwise gc removes what none asks for`,
        );
      this.#file.compact();
      return { trials, weights, before, after: this.#file.bytes };
    });
  }

  close(): Promise<void> {
    return attempt(() => {
      this.#file.close();
    });
  }

  #refuseWithDamagedStudies(): void {
    const damaged = this.#studies.damaged();
    if (damaged.length === 0) return;
    const names = damaged.map(({ id, name }) => oneLine(`${name} ${id.slice(0, 12)}`));
    throw new WidthwiseError(
      `store ${this.#file.path}: nothing was removed, since what these studies ask for is damaged: ${names.join(", ")}; ` +
        `run them again, or widthwise remove them by these ids, then widthwise gc`,
    );
  }

  #release(claim: Lock): void {
    let isHeld = true;
    const release = () => {
      if (isHeld) claim.release();
      isHeld = false;
    };
    try {
      this.#file.transaction(release);
    } catch {
      // Whatever has befallen the store, the trial is not trained here any more.
      release();
    }
  }

  /** What `read` finds; null where it is damaged, which is told. */
  #ofTrial<Found>(key: string, read: () => Found | null): Promise<Found | null> {
    return this.#read(() => this.#damages.guard("trial", key, read));
  }

  async #read<Found>(read: () => Found): Promise<Found> {
    if (performance.now() - this.#rested > LONG_ENOUGH) {
      await setImmediate();
      this.#rested = performance.now();
    }
    return this.#file.reading(read);
  }

  #write(write: () => void): Promise<void> {
    return attempt(() => {
      this.#file.transaction(write);
    });
  }
}

/** The driver does its work at once; only what it throws is to come as a rejection. */
function attempt<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
