// What is told as it happens, in sentences.

import { valuesText } from "../../records/point.ts";
import { passes } from "../view/words.ts";
import type { Line, LiveTrial } from "./lines.ts";

export function interpolationNote(
  { point }: LiveTrial,
  line: Line | undefined,
  at: number,
): string {
  const seed = line && line.trials.length > 1 ? `, seed ${String(point.seed)},` : "";
  const told = `${valuesText(point.values)}${seed} interpolates after ${passes(at)}.`;
  return told.charAt(0).toUpperCase() + told.slice(1);
}

/** `why` is empty where browsers do not tell. */
export function crashNote(why: string, isAgain: boolean): string {
  const then = isAgain
    ? "trains the study from its beginning, to the same bits"
    : "knows nothing of what was trained; Start trains it again, to the same bits";
  const reason = why === "" ? "" : ` (${why})`;
  return `The lab’s worker stopped${reason}; another one has taken its place, and ${then}.`;
}
