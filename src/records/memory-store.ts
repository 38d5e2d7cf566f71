// A store in memory: for libraries, browsers and tests. Ends with its process.

import { WidthwiseError } from "../base/errors.ts";
import { givenDigest } from "../model/initializations/initialization.ts";
import { isScheduled, lastScheduled, scheduledPasses } from "../model/evaluation-schedule.ts";
import type { Parameters } from "../model/network.ts";
import type { StopRules } from "../model/trial.ts";
import { grownPlan, refuseGap } from "./plan.ts";
import { LARGE_MEASUREMENT, type KeptMeasurement } from "./measured.ts";
import { unpackRows } from "./packed-rows.ts";
import {
  cutRecord,
  lastPass,
  type Checkpoint,
  type ResumePoint,
  type TrajectoryRow,
  type TrialRecord,
} from "./record.ts";
import { stopOf } from "./store.ts";
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
} from "./store.ts";
import { secondsWithin, type Sitting } from "./sitting.ts";
import { studyEnds } from "./study-ends.ts";

interface KeptTrial {
  /** Its scheduled passes. */
  readonly record: TrialRecord;
  /** Rows off the schedule, by pass. */
  readonly others: ReadonlyMap<number, TrajectoryRow>;
  readonly checkpoint: Checkpoint;
  readonly sittings: readonly Sitting[];
  /** By number of passes. */
  readonly weights: ReadonlyMap<number, Checkpoint>;
  readonly measurements: readonly KeptMeasurement[];
}

export class MemoryStore implements RecordStore {
  readonly isInMemory = true;
  readonly #trials = new Map<string, KeptTrial>();
  readonly #studies = new Map<string, KeptStudy>();
  readonly #given = new Map<string, Uint8Array>();
  readonly #claims = new Set<string>();
  #waiting: (() => void)[] = [];

  get(key: string, passes: number, stop?: StopRules): Promise<TrialRecord | null> {
    const kept = this.#trials.get(key);
    const record =
      kept === undefined ? null : cutRecord(kept.record, passes, stop, kept.others.get(passes));
    if (kept === undefined || record === null) return Promise.resolve(null);
    return Promise.resolve({ ...record, seconds: secondsWithin(kept.sittings, lastPass(record)) });
  }

  resume(key: string, passes = Infinity): Promise<ResumePoint | null> {
    const kept = this.#trials.get(key);
    if (kept === undefined || kept.checkpoint.pass <= passes) return Promise.resolve(kept ?? null);
    const { evaluate } = kept.record.specification;
    const pass = Math.max(
      ...[...kept.weights.keys()].filter((one) => one <= passes && isScheduled(evaluate, one)),
    );
    const checkpoint = kept.weights.get(pass);
    const record = cutRecord(kept.record, pass);
    return Promise.resolve(checkpoint && record ? { record, checkpoint } : null);
  }

  claim(...asked: readonly string[]): Promise<Claim | null> {
    const keys = asked.filter((key) => !this.#claims.has(key));
    if (keys.length === 0) return Promise.resolve(null);
    for (const key of keys) this.#claims.add(key);
    const release = () => {
      for (const key of keys) this.#claims.delete(key);
      for (const resolve of this.#waiting.splice(0)) resolve();
      return Promise.resolve();
    };
    return Promise.resolve({ keys, release });
  }

  changed(key: string): Promise<void> {
    if (!this.#claims.has(key)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  commit(update: TrialUpdate): Promise<void> {
    const { key, specification, rows, ending, fingerprint, checkpoint, seconds, since } = update;
    const before = rows[0]?.evaluation.pass === 0 ? undefined : this.#trials.get(key);
    const trained = before === undefined ? -1 : lastPass(before.record);
    const following = scheduledPasses(specification.evaluate, checkpoint.pass).filter(
      (pass) => pass > trained,
    );
    if (rows.map(({ evaluation }) => evaluation.pass).join() !== following.join())
      return Promise.reject(
        new WidthwiseError(`trial ${key} has ${trained} passes, got what follows other ones`),
      );
    const sittings = [
      ...(before?.sittings ?? []).filter(({ from }) => from !== since),
      { from: since, to: checkpoint.pass, seconds, machine: "", versions: "", ...update.trainer },
    ];
    this.#trials.set(key, {
      record: {
        key,
        specification,
        trajectory: [
          ...(before?.record.trajectory ?? []),
          ...rows.map(({ evaluation }) => evaluation),
        ],
        ending,
        fingerprint,
        running_averages: [
          ...(before?.record.running_averages ?? []),
          ...rows.flatMap(({ averages }) => averages),
        ],
        seconds: secondsWithin(sittings, checkpoint.pass),
      },
      others: before?.others ?? new Map(),
      checkpoint,
      sittings,
      weights: new Map([
        ...[...(before?.weights ?? [])].filter(([pass]) => this.#isAskedFor(key, pass)),
        [checkpoint.pass, checkpoint],
      ]),
      measurements: [...(before?.measurements ?? []), ...(update.measurements ?? [])],
    });
    return Promise.resolve();
  }

  async addOffSchedule(key: string, { row, checkpoint }: OffSchedule): Promise<void> {
    const kept = this.#trials.get(key);
    const { pass } = checkpoint;
    const evaluate = kept?.record.specification.evaluate;
    if (kept === undefined || lastPass(kept.record) < lastScheduled(evaluate, pass))
      throw new WidthwiseError(`trial ${key} has not the passes before pass ${pass}`);
    this.#trials.set(key, { ...kept, others: new Map([...kept.others, [pass, row]]) });
    await this.addCheckpoint(key, checkpoint);
  }

  addMeasurements(key: string, measurements: readonly KeptMeasurement[]): Promise<void> {
    const kept = this.#trials.get(key);
    if (kept === undefined)
      return Promise.reject(
        new WidthwiseError(`trial ${key} is not kept, so it has no measurements`),
      );
    const nameOf = ({ pass, name, version }: KeptMeasurement) => `${pass} ${version} ${name}`;
    const all = [...kept.measurements, ...measurements].map((one) => [nameOf(one), one] as const);
    const sorted = [...new Map(all).values()].sort((a, b) => a.pass - b.pass);
    this.#trials.set(key, { ...kept, measurements: sorted });
    return Promise.resolve();
  }

  measurements(key: string): Promise<readonly KeptMeasurement[]> {
    return Promise.resolve(this.#trials.get(key)?.measurements ?? []);
  }

  async keepWhole(trials: readonly WholeTrial[]): Promise<readonly TrialRecord[]> {
    const records: (TrialRecord | null)[] = [];
    for (const { rows, examples, last, ...trial } of trials) {
      const { specification, checkpoint } = trial;
      const unpacked = unpackRows(rows, { specification, examples }, 0, checkpoint.pass);
      await this.commit({ ...trial, rows: unpacked, since: 0 });
      if (last !== undefined) await this.addOffSchedule(trial.key, last);
      const { ending } = trial;
      const passes = ending.kind === "diverged" ? ending.pass : (last ?? trial).checkpoint.pass;
      records.push(await this.get(trial.key, passes));
    }
    return records.flatMap((record) => record ?? []);
  }

  addCheckpoint(key: string, checkpoint: Checkpoint): Promise<void> {
    const kept = this.#trials.get(key);
    const { pass } = checkpoint;
    const isKept = kept !== undefined && (kept.others.has(pass) || pass <= lastPass(kept.record));
    if (!isKept)
      return Promise.reject(
        new WidthwiseError(`trial ${key} has no pass ${pass} to keep weights of`),
      );
    const weights = new Map([...kept.weights, [pass, checkpoint]]);
    this.#trials.set(key, { ...kept, weights });
    return Promise.resolve();
  }

  /** Whether a study asks for the trial, and for so many passes of it. */
  #isAskedFor(key: string, passes?: number): boolean {
    return [...this.#studies.values()].some(({ trials }) =>
      trials.some((trial) => trial.key === key && trial.passes === (passes ?? trial.passes)),
    );
  }

  /** Whether a study's trial has this last row; where it may be stopped, any before its passes. */
  #endsAt(pass: number, key: string, { checkpoint }: KeptTrial): boolean {
    return [...this.#studies.values()].some(({ trials, specification }) => {
      const mayEnd = checkpoint.pass === pass || stopOf(specification) !== undefined;
      return trials.some(
        (one) => one.key === key && (one.passes === pass || (mayEnd && one.passes > pass)),
      );
    });
  }

  async plan(study: StudyPlan, from = 0): Promise<void> {
    const {
      created = new Date().toISOString(),
      finished = null,
      fingerprint = null,
      provenance = null,
      trials: kept = [],
    } = this.#studies.get(study.id) ?? {};
    refuseGap(study, kept.length, from);
    const trials = grownPlan(kept, [...kept.slice(0, from), ...study.trials]);
    const size = trials.length;
    // Set anew, it comes last.
    this.#studies.delete(study.id);
    this.#studies.set(study.id, {
      ...study,
      trials,
      size,
      created,
      finished,
      fingerprint,
      provenance,
    });
    return Promise.resolve();
  }

  finish(id: string, fingerprint: string): Promise<void> {
    return this.#change(id, ({ finished }) => {
      return { finished: finished ?? new Date().toISOString(), fingerprint };
    });
  }

  describe(id: string, provenance: string): Promise<void> {
    return this.#change(id, () => ({ provenance }));
  }

  #change(id: string, change: (study: KeptStudy) => Partial<KeptStudy>): Promise<void> {
    const study = this.#studies.get(id);
    if (study !== undefined) this.#studies.set(id, { ...study, ...change(study) });
    return Promise.resolve();
  }

  studies(): Promise<readonly StudyFacts[]> {
    return Promise.resolve([...this.#studies.values()].reverse());
  }

  damagedStudies(): Promise<readonly DamagedStudy[]> {
    return Promise.resolve([]);
  }

  study(id: string): Promise<KeptStudy | null> {
    return Promise.resolve(this.#studies.get(id) ?? null);
  }

  trials(keys: readonly string[] = [...this.#trials.keys()]): Promise<readonly TrialFacts[]> {
    return Promise.resolve(
      keys.flatMap((key) => {
        const kept = this.#trials.get(key);
        if (kept === undefined) return [];
        const { specification, trajectory, ending, fingerprint } = kept.record;
        return {
          key,
          specification,
          passes: lastPass(kept.record),
          offSchedule: [...kept.others.keys()].sort((a, b) => a - b),
          ending,
          fingerprint,
          last: trajectory[trajectory.length - 1],
          weights: [...kept.weights.keys()].sort((a, b) => a - b),
        };
      }),
    );
  }

  checkpoint(key: string, pass: number): Promise<Checkpoint | null> {
    return Promise.resolve(this.#trials.get(key)?.weights.get(pass) ?? null);
  }

  async parameters(key: string, pass: number): Promise<Parameters | null> {
    return (await this.checkpoint(key, pass))?.parameters ?? null;
  }

  sittings(key: string): Promise<readonly Sitting[]> {
    return Promise.resolve(this.#trials.get(key)?.sittings ?? []);
  }

  keys(prefix: string): Promise<readonly string[]> {
    return Promise.resolve([...this.#trials.keys()].filter((key) => key.startsWith(prefix)).sort());
  }

  studiesUsing(key: string): Promise<readonly StudyUse[]> {
    return Promise.resolve(
      [...this.#studies.values()]
        .reverse()
        .flatMap((study) =>
          study.trials.filter((trial) => trial.key === key).map((trial) => ({ study, trial })),
        ),
    );
  }

  async studyTotals(id: string): Promise<StudyTotals> {
    const trials = this.#studies.get(id)?.trials ?? [];
    const kept = trials.flatMap(({ key }) => this.#trials.get(key) ?? []);
    const ends = await studyEnds(trials, ({ key, passes, stop }) => this.get(key, passes, stop));
    return {
      ...ends,
      size: trials.length,
      bytes: kept.reduce((sum, one) => sum + bytesOf(one), 0),
    };
  }

  keepGiven(digest: string, parameters: Uint8Array): Promise<void> {
    this.#given.set(digest, parameters);
    return Promise.resolve();
  }

  given(digest: string): Promise<Uint8Array | null> {
    return Promise.resolve(this.#given.get(digest) ?? null);
  }

  #isNamed(digest: string): boolean {
    return (
      [...this.#studies.values()].some(({ specification }) => specification.includes(digest)) ||
      [...this.#trials.values()].some(
        ({ record }) => givenDigest(record.specification.model) === digest,
      )
    );
  }

  totals(): Promise<StoreTotals> {
    const trials = [...this.#trials];
    return Promise.resolve({
      trials: trials.length,
      unasked: trials.filter(([key]) => !this.#isAskedFor(key)).length,
      bytes: trials.reduce((sum, [, kept]) => sum + bytesOf(kept), 0),
    });
  }

  gaps(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  removeStudy(id: string): Promise<void> {
    this.#studies.delete(id);
    return Promise.resolve();
  }

  removeTrial(key: string): Promise<void> {
    this.#trials.delete(key);
    return Promise.resolve();
  }

  async collect(): Promise<Collected> {
    const { bytes: before } = await this.totals();
    let [trials, weights] = [0, 0];
    for (const [key, kept] of this.#trials) {
      if (!this.#isAskedFor(key) && !this.#claims.has(key)) {
        this.#trials.delete(key);
        trials++;
        continue;
      }
      const asked = [...kept.weights].filter(
        ([pass]) => pass === kept.checkpoint.pass || this.#endsAt(pass, key, kept),
      );
      weights += kept.weights.size - asked.length;
      const measurements = kept.measurements.filter(
        ({ name, pass }) => name !== LARGE_MEASUREMENT || this.#endsAt(pass, key, kept),
      );
      this.#trials.set(key, { ...kept, weights: new Map(asked), measurements });
    }
    for (const digest of this.#given.keys()) if (!this.#isNamed(digest)) this.#given.delete(digest);
    return { trials, weights, before, after: (await this.totals()).bytes };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Of its weights and the optimizer's state. */
function bytesOf({ weights }: KeptTrial): number {
  const arrays = [...weights.values()]
    .flatMap(({ parameters, state }) => [parameters, ...state])
    .flatMap(({ weights, biases }) => [...weights, ...biases]);
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
