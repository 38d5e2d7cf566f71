// How what is kept is told: sizes, times, keys, and how far a trial is.

import { evaluationOf, isStopped, lastPass, type Evaluation } from "../../records/record.ts";
import type { RecordStore, StudyTrial, TrialFacts } from "../../records/store.ts";
import type { TrialSpecification } from "../../model/trial.ts";

/** Digits of a key or of a study's id that are shown, and that tell them apart in any store that fits on a disk. */
const DIGITS = 12;

/** The beginning of a key or of a study's id. */
export function short(digits: string): string {
  return digits.slice(0, DIGITS);
}

/** 512 B, 3.4 kB, 12 MB: two digits at least. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** 2026-11-24 02:18, UTC, of an ISO 8601 time. */
export function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}

/** What a study asks of a trial. */
export type Asked = Pick<StudyTrial, "passes" | "stop">;

export type Outcome = "finished" | "diverged" | "stopped" | "unfinished" | "missing";

/** How far a trial is that is asked for. */
export interface Reached {
  readonly outcome: Outcome;
  /** Passes trained, and the last evaluation; null where it has not begun. */
  readonly passes: number | null;
  readonly last: Evaluation | null;
}

/** `facts` of the trial; null where it has not begun. Its rows are read only where these do not tell. */
export async function reached(
  store: Pick<RecordStore, "get">,
  facts: TrialFacts | null,
  { passes, stop }: Asked,
): Promise<Reached> {
  if (facts === null) return { outcome: "missing", passes: null, last: null };
  const { key, ending, specification, last } = facts;
  const hasDiverged = ending.kind === "diverged" && ending.pass <= passes;
  const isTold = stop === undefined && (hasDiverged || facts.passes === passes);
  if (isTold) return { outcome: ending.kind, passes: facts.passes, last };
  const couldHave = facts.passes > passes || stop !== undefined || specification.evaluate;
  const record = couldHave ? await store.get(key, passes, stop) : null;
  if (record === null) return { outcome: "unfinished", passes: facts.passes, last };
  return {
    outcome: isStopped(record, passes) ? "stopped" : record.ending.kind,
    ...{ passes: lastPass(record), last: evaluationOf(record, lastPass(record)) },
  };
}

/** The number of passes that a whole trial is asked for by: a diverged one ends within a pass that it has not. */
export function wholePasses({ ending, passes }: TrialFacts): number {
  return ending.kind === "diverged" ? ending.pass : passes;
}

/** What is wrong with a trial where another data set is at hand than its own. */
export function trainedOnAnother({ data }: TrialSpecification): string {
  return `it was trained on another data set (digest ${short(data.dataset)}); name where that one lies with --data`;
}
