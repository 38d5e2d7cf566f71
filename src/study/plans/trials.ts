// Trials that a plan asks for at once: held where they are few, and made whenever they are looked at where they are many.

import type { Trial } from "../../model/trial.ts";
import type { Point } from "../../records/point.ts";
import type { StudyTrial } from "../../records/store.ts";

export interface PlannedTrial {
  /** What the trial is asked for. */
  readonly role: StudyTrial["role"];
  readonly point: Point;
  readonly trial: Trial;
}

/** In their order. Few of them are the same objects whenever they are looked at. */
export interface Trials extends Iterable<PlannedTrial> {
  readonly length: number;
}

/** Trials that are held at once. */
export const MOST_HELD = 5_000;

/** The `length` trials that `make` gives, each time the same. */
export function trialsFrom(length: number, make: () => Iterator<PlannedTrial>): Trials {
  const trials = { length, [Symbol.iterator]: make };
  return length > MOST_HELD ? trials : [...trials];
}

/** Those of the first, then those of the second, … */
export function inTurn(parts: readonly Trials[]): Trials {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return trialsFrom(length, function* () {
    for (const part of parts) yield* part;
  });
}

/** Those whose place has a mark. */
export function marked(trials: Trials, marks: Uint8Array): Trials {
  const length = marks.reduce((sum, mark) => sum + mark, 0);
  return trialsFrom(length, function* () {
    let place = 0;
    for (const planned of trials) if (marks[place++] === 1) yield planned;
  });
}

/** As many at once as are held, one set after the other. */
export function* inSets(trials: Trials): Generator<readonly PlannedTrial[]> {
  let set: PlannedTrial[] = [];
  for (const planned of trials) {
    set.push(planned);
    if (set.length < MOST_HELD) continue;
    yield set;
    set = [];
  }
  if (set.length > 0) yield set;
}
