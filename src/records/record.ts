// What is kept of a trial: the waist of the house. Training ends in records, analysis begins with them.

import type { Score } from "../training/evaluate.ts";
import { AVERAGE_EVERY, type Checkpoint, type Ending } from "../training/train.ts";
import { isScheduled, lastScheduled } from "../model/evaluation-schedule.ts";
import { stepsOfPass } from "../model/optimizers/choice.ts";
import type { StopRules, TrialSpecification } from "../model/trial.ts";
import type { Trainer } from "./sitting.ts";
import { stoppingPass } from "./stop.ts";

/** One row of a trajectory. */
export interface Evaluation {
  /** Passes trained so far; 0 is before training. */
  readonly pass: number;
  readonly train: Score;
  readonly test: Score;
  /** The chain's fingerprint up to and including this pass, 64 hex digits; off the schedule, what hangs off the chain. */
  readonly fingerprint: string;
}

/** An evaluation with the running averages since the row before: none for pass 0. */
export interface TrajectoryRow {
  readonly evaluation: Evaluation;
  readonly averages: readonly number[];
}

export type { Checkpoint, Ending };

export interface TrialRecord {
  /** SHA-256 of the canonical specification, 64 hex digits. */
  readonly key: string;
  readonly specification: TrialSpecification;
  /**
   * Evaluations of the scheduled passes from 0 on, without gaps, and of the last pass that was asked for where that is off
   * the schedule (model/evaluation-schedule.ts).
   */
  readonly trajectory: readonly Evaluation[];
  readonly ending: Ending;
  /** The end of the fingerprint chain: the last evaluation's, or the divergence's. */
  readonly fingerprint: string;
  /** Running average of the objective (0.99/0.01) after every 100th step, from the first pass on. */
  readonly running_averages: readonly number[];
  /** Wall seconds from the first step to the last evaluation, added over the sittings in which it was trained. */
  readonly seconds: number;
}

/** A trial between two passes: a record trained for that many passes, and the state to go on from. */
export interface ResumePoint {
  readonly record: TrialRecord;
  /** After the record's last pass. */
  readonly checkpoint: Checkpoint;
}

/** A pass that is trained and evaluated, pass 0 too. */
export interface TrainedPass {
  /** Rows of scheduled passes before it that are told with it, where the pool has no checkpoints of theirs; left out for none. */
  readonly earlier?: readonly TrajectoryRow[];
  readonly row: TrajectoryRow;
  /** What training can go on from after it. */
  readonly checkpoint: Checkpoint;
  /** Wall seconds of this sitting: since its training began, or went on. */
  readonly seconds: number;
  /** Who trained it, and the pass that this sitting went on from; left out where this process did. */
  readonly sitting?: Trainer & { readonly since: number };
  /** To be called once it is kept, which is soon wanted; left out where nobody waits for it. */
  readonly onKept?: () => void;
}

/** How a training ended, and its fingerprint chain. */
export interface TrialEnd extends Pick<TrialRecord, "ending" | "fingerprint"> {
  /** See TrainedPass. */
  readonly onKept?: () => void;
}

/** Makes a record of what a training tells, pass by pass. */
export class RecordBuilder {
  readonly #trial: Pick<TrialRecord, "key" | "specification">;
  readonly #trajectory: Evaluation[];
  readonly #averages: number[];
  readonly #before: number;
  #seconds = 0;

  /** `from` is what training goes on from; null for the start. */
  constructor(trial: Pick<TrialRecord, "key" | "specification">, from: ResumePoint | null) {
    this.#trial = trial;
    this.#trajectory = [...(from?.record.trajectory ?? [])];
    this.#averages = [...(from?.record.running_averages ?? [])];
    this.#before = from?.record.seconds ?? 0;
  }

  add({ earlier = [], row, seconds }: TrainedPass): void {
    for (const { evaluation, averages } of [...earlier, row]) {
      this.#trajectory.push(evaluation);
      this.#averages.push(...averages);
    }
    this.#seconds = seconds;
  }

  end({ ending, fingerprint }: TrialEnd): TrialRecord {
    const { key, specification } = this.#trial;
    return {
      key,
      specification,
      trajectory: this.#trajectory,
      ending,
      fingerprint,
      running_averages: this.#averages,
      seconds: this.#before + this.#seconds,
    };
  }
}

type Columns = Pick<TrialRecord, "trajectory" | "running_averages">;

/** Rows that stay at hand: some ten megabytes. */
const MOST_ROWS = 20_000;

/** What was read last, by whose it is; whoever looks at many records one by one needs no more. */
const recent = new Map<RecordOfRows, Columns>();
let recentRows = 0;

function remember(record: RecordOfRows, rows: readonly TrajectoryRow[]): Columns {
  const columns = {
    trajectory: rows.map(({ evaluation }) => evaluation),
    running_averages: rows.flatMap(({ averages }) => averages),
  };
  recent.set(record, columns);
  recentRows += rows.length;
  for (const [oldest, { trajectory }] of recent) {
    if (recentRows <= MOST_ROWS || oldest === record) break;
    recent.delete(oldest);
    recentRows -= trajectory.length;
  }
  return columns;
}

/** Where rows lie that a record does not hold. */
export interface RowSource {
  /** Those of a trial up to a pass. */
  rowsOf(key: string, passes: number): readonly TrajectoryRow[];
}

/** What stays of a record whose rows up to pass `passes` lie elsewhere. */
export interface WithoutRows extends Omit<TrialRecord, "trajectory" | "running_averages"> {
  readonly source: RowSource;
  readonly passes: number;
}

/** Of very many records each takes some ten bytes beside what stays: the properties are shared. */
class RecordOfRows {
  readonly #kept: WithoutRows;

  constructor(kept: WithoutRows) {
    this.#kept = kept;
    Object.defineProperties(this, PROPERTIES);
  }

  static keptOf(one: object): WithoutRows | null {
    return #kept in one ? one.#kept : null;
  }

  static columnsOf(one: RecordOfRows): Columns {
    const { source, key, passes } = one.#kept;
    return recent.get(one) ?? remember(one, source.rowsOf(key, passes));
  }

  static property(name: Exclude<keyof TrialRecord, keyof Columns>) {
    return property((one) => one.#kept[name]);
  }
}

function property(get: (one: RecordOfRows) => unknown): PropertyDescriptor {
  return {
    enumerable: true,
    get(this: RecordOfRows) {
      return get(this);
    },
  };
}

const PROPERTIES: Readonly<Record<keyof TrialRecord, PropertyDescriptor>> = {
  key: RecordOfRows.property("key"),
  specification: RecordOfRows.property("specification"),
  trajectory: property((one) => RecordOfRows.columnsOf(one).trajectory),
  ending: RecordOfRows.property("ending"),
  fingerprint: RecordOfRows.property("fingerprint"),
  running_averages: property((one) => RecordOfRows.columnsOf(one).running_averages),
  seconds: RecordOfRows.property("seconds"),
};

/**
 * A record whose rows are read when they are looked at, and let go when others are, so that finished trials take no
 * room. `rows` are those that are at hand by now.
 */
export function recordOfRows(kept: WithoutRows, rows?: readonly TrajectoryRow[]): TrialRecord {
  const record = new RecordOfRows(kept);
  if (rows) remember(record, rows);
  // The properties are made by its constructor.
  return record as RecordOfRows & TrialRecord;
}

/** What `recordOfRows` has made a record of; null for one that holds its rows. */
export function withoutRows(record: TrialRecord): WithoutRows | null {
  return RecordOfRows.keptOf(record);
}

/** The pass of the last row. */
export function lastPass({ trajectory }: Pick<TrialRecord, "trajectory">): number {
  return trajectory[trajectory.length - 1].pass;
}

/** Whether rules have ended a trial before the passes that were asked for. */
export function isStopped(record: TrialRecord, asked: number): boolean {
  return record.ending.kind === "finished" && lastPass(record) < asked;
}

/** Throws where there is no such row. */
export function evaluationOf(
  { key, trajectory }: Pick<TrialRecord, "key" | "trajectory">,
  pass: number,
): Evaluation {
  const found = trajectory.find((one) => one.pass === pass);
  if (found === undefined) throw new Error(`trial ${key} has no row of pass ${pass}`);
  return found;
}

/**
 * The same trial as if it had been asked for so many passes, or to stop before them; null where that was not trained.
 * `record` has the scheduled passes alone; `last` is the row of pass `passes` where that is off the schedule and kept.
 */
export function cutRecord(
  record: TrialRecord,
  passes: number,
  stop?: StopRules,
  last?: TrajectoryRow,
): TrialRecord | null {
  const { trajectory, ending } = record;
  const { evaluate } = record.specification;
  const stopped = stoppingPass(trajectory, stop, passes);
  if (stopped !== null) return prefix(record, stopped);
  if (ending.kind === "diverged" && ending.pass <= passes) return record;
  if (isScheduled(evaluate, passes))
    return lastPass(record) < passes ? null : prefix(record, passes);
  if (last === undefined) return null;
  const { running_averages, ...before } = prefix(record, lastScheduled(evaluate, passes));
  return {
    ...before,
    trajectory: [...before.trajectory, last.evaluation],
    fingerprint: last.evaluation.fingerprint,
    running_averages: [...running_averages, ...last.averages],
  };
}

/** The first `passes` passes, which have a row. */
function prefix(record: TrialRecord, passes: number): TrialRecord {
  const { key, trajectory, ending, specification, running_averages, seconds } = record;
  const trained = lastPass(record);
  if (ending.kind === "finished" && trained === passes) return record;
  return {
    ...{ key, specification },
    trajectory: trajectory.filter(({ pass }) => pass <= passes),
    ending: { kind: "finished" },
    fingerprint: evaluationOf(record, passes).fingerprint,
    running_averages: running_averages.slice(0, averagesWithin(specification, passes)),
    seconds: trained === 0 ? seconds : (seconds * passes) / trained,
  };
}

/** A record's rows as they are kept: each with the running averages since the row before. */
export function rowsOf(record: TrialRecord): TrajectoryRow[] {
  const { trajectory, specification, running_averages: averages } = record;
  let from = 0;
  return trajectory.map((evaluation) => {
    const to = averagesWithin(specification, evaluation.pass);
    const row = { evaluation, averages: averages.slice(from, to) };
    from = to;
    return row;
  });
}

/** Number of running averages in the first `passes` passes: one every 100 steps. */
export function averagesWithin({ data, training }: TrialSpecification, passes: number): number {
  return Math.floor((passes * stepsOfPass(training, data.train_examples)) / AVERAGE_EVERY);
}
