// What it is to be a question: which trials it needs, and how its answer is told.

import type * as z from "zod";
import type { Outcome } from "../analysis/outcome.ts";
import { summarizePoints, type PointSummary } from "../analysis/summary.ts";
import type { Block, Section, Text } from "../document/document.ts";
import type { FigureSize } from "../figures/size.ts";
import type { Figure } from "../figures/svg.ts";
import { pointKey } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";
import type { StudyQuestion } from "../study/catalogue.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";

/** A study's outcomes, and what most questions ask of them. */
export interface Findings {
  readonly result: StudyResult;
  readonly points: readonly PointSummary[];
  /** Whether several trials stand behind a point, so that answers are counts. */
  readonly several: boolean;
}

export function findingsOf(result: StudyResult): Findings {
  const points = summarizePoints(result.outcomes);
  return { result, points, several: points.some(({ trials }) => trials.length > 1) };
}

/** A number to be seen first. */
export type Fact = Extract<Block, { kind: "facts" }>["facts"][number];

/** What a question finds, in every form in which it is told; what is left out has nothing to tell there. */
export interface Answer {
  readonly facts?: readonly Fact[];
  readonly sentences?: readonly Text[];
  /** What these hold under; told after all answers. */
  readonly conditions?: readonly Text[];
  /** The answer in a few words, of a study with one trial for each point. */
  readonly claim?: string;
  /** At the end of a run on a terminal. */
  readonly lines?: readonly string[];
  /** Of the report; the figures stand at its end. */
  readonly section?: Section;
  /** Of the names that the question gives. */
  readonly draw?: (size: FigureSize) => readonly [Figure, ...Figure[]];
  /** Fields of summary.json. */
  readonly summary?: Readonly<Record<string, unknown>>;
}

export interface Question extends StudyQuestion {
  /** Names of the figures' files, known before anything is trained. */
  figures(study: Study, size: "paper" | "slide"): readonly string[];
  answer(findings: Findings, settings: Readonly<Record<string, unknown>>): Answer;
}

/** A question whose settings have the types that its fields say. */
export function question<Settings extends z.ZodRawShape>(
  asked: Omit<Question, "settings" | "answer"> & {
    readonly settings: Settings;
    answer(findings: Findings, settings: z.output<z.ZodObject<Settings>>): Answer;
  },
): Question {
  return asked;
}

/** One value for each point, by its key: with several seeds an array of them in the order of the seeds. */
export function byPoint<Value>(
  { points, several }: Findings,
  of: (record: TrialRecord, outcome: Outcome) => Value,
): Record<string, Value | Value[]> {
  return Object.fromEntries(
    points.map(({ trials }) => {
      const values = trials.map(({ outcome }) => of(outcome.record, outcome));
      return [pointKey(trials[0].outcome.point), several ? values : values[0]];
    }),
  );
}

/** Trials that summary.json tells one by one; trajectories.csv has the others. */
export const MOST_TRIALS_TOLD = 2000;

/** Whether the study asks for widths, so that another one could have been trained. */
export function isSwept({ result }: Findings): boolean {
  return result.study.sweep.width.length > 0;
}

export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
