// What has been trained of the study that is shown, as it is told.

import type { AnswerLine, Event, Rows } from "../protocol.ts";
import { interpolatedAt, linesOf, probesWith, type Line, type LiveTrial } from "./lines.ts";
import { interpolationNote } from "./notes.ts";

type TrainedEvent = Extract<
  Event,
  { readonly kind: "planned" | "rows" | "ended" | "answer" | "note" }
>;

export class Trained {
  /** By their keys. */
  readonly trials = new Map<string, LiveTrial>();
  lines: readonly Line[] = [];
  /** What the search for the learning rate has tried, in the order of rates. */
  probes: readonly LiveTrial[] = [];
  /** What is told as it happens, the newest last. */
  notes: readonly string[];
  answer: AnswerLine | null = null;

  constructor(notes: readonly string[] = []) {
    this.notes = notes;
  }

  /** The newest pass of any line. */
  get newest(): number {
    return Math.max(
      0,
      ...this.lines.flatMap(({ trials }) => trials.map(({ rows }) => rows.at(-1)?.pass ?? 0)),
    );
  }

  add(event: TrainedEvent): void {
    switch (event.kind) {
      case "planned":
        for (const planned of event.trials)
          // A rate of the search may be the sweep's, too: then its first pass is there already.
          this.trials.set(planned.key, {
            ...planned,
            rows: this.trials.get(planned.key)?.rows ?? [],
            ...{ ending: null, fingerprint: null },
          });
        this.lines = linesOf(this.trials.values());
        break;
      case "rows":
        for (const { key, rows } of event.all) this.#addRows(key, rows);
        break;
      case "ended": {
        const { key, ending, fingerprint } = event;
        const trial = { ...this.#trial(key), ending, fingerprint };
        this.trials.set(key, trial);
        if (trial.role === "search") this.probes = probesWith(this.probes, trial);
        this.lines = linesOf(this.trials.values());
        break;
      }
      case "answer":
        this.answer = event.answer;
        break;
      case "note":
        this.notes = [...this.notes, event.message];
        break;
    }
  }

  #trial(key: string): LiveTrial {
    const trial = this.trials.get(key);
    if (trial === undefined) throw new Error(`no trial ${key} was planned`);
    return trial;
  }

  #addRows(key: string, rows: Rows["rows"]): void {
    const trial = this.#trial(key);
    const before = interpolatedAt(trial);
    trial.rows.push(...rows);
    const now = interpolatedAt(trial);
    if (trial.role === "search" || before !== null || now === null) return;
    const line = this.lines.find(({ trials }) => trials.includes(trial));
    this.notes = [...this.notes, interpolationNote(trial, line, now)];
  }
}
