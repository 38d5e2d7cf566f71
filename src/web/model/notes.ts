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
