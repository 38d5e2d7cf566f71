// Where trials and studies are kept: the interface. What is kept of a trial grows by commits and is never
// changed; a trial is trained by one process at a time, the one that has claimed it.

import type { Parameters } from "../model/network.ts";
import type { StopRules, TrialSpecification } from "../model/trial.ts";
import type {
  ResumePoint,
  Checkpoint,
  Ending,
  Evaluation,
  TrajectoryRow,
  TrialRecord,
} from "./record.ts";
import type { Point } from "./point.ts";
import type { KeptMeasurement } from "./measured.ts";
import type { Packed } from "./packed-rows.ts";
import type { Sitting, Trainer } from "./sitting.ts";

/** What training adds to a trial: kept as a whole or not at all. */
export interface TrialUpdate {
  readonly key: string;
  readonly specification: TrialSpecification;
  /**
   * Rows of the scheduled passes that follow those kept, without gaps. A first row of pass 0 begins the trial anew: it
   * replaces whatever was kept under the key.
   */
  readonly rows: readonly TrajectoryRow[];
  readonly ending: Ending;
  /** The chain's end: the last row's, or the divergence's. */
  readonly fingerprint: string;
  /** After the last row's pass. It replaces the one before, unless a study asks for as many passes. */
  readonly checkpoint: Checkpoint;
  /** What was measured at the rows; left out for nothing. */
  readonly measurements?: readonly KeptMeasurement[];
  /** Passes that this sitting of training went on from; 0 where it is the first. */
  readonly since: number;
  /** Wall seconds of this sitting so far. */
  readonly seconds: number;
  /** Who trained it; left out where this process did. */
  readonly trainer?: Trainer | undefined;
}

/** A trial's last pass where that is off the schedule: its row hangs off the chain, and training does not go on from it. */
export interface OffSchedule {
  readonly row: TrajectoryRow;
  readonly checkpoint: Checkpoint;
}

/** A trial that was trained whole, from its start. */
export interface WholeTrial extends Omit<TrialUpdate, "rows" | "measurements" | "since"> {
  /** Those of the scheduled passes, from 0 on (packed-rows.ts). */
  readonly rows: Uint8Array;
  /** Left out where the last pass is a scheduled one. */
  readonly last?: OffSchedule | undefined;
  /** In each set. */
  readonly examples: Packed["examples"];
}

/** The sole right to train trials; ends with the process at the latest. */
export interface Claim {
  readonly keys: readonly string[];
  release(): Promise<void>;
}

/**
 * What a study asks a trial for: to choose what it trains, to train that, or to see what moving its initial weights by one
 * unit in the last place makes of it.
 */
export const ROLES = ["search", "sweep", "perturbed"] as const;

/** A trial that a study asks for. */
export interface StudyTrial {
  readonly key: string;
  readonly passes: number;
  readonly role: (typeof ROLES)[number];
  readonly point: Point;
  /** The study's, which end its sweep's trials early. */
  readonly stop?: StopRules | undefined;
}

/** A kept study's rules to stop by, as far as its specification says some. */
export function stopOf(specification: string): StopRules | undefined {
  return (JSON.parse(specification) as { readonly stop?: StopRules }).stop;
}

/** What is known of a study's data set without its images. */
export interface DatasetFacts {
  readonly name: string;
  readonly digest: string;
  readonly train_examples: number;
  /** Left out where an earlier widthwise did not keep it. */
  readonly shape?: { readonly inputs: number; readonly classes: number };
}

/** A study as far as it is planned. */
export interface StudyPlan {
  /** SHA-256 of the canonical JSON of specification and data set's digest, 64 hex digits. */
  readonly id: string;
  readonly name: string;
  /** The study, everything resolved: JSON that study/spec.ts describes. */
  readonly specification: string;
  readonly dataset: DatasetFacts;
  /** Some that follow each other in the plan, or all. In the plan's order, the search's first; each trial once. */
  readonly trials: readonly StudyTrial[];
}

/** What there is of a study, told without its trials. */
export interface StudyFacts extends Omit<StudyPlan, "trials"> {
  /** Number of its trials, as far as it is planned. */
  readonly size: number;
  /** ISO 8601, UTC: when it was first planned. */
  readonly created: string;
  /** When it was first answered; null as long as it is not. */
  readonly finished: string | null;
  /** SHA-256 over its trials' fingerprints; null as long as it has no answer. */
  readonly fingerprint: string | null;
  /** Whence the answer comes: JSON that report/provenance.ts describes; null as long as that is not known. */
  readonly provenance: string | null;
}

export interface KeptStudy extends StudyFacts {
  readonly trials: readonly StudyTrial[];
}

/** What a study is called whose row or plan is damaged, as far as that can be read. */
export type DamagedStudy = Pick<StudyFacts, "id" | "name">;

/** What there is of a trial, told without reading its rows and weights. */
export interface TrialFacts {
  readonly key: string;
  readonly specification: TrialSpecification;
  /** Passes trained, up to the last scheduled one. */
  readonly passes: number;
  /** Passes off the schedule that have a row, ascending. */
  readonly offSchedule: readonly number[];
  readonly ending: Ending;
  readonly fingerprint: string;
  /** The last scheduled row. */
  readonly last: Evaluation;
  /** Numbers of passes after which its weights are kept, ascending. */
  readonly weights: readonly number[];
}

/** Who asks for a trial: a study, and its place for the trial. */
export interface StudyUse {
  readonly study: StudyFacts;
  readonly trial: StudyTrial;
}

/** How far a study's trials are, and the room they take, told without reading them. */
export interface StudyTotals {
  /** Number of its trials, as far as it is planned; 0 where the study is not kept. */
  readonly size: number;
  /** Trained as far as the study asks, or until they diverged. */
  readonly ended: number;
  /** Of these, those of the sweep that diverged: a search's are to. */
  readonly diverged: number;
  /** Of these, those that rules have stopped. */
  readonly stopped: number;
  /** Of their passes and weights, about. */
  readonly bytes: number;
}

/** What a store keeps altogether. */
export interface StoreTotals {
  readonly trials: number;
  /** Trials that no study asks for. */
  readonly unasked: number;
  /** Of the whole store. */
  readonly bytes: number;
}

/** What `collect` took away. */
export interface Collected {
  readonly trials: number;
  /** Sets of weights of trials that stay. */
  readonly weights: number;
  /** Bytes of the whole store. */
  readonly before: number;
  readonly after: number;
}

/** Trials, and the right to train them: what training needs of a store. */
export interface TrialStore {
  /** Whether what it keeps takes this process's memory. */
  readonly isInMemory: boolean;
  /**
   * The record under `key`, cut to `passes` passes, or where `stop` ends it before; null where none is kept, or it has
   * fewer passes, or no row of that one. A trial that diverged within `passes` passes is whole.
   */
  get(key: string, passes: number, stop?: StopRules): Promise<TrialRecord | null>;
  /**
   * Where training can go on: all scheduled passes that are kept and the newest checkpoint. With `passes`, from where it
   * can reach a pass that has none of its own: the latest scheduled one up to there whose checkpoint is kept. null for the
   * start.
   */
  resume(key: string, passes?: number): Promise<ResumePoint | null>;
  /** Claims those of the trials that no other process trains; null where there are none. */
  claim(...keys: readonly string[]): Promise<Claim | null>;
  /** Resolves when the trial, which another process has claimed, may have grown or may be claimed. */
  changed(key: string): Promise<void>;
  /**
   * Keeps what a trial has gained. Throws WidthwiseError where it cannot be kept, or does not follow what is.
   */
  commit(update: TrialUpdate): Promise<void>;
  /**
   * Keeps a pass off the schedule beside what is kept. Throws WidthwiseError where the scheduled one before it is not.
   */
  addOffSchedule(key: string, last: OffSchedule): Promise<void>;
  /**
   * Keeps measurements of passes whose rows are kept, in the place of ones of the same name and version.
   * Throws WidthwiseError where there is no such trial.
   */
  addMeasurements(key: string, measurements: readonly KeptMeasurement[]): Promise<void>;
  /** All that are kept of a trial, pass by pass; whether they are of its rows, measured.ts tells. */
  measurements(key: string): Promise<readonly KeptMeasurement[]>;
  /**
   * Keeps trials in the place of what was kept of them, all or none, and gives their records. Throws WidthwiseError
   * where they cannot be kept.
   */
  keepWhole(trials: readonly WholeTrial[]): Promise<readonly TrialRecord[]>;
}

/** Studies with their plans: what running one needs beside its trials. */
export interface StudyLedger {
  /**
   * Keeps the trials of a study's plan from place `from` on, 0 where it is left out; what is known of its answer stays,
   * and so does what is planned beyond them already. Throws WidthwiseError where what comes before them is not kept.
   */
  plan(study: StudyPlan, from?: number): Promise<void>;
  /** Keeps the fingerprint of a planned study's answer; of one that is not kept, nothing. */
  finish(id: string, fingerprint: string): Promise<void>;
  /** Keeps whence a planned study's answer comes: JSON; of one that is not kept, nothing. */
  describe(id: string, provenance: string): Promise<void>;
  /** null where none is kept under `id`. */
  study(id: string): Promise<KeptStudy | null>;
  studyTotals(id: string): Promise<StudyTotals>;
  /** Keeps initial parameters (packParameters) under their digest, as long as a study or a trial names it. */
  keepGiven(digest: string, parameters: Uint8Array): Promise<void>;
  /** null where they are not kept, or damaged. */
  given(digest: string): Promise<Uint8Array | null>;
  /** Of those of `keys` that are kept (all where left out); reads neither rows nor weights. */
  trials(keys?: readonly string[]): Promise<readonly TrialFacts[]>;
  /** Keys of the kept trials that begin with these hex digits. */
  keys(prefix: string): Promise<readonly string[]>;
}

/** A store as a whole: also what those who look at it and tidy it up need. */
export interface RecordStore extends TrialStore, StudyLedger {
  /**
   * Keeps the checkpoint of a pass whose row is kept, for a study that asks for its weights.
   * Throws WidthwiseError where there is no such row.
   */
  addCheckpoint(key: string, checkpoint: Checkpoint): Promise<void>;

  /** All studies, the one planned last first. */
  studies(): Promise<readonly StudyFacts[]>;
  /** Those whose row or plan is damaged, the one planned last first. */
  damagedStudies(): Promise<readonly DamagedStudy[]>;
  /** After `pass` passes; null where it is not kept. */
  checkpoint(key: string, pass: number): Promise<Checkpoint | null>;
  /** Its weights alone. */
  parameters(key: string, pass: number): Promise<Parameters | null>;
  /** In the order in which they were trained. */
  sittings(key: string): Promise<readonly Sitting[]>;
  /** The studies that ask for a trial, the one planned last first. */
  studiesUsing(key: string): Promise<readonly StudyUse[]>;
  totals(): Promise<StoreTotals>;
  /** What has vanished from the store as a whole, or belongs to what has: a sentence each. */
  gaps(): Promise<readonly string[]>;

  /** Its trials stay. */
  removeStudy(id: string): Promise<void>;
  /** With its rows and weights. Whoever removes a trial should have claimed it. */
  removeTrial(key: string): Promise<void>;
  /**
   * Removes trials that no study asks for, weights that no study asks for and no training goes on from, and
   * predictions after numbers of passes that no study asks for, and gives their room back. What is being trained stays. Tells of gaps, and counts anew what there is.
   * Throws WidthwiseError, and has removed nothing, as long as a study is damaged; and where studies have vanished
   * and there is something to remove: then once, since these are counted anew.
   */
  collect(): Promise<Collected>;
  close(): Promise<void>;
}
