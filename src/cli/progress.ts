// How far a study is: a state fed by the study's events, and the lines that show it. Reads no clock, writes nothing.

import type { Evaluation } from "../records/record.ts";
import type { PlannedTrial } from "../study/plan.ts";
import type { StudyEvent } from "../study/run.ts";
import type { Study } from "../study/spec.ts";
import { accuracy } from "../training/evaluate.ts";
import type { Score } from "../training/evaluate.ts";
import type { Size } from "./terminal.ts";

interface TrialProgress {
  readonly planned: PlannedTrial;
  /** `width 32`, with the seed or the learning rate where that tells it from others. */
  readonly name: string;
  /** Milliseconds on the clock, and pass, of its first evaluation. */
  began: { readonly at: number; readonly pass: number } | null;
  latest: Evaluation | null;
  end: string | null;
  reused: boolean;
}

/** Milliseconds of work before a rate means anything. */
const SETTLING = 2000;

/**
 * Cost of a pass of a width, in units of its own: measured, a step of SGD takes a time proportional to
 * 6.5 + width.
 */
function costOfPass({ width }: PlannedTrial): number {
  return 6.5 + width;
}

export class Progress {
  readonly #study: Study;
  readonly #began: number;
  readonly #trials = new Map<PlannedTrial, TrialProgress>();
  #label = "";
  #sweepPlanned = false;

  /** `now` is in milliseconds here and everywhere. */
  constructor(study: Study, now: number) {
    this.#study = study;
    this.#began = now;
  }

  /** Takes an event in, and returns the plain lines that tell it (most events have none). */
  observe(event: StudyEvent, now: number): string[] {
    switch (event.kind) {
      case "planned":
        return this.#plan(event.label, event.trials);
      case "evaluated":
        return this.#evaluate(event.planned, event.evaluation, now);
      case "averaged": {
        const name = this.#trials.get(event.planned)?.name ?? "";
        return event.averages.map(
          (average, index) =>
            `${name}: pass ${event.pass}, step ${100 * (index + 1)}: running average of the objective ${loss(average)}`,
        );
      }
      case "ended":
        return this.#end(event);
    }
  }

  #plan(label: string, planned: readonly PlannedTrial[]): string[] {
    const { sweep, streams, training } = this.#study;
    const seeds = streams.kind === "named" ? streams.seeds.length : 1;
    const isSweep =
      planned.length === Math.max(1, sweep.width.length) * seeds &&
      planned.every(({ trial }) => trial.passes === training.passes);
    this.#label = label;
    this.#sweepPlanned ||= isSweep;
    for (const one of planned) {
      const seed = seeds > 1 ? ` seed ${String(one.seed)}` : "";
      const rate = isSweep ? "" : ` rate ${one.trial.specification.training.learning_rate}`;
      const name = `width ${one.width}${seed}${rate}`;
      this.#trials.set(one, {
        planned: one,
        name,
        began: null,
        latest: null,
        end: null,
        reused: false,
      });
    }
    return [`${this.#study.name}: ${label}: ${count(planned.length, "trial")} to do`];
  }

  #evaluate(planned: PlannedTrial, evaluation: Evaluation, now: number): string[] {
    const trial = this.#trials.get(planned);
    if (trial === undefined) return [];
    const { passes } = planned.trial;
    const { pass } = evaluation;
    trial.latest = evaluation;
    if (trial.began === null) {
      trial.began = { at: now, pass };
      return [`${trial.name}: started: ${scores(evaluation)}`];
    }
    if (pass % 10 !== 0 && pass !== passes) return [];
    const left = this.secondsLeft(now);
    const time = left === null || pass === passes ? "" : `; about ${duration(left)} left`;
    return [`${trial.name}: pass ${pass} of ${passes}: ${scores(evaluation)}${time}`];
  }

  #end({ planned, record, reused }: Extract<StudyEvent, { kind: "ended" }>): string[] {
    const trial = this.#trials.get(planned);
    if (trial === undefined) return [];
    const { ending } = record;
    const diverged = ending.kind === "diverged";
    trial.latest = record.trajectory.at(-1) ?? trial.latest;
    trial.reused = reused;
    trial.end = diverged ? "diverged" : reused ? "kept" : "done";
    const how = diverged ? `diverged at step ${ending.step} of pass ${ending.pass}` : "finished";
    const whence = reused ? " in an earlier run, taken from there" : "";
    return [`${trial.name}: ${how}${whence}`];
  }

  /** Cost done and cost to do in this run, as far as it is planned; what an earlier run did counts as neither. */
  #work(): { done: number; left: number } {
    let done = 0;
    let left = 0;
    for (const trial of this.#trials.values()) {
      const cost = costOfPass(trial.planned);
      done += passesDone(trial) * cost;
      left += passesLeft(trial) * cost;
    }
    return { done, left };
  }

  /**
   * Seconds left at the rate measured so far; null before that means anything. The longest trial alone
   * may take longer than its share of all work, since one trial is not spread over workers.
   */
  secondsLeft(now: number): number | null {
    const running = [...this.#trials.values()].filter(({ reused }) => !reused);
    const starts = running.flatMap(({ began }) => (began === null ? [] : [began.at]));
    const elapsed = now - Math.min(...starts);
    const { done, left } = this.#work();
    if (!this.#sweepPlanned || !(elapsed >= SETTLING) || done === 0) return null;
    const together = (left * elapsed) / done;
    const alone = running.map((trial) => {
      const ownDone = passesDone(trial);
      if (trial.began === null || ownDone === 0) return 0;
      return (passesLeft(trial) * (now - trial.began.at)) / ownDone;
    });
    return Math.max(together, ...alone) / 1000;
  }

  /** What a terminal shows: a row for each trial, as far as they fit, and how far all of it is. */
  lines(now: number, { columns, rows }: Size): string[] {
    const trials = [...this.#trials.values()];
    const nameWidth = Math.max(0, ...trials.map(({ name }) => name.length));
    const wide = trials.map((trial) => row(trial, nameWidth, wideScores));
    const fits = wide.every((line) => line.length < columns);
    const lines = fits ? wide : trials.map((trial) => row(trial, nameWidth, narrowScores));

    // Heading, overall line and the line that the cursor stands on are there too.
    const room = Math.max(1, rows - 4);
    const shown = mostTelling(trials, room);
    const hidden = trials.length - shown.size;
    return [
      `${this.#study.name}: ${this.#label}`,
      ...lines.filter((_, index) => shown.has(index)),
      ...(hidden > 0 ? [`… and ${count(hidden, "more trial")}`] : []),
      this.#overall(now, columns),
    ].map((line) => clip(line, columns - 1));
  }

  #overall(now: number, columns: number): string {
    const { done, left } = this.#work();
    const share = done + left === 0 ? 0 : done / (done + left);
    const seconds = this.secondsLeft(now);
    const elapsed = duration((now - this.#began) / 1000);
    const time =
      seconds === null || left === 0 ? elapsed : `${elapsed}, about ${duration(seconds)} left`;
    const length = Math.max(0, Math.min(30, columns - time.length - 12));
    const filled = Math.floor(share * length);
    const bar = length < 5 ? "" : `${"█".repeat(filled)}${"░".repeat(length - filled)} `;
    return `${bar}${String(Math.floor(share * 100)).padStart(3)} %  ${time}`;
  }
}

function passesDone({ began, latest, reused }: TrialProgress): number {
  return reused || began === null || latest === null ? 0 : latest.pass - began.pass;
}

function passesLeft({ planned, latest, end }: TrialProgress): number {
  return end === null ? planned.trial.passes - (latest?.pass ?? 0) : 0;
}

/** Indices of the trials to show where there is room for `room`: those at work, then the waiting, then the ended. */
function mostTelling(trials: readonly TrialProgress[], room: number): Set<number> {
  const rank = ({ began, end }: TrialProgress) => (end !== null ? 2 : began === null ? 1 : 0);
  const order = trials.map((_, index) => index).sort((a, b) => rank(trials[a]) - rank(trials[b]));
  return new Set(order.slice(0, trials.length > room ? room - 1 : room));
}

function row(
  { planned, name, latest, end }: TrialProgress,
  nameWidth: number,
  show: (evaluation: Evaluation) => string,
): string {
  if (latest === null) return `${name.padEnd(nameWidth)}  waiting`;
  const { passes } = planned.trial;
  const pass = `${latest.pass}/${passes}`.padStart(String(passes).length * 2 + 1);
  return `${name.padEnd(nameWidth)}  ${pass}  ${show(latest)}${end === null ? "" : `  ${end}`}`;
}

function wideScores({ train, test }: Evaluation): string {
  const both = (score: Score) =>
    `${loss(score.objective).padStart(7)} ${percent(score).padStart(7)}`;
  return `train ${both(train)}   test ${both(test)}`;
}

function narrowScores({ train, test }: Evaluation): string {
  return `${percent(train).padStart(7)} ${percent(test).padStart(7)}`;
}

function scores({ train, test }: Evaluation): string {
  return (
    `train ${loss(train.objective)} ${percent(train)}, ` +
    `test ${loss(test.objective)} ${percent(test)}`
  );
}

/** Four decimals down to 0.001; what is smaller keeps its first two digits. */
function loss(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return (value !== 0 && value < 0.001) || value >= 100 ? value.toExponential(1) : value.toFixed(4);
}

/** Rounded down, so that 100 % means every example. */
function percent(score: Score): string {
  const share = accuracy(score);
  return share === 1 ? "100%" : `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
}

/** `12 s`, `3 min 20 s`, `2 h 05 min` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function clip(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, Math.max(0, length - 1))}…`;
}
