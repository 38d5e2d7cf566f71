// Trials so many that each one's progress would be noise: how far all of them are, and how many at each point.

import { timeLeft } from "../../base/numbers.ts";
import { passCost } from "../../kernel/cost.ts";
import { shapeOf, type StopRules } from "../../model/trial.ts";
import { pointText } from "../../records/point.ts";
import { lastPass, type TrialRecord } from "../../records/record.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import type { StudyEvent } from "../../study/run.ts";

/** Trials that are alike but for their seeds. */
interface Group {
  readonly name: string;
  /** Of a pass, in multiply-adds. */
  readonly passCost: number;
  size: number;
  ended: number;
  kept: number;
  diverged: number;
}

type Counts = Pick<Group, "size" | "ended" | "kept" | "diverged">;

/** Milliseconds of work before a rate means anything. */
export const SETTLING = 2000;

export class Crowd {
  readonly #began: number;
  readonly #groups = new Map<string, Group>();
  /** Passes of the trials under way. */
  readonly #passes = new Map<PlannedTrial, number>();
  readonly #all: Counts = { size: 0, ended: 0, kept: 0, diverged: 0 };
  /** Cost done in this run, and cost to do if no trial ends early; what an earlier run did counts as neither. */
  #done = 0;
  #left = 0;
  /** Cost of the trials that have ended, wherever, and what it would be if none had ended early. */
  readonly #ended = { trained: 0, asked: 0 };
  #told = 0;

  /** `now` is in milliseconds here and everywhere. */
  constructor({ trials, dataset }: Extract<StudyEvent, { kind: "planned" }>, now: number) {
    this.#began = now;
    for (const planned of trials) {
      const { trial } = planned;
      const name = nameOf(planned);
      const { data, training } = trial.specification;
      const group = this.#groups.get(name) ?? {
        name,
        passCost: passCost(
          shapeOf(trial, dataset),
          data.train_examples,
          dataset.test.examples,
          training,
        ),
        ...{ size: 0, ended: 0, kept: 0, diverged: 0 },
      };
      this.#groups.set(name, group);
      for (const counts of [group, this.#all]) counts.size++;
      this.#left += trial.passes * group.passCost;
    }
  }

  /** Cost done and cost to do in this run; trials to come end as early as those that have ended did. */
  get work(): { readonly done: number; readonly left: number } {
    const { trained, asked } = this.#ended;
    return { done: this.#done, left: this.#left * (asked === 0 ? 1 : trained / asked) };
  }

  /** Takes an event in, and returns a line where the next hundredth of the work is done. */
  observe(event: Exclude<StudyEvent, { kind: "planned" }>, now: number): string[] {
    const { kind, planned } = event;
    const group = this.#groups.get(nameOf(planned));
    if (group === undefined || kind === "elsewhere") return [];
    const before = this.#passes.get(planned) ?? 0;
    const advance = (pass: number, isDone: boolean) => {
      const cost = (pass - before) * group.passCost;
      this.#left -= cost;
      if (isDone) this.#done += cost;
    };
    if (kind === "ended") {
      const hasDiverged = event.record.ending.kind === "diverged";
      this.#passes.delete(planned);
      const { passes, stop } = planned.trial;
      const trained = passesOf(event.record, passes, stop);
      advance(trained, !event.reused);
      this.#left -= (passes - trained) * group.passCost;
      this.#ended.trained += trained * group.passCost;
      this.#ended.asked += passes * group.passCost;
      for (const counts of [group, this.#all]) {
        counts.ended++;
        counts.kept += Number(event.reused);
        counts.diverged += Number(hasDiverged);
      }
    } else {
      const { pass } = kind === "resumed" ? event.evaluation : event.row.evaluation;
      this.#passes.set(planned, pass);
      advance(pass, kind === "passed");
    }
    return this.#line(now);
  }

  #line(now: number): string[] {
    const { done, left } = this.work;
    const { size, ended } = this.#all;
    const percent = ended === size ? 100 : Math.min(99, Math.floor((100 * done) / (done + left)));
    if (!(percent > this.#told)) return [];
    this.#told = percent;
    const seconds = this.secondsLeft(now);
    const time = seconds === null || ended === size ? "" : `; ${timeLeft(seconds)}`;
    return [`${percent} %: ${counted(this.#all)}${time}`];
  }

  /** At the rate so far; null before that means anything. */
  secondsLeft(now: number): number | null {
    const { done, left } = this.work;
    const elapsed = now - this.#began;
    return done === 0 || elapsed < SETTLING ? null : (left * elapsed) / done / 1000;
  }

  /** A row for each group, as far as they fit into `room`. */
  lines(room: number): string[] {
    const groups = [...this.#groups.values()];
    const names = Math.max(...groups.map(({ name }) => name.length));
    const rows = groups.map((group) => `${group.name.padEnd(names)}  ${counted(group)}`);
    if (rows.length <= room) return rows;
    const hidden = rows.length - room + 1;
    return [...rows.slice(0, room - 1), `… and ${hidden} more points`];
  }
}

/** That an ended trial has; its rows are read only where rules may have stopped it. */
function passesOf(record: TrialRecord, asked: number, stop: StopRules | undefined): number {
  if (record.ending.kind === "diverged") return record.ending.pass;
  return stop === undefined ? asked : lastPass(record);
}

/** Of its group. */
function nameOf({ point }: PlannedTrial): string {
  return pointText({ ...point, seed: null });
}

function counted({ size, ended, kept, diverged }: Counts): string {
  return [
    `${ended} of ${size} trials`,
    ...(kept > 0 ? [`${kept} taken from the store`] : []),
    ...(diverged > 0 ? [`${diverged} diverged`] : []),
  ].join(", ");
}
