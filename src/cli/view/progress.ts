// How far a study is: a state fed by the study's events, and the lines that show it. Reads no clock, writes nothing.

import { mean, median } from "d3-array";
import { passCost } from "../../kernel/cost.ts";
import { shapeOf } from "../../model/trial.ts";
import { isStopped, lastPass, type Evaluation } from "../../records/record.ts";
import { accuracyPercent, plural, roughDuration, timeLeft } from "../../base/numbers.ts";
import { valuesText } from "../../records/point.ts";
import { searchesWidth } from "../../study/axes/axes.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import { trialText } from "../../study/plans/planned-trial.ts";
import type { StudyEvent } from "../../study/run.ts";
import type { Study } from "../../study/spec.ts";
import type { Score } from "../../training/evaluate.ts";
import { Crowd, SETTLING } from "./crowd.ts";
import type { Size } from "./terminal.ts";

interface TrialProgress {
  readonly planned: PlannedTrial;
  /** `width 32`, with the seed or the learning rate where that tells it from others. */
  readonly name: string;
  /** Of a pass, in multiply-adds. */
  readonly passCost: number;
  /** Milliseconds on the clock, and pass, of its first evaluation. */
  began: { readonly at: number; readonly pass: number } | null;
  latest: Evaluation | null;
  /** The first pass that was seen to interpolate. */
  interpolated: number | null;
  /** When its latest evaluations came, and after which passes, at most PACE + 1 of them. */
  times: { readonly at: number; readonly pass: number }[];
  end: "done" | "kept" | "diverged" | "stopped" | null;
  /** Whether another process was seen to train it. */
  isElsewhere: boolean;
}

/** Trials that are planned at once and told one by one, at the most. */
const MOST_TOLD = 100;

/** Points of a round that are named. */
const MOST_PLACES = 3;

/** Evaluations the median of whose time a pass is a trial's pace. */
const PACE = 9;

export class Progress {
  readonly #study: Study;
  /** Whether what is asked for next depends on the answers, so that nobody knows how much is left. */
  readonly #isInRounds: boolean;
  readonly #began: number;
  readonly #trials = new Map<PlannedTrial, TrialProgress>();
  #crowd: Crowd | null = null;
  #label = "";

  /** `now` is in milliseconds here and everywhere. */
  constructor(study: Study, now: number) {
    this.#study = study;
    this.#isInRounds =
      searchesWidth(study) || (study.ask ?? []).some(({ refine }) => Number(refine) > 0);
    this.#began = now;
  }

  /** Takes an event in, and returns the plain lines that tell it (most events have none). */
  observe(event: StudyEvent, now: number): string[] {
    if (event.kind !== "planned" && this.#crowd !== null) {
      const lines = this.#crowd.observe(event, now);
      return this.#isInRounds ? [] : lines.map((line) => `${this.#study.name}: ${line}`);
    }
    switch (event.kind) {
      case "planned":
        return this.#plan(event, now);
      case "elsewhere":
        return this.#moveElsewhere(event.planned);
      case "resumed":
        return this.#evaluate(event.planned, event.evaluation, now);
      case "passed":
        return this.#evaluate(event.planned, event.row.evaluation, now);
      case "ended":
        return this.#end(event);
    }
  }

  /** The running averages that an event tells, a line each. */
  averageLines(event: StudyEvent): string[] {
    if (event.kind !== "passed" || this.#crowd !== null) return [];
    const name = this.#trials.get(event.planned)?.name ?? "";
    const { evaluation, averages } = event.row;
    return averages.map(
      (average, index) =>
        `${name}: pass ${evaluation.pass}, step ${100 * (index + 1)}: running average of the objective ${loss(average)}`,
    );
  }

  #plan(event: Extract<StudyEvent, { kind: "planned" }>, now: number): string[] {
    const { trials: planned, dataset } = event;
    // As of a shard that has its share, or none of these.
    if (planned.length === 0) return [];
    const { sweep } = this.#study;
    // Where the sweep's trials come in several requests, each ends before the next.
    const known = [...this.#trials.keys()];
    if (known.some(({ role }) => role === "sweep")) this.#trials.clear();
    const places = new Set<string>();
    let isSearch = true;
    for (const { point, role } of planned) {
      places.add(valuesText(point.values));
      isSearch &&= role === "search";
    }
    this.#label = isSearch ? "learning rate" : sweep.paths === undefined ? "widths" : "points";
    const isCrowd = planned.length > MOST_TOLD || this.#isInRounds;
    this.#crowd = isCrowd ? new Crowd(event, now) : null;
    const told = isCrowd ? [] : [...planned];
    const severalSeeds = told.some(({ point }) => point.seed !== told[0].point.seed);
    for (const one of told) {
      const isSweep = one.role !== "search";
      const { data, training } = one.trial.specification;
      const rate = training.learning_rate;
      const seed = severalSeeds ? one.point.seed : null;
      const place = trialText({ ...one, point: { ...one.point, seed } });
      const name = isSweep ? place : `${place} rate ${rate}`;
      this.#trials.set(one, {
        planned: one,
        name,
        passCost: passCost(
          shapeOf(one.trial, dataset),
          data.train_examples,
          dataset.test.examples,
          training,
        ),
        began: null,
        ...{ latest: null, interpolated: null },
        times: [],
        end: null,
        isElsewhere: false,
      });
    }
    const where =
      this.#isInRounds && places.size <= MOST_PLACES ? [...places].join("; ") : this.#label;
    return [`${this.#study.name}: ${where}: ${plural(planned.length, "trial")}`];
  }

  #evaluate(planned: PlannedTrial, evaluation: Evaluation, now: number): string[] {
    const trial = this.#trials.get(planned);
    if (trial === undefined) return [];
    const { passes } = planned.trial;
    const { pass, train } = evaluation;
    trial.latest = evaluation;
    if (train.correct === train.examples) trial.interpolated ??= pass;
    trial.times = [...trial.times, { at: now, pass }].slice(-PACE - 1);
    trial.isElsewhere = false;
    if (trial.began === null) {
      trial.began = { at: now, pass };
      const how = pass === 0 ? "started" : `goes on from pass ${pass} of ${passes}`;
      return [`${trial.name}: ${how}: ${scores(evaluation)}`];
    }
    if (pass % 10 !== 0 && pass !== passes) return [];
    const left = this.secondsLeft(now);
    const time = left === null || pass === passes ? "" : `; ${timeLeft(left)}`;
    return [`${trial.name}: pass ${pass} of ${passes}: ${scores(evaluation)}${time}`];
  }

  #moveElsewhere(planned: PlannedTrial): string[] {
    const trial = this.#trials.get(planned);
    if (trial === undefined || trial.isElsewhere) return [];
    trial.isElsewhere = true;
    return [`${trial.name}: another process is training it; waiting for that`];
  }

  #end({ planned, record, reused }: Extract<StudyEvent, { kind: "ended" }>): string[] {
    const trial = this.#trials.get(planned);
    if (trial === undefined) return [];
    const { ending } = record;
    const diverged = ending.kind === "diverged";
    trial.latest = record.trajectory.at(-1) ?? trial.latest;
    const { passes, stop } = planned.trial;
    const stopped = stop !== undefined && isStopped(record, passes);
    trial.end = diverged ? "diverged" : stopped ? "stopped" : reused ? "kept" : "done";
    const how = diverged
      ? `diverged at step ${ending.step} of pass ${ending.pass}`
      : stopped
        ? `stopped after pass ${lastPass(record)}`
        : "finished";
    const whence = reused ? ", taken from the store" : "";
    return [`${trial.name}: ${how}${whence}`];
  }

  /**
   * Cost done and cost to do in this run; what an earlier run did counts as neither. Only the sweep's: the
   * search's trials come one by one, and take a second.
   */
  #work(): { done: number; left: number } {
    if (this.#crowd !== null) return this.#crowd.work;
    let done = 0;
    let left = 0;
    for (const trial of this.#sweep()) {
      done += passesDone(trial) * trial.passCost;
      left += this.#passesLeft(trial) * trial.passCost;
    }
    return { done, left };
  }

  /** Where rules may stop it, as many as those took that ended after they had come as far. */
  #passesLeft({ planned, latest, interpolated, end }: TrialProgress): number {
    if (end !== null) return 0;
    const { passes, stop } = planned.trial;
    const { pass = 0 } = latest ?? {};
    if (stop === undefined) return passes - pass;
    const { after_interpolation: more = Infinity } = stop;
    if (interpolated !== null) return Math.max(0, Math.min(passes, interpolated + more) - pass);
    const others = this.#sweep().flatMap((other): number[] => {
      const isTold = other.end !== null && other.end !== "diverged";
      const share = isTold ? (other.latest?.pass ?? 0) / other.planned.trial.passes : 0;
      return share * passes > pass ? [share * passes] : [];
    });
    return (mean(others) ?? passes) - pass;
  }

  #sweep(): TrialProgress[] {
    return [...this.#trials.values()].filter(({ planned }) => planned.role !== "search");
  }

  /**
   * Seconds left at the rate measured so far; null before that means anything. The longest trial alone
   * may take longer than its share of all work, since one trial is not spread over workers.
   */
  secondsLeft(now: number): number | null {
    if (this.#isInRounds) return null;
    if (this.#crowd !== null) return this.#crowd.secondsLeft(now);
    const trials = this.#sweep();
    const starts = trials.flatMap(({ began }) => (began === null ? [] : [began.at]));
    const elapsed = now - Math.min(...starts);
    const { done, left } = this.#work();
    if (done === 0 || elapsed < SETTLING) return null;
    const together = (left * elapsed) / done;
    const alone = trials.map((trial) => this.#passesLeft(trial) * pace(trial));
    return Math.max(together, ...alone) / 1000;
  }

  /** What a terminal shows: a row for each trial, as far as they fit, and how far all of it is. */
  lines(now: number, { columns, rows }: Size): string[] {
    const trials = [...this.#trials.values()];
    // Heading, overall line and the line that the cursor stands on are there too.
    const room = Math.max(1, rows - 4);
    const shown = mostTelling(trials, room);
    const hidden = trials.length - shown.length;
    return [
      `${this.#study.name}: ${this.#label}`,
      ...(this.#crowd?.lines(room) ?? [
        ...table(shown, columns - 1),
        ...(hidden > 0 ? [`… and ${plural(hidden, "more trial")}`] : []),
      ]),
      this.#overall(now, columns),
    ].map((line) => clip(line, columns - 1));
  }

  #overall(now: number, columns: number): string {
    const { done, left } = this.#work();
    const share = done + left === 0 ? 0 : done / (done + left);
    const seconds = this.secondsLeft(now);
    const elapsed = roughDuration((now - this.#began) / 1000);
    const time = seconds === null || left === 0 ? elapsed : `${elapsed}, ${timeLeft(seconds)}`;
    const length = Math.max(0, Math.min(30, columns - time.length - 12));
    const filled = Math.floor(share * length);
    const bar = length < 5 ? "" : `${"█".repeat(filled)}${"░".repeat(length - filled)} `;
    return `${bar}${String(Math.floor(share * 100)).padStart(3)} %  ${time}`;
  }
}

/** In this run: what an earlier one did has no beginning. */
function passesDone({ began, latest }: TrialProgress): number {
  return began === null || latest === null ? 0 : latest.pass - began.pass;
}

/**
 * Milliseconds of a trial's pass while it is being worked at: the median of the latest, since now and then
 * a trial waits for others. 0 as long as there are too few.
 */
function pace({ times }: TrialProgress): number {
  if (times.length <= PACE) return 0;
  const paces = times
    .slice(1)
    .map(({ at, pass }, index) => (at - times[index].at) / (pass - times[index].pass));
  return median(paces) ?? 0;
}

/** At most `room` trials in their order: those at work, then the waiting, then the ended. */
function mostTelling(trials: readonly TrialProgress[], room: number): TrialProgress[] {
  if (trials.length <= room) return [...trials];
  const rank = ({ began, end }: TrialProgress) => (end !== null ? 2 : began === null ? 1 : 0);
  // One line less, since one tells how many are not shown.
  const told = new Set([...trials].sort((a, b) => rank(a) - rank(b)).slice(0, room - 1));
  return trials.filter((trial) => told.has(trial));
}

/** A row for each trial, with as much of its scores as there is room for. */
function table(trials: readonly TrialProgress[], columns: number): string[] {
  const names = Math.max(0, ...trials.map(({ name }) => name.length));
  const details = [
    ({ train, test }: Evaluation) => `train ${both(train)}   test ${both(test)}`,
    ({ train, test }: Evaluation) =>
      `${accuracyPercent(train).padStart(7)} ${accuracyPercent(test).padStart(7)}`,
    ({ train }: Evaluation) => accuracyPercent(train).padStart(7),
  ];
  const tables = details.map((detail) => trials.map((trial) => row(trial, names, detail)));
  return tables.find((rows) => rows.every((line) => line.length <= columns)) ?? tables[2];
}

function row(
  { planned, name, latest, end, isElsewhere }: TrialProgress,
  names: number,
  detail: (evaluation: Evaluation) => string,
): string {
  const title = name.padEnd(names);
  const { passes } = planned.trial;
  const width = Math.max("diverged".length, String(passes).length * 2 + 1);
  if (isElsewhere && end === null) return `${title}  trained by another process`;
  if (latest === null) return `${title}  ${"waiting".padStart(width)}`;
  const pass = end === "diverged" ? end : `${latest.pass}/${passes}`;
  const mark = end === null || end === "diverged" ? "" : `  ${end}`;
  return `${title}  ${pass.padStart(width)}  ${detail(latest)}${mark}`;
}

function both(score: Score): string {
  return `${loss(score.objective).padStart(7)} ${accuracyPercent(score).padStart(7)}`;
}

function scores({ train, test }: Evaluation): string {
  return (
    `train ${loss(train.objective)} ${accuracyPercent(train)}, ` +
    `test ${loss(test.objective)} ${accuracyPercent(test)}`
  );
}

/** Four decimals down to 0.001; what is smaller keeps its first two digits. */
function loss(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return (value !== 0 && value < 0.001) || value >= 100 ? value.toExponential(1) : value.toFixed(4);
}

function clip(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, Math.max(0, length - 1))}…`;
}
