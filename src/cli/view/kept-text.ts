// How what is kept is told: sizes, times, keys, and how far a trial is.

import type { TrialFacts } from "../../records/store.ts";
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

/** How far a trial is, where `asked` passes are asked for; null where it has not begun. */
export function outcome(
  facts: TrialFacts | null,
  asked: number,
): "finished" | "diverged" | "unfinished" | "missing" {
  if (facts === null) return "missing";
  if (facts.ending.kind === "diverged" && facts.ending.pass <= asked) return "diverged";
  return facts.passes >= asked ? "finished" : "unfinished";
}

/** The number of passes that a whole trial is asked for by: a diverged one ends within a pass that it has not. */
export function wholePasses({ ending, passes }: TrialFacts): number {
  return ending.kind === "diverged" ? ending.pass : passes;
}

/** What is wrong with a trial where another data set is at hand than its own. */
export function trainedOnAnother({ data }: TrialSpecification): string {
  return `it was trained on another data set (digest ${short(data.dataset)}); name where that one lies with --data`;
}
