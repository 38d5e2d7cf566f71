// What studies can name, by its name: passed in, so that more of each kind can be added from outside.

import type * as z from "zod";
import type { Named } from "../base/fields.ts";
import type { Datasets } from "../data/sets/set.ts";
import type { Study } from "./spec.ts";

/** What of a study decides whether a question can be answered, before anything is trained. */
export interface AskedStudy extends Pick<Study, "model" | "sweep"> {
  readonly training: Pick<Study["training"], "learning_rate" | "passes" | "batch">;
  readonly streams: { readonly kind: string; readonly seeds?: readonly number[] | undefined };
  readonly evaluate?: Study["evaluate"] | undefined;
  readonly measure?: Study["measure"] | undefined;
}

export type Needs = "search" | "sweep" | "perturbed" | "threshold" | "map" | "rates";

/** What a study needs to know of a question; questions/question.ts says what else it is. */
export interface StudyQuestion {
  /** Fields that it takes where a study asks it by a mapping. */
  readonly settings: z.ZodRawShape;
  /** Which trials it is answered from, or by which settings that is told. */
  readonly needs: Needs | ((settings: Readonly<Record<string, unknown>>) => Needs);
  /** Whether it draws a map, the points of which have more digits. */
  readonly isMap?: true;
  /** What the study lacks that the question is answered from, as the end of a refusal; null where it lacks nothing. */
  readonly lacks?: (
    study: AskedStudy,
    settings: Readonly<Record<string, unknown>>,
  ) => string | null;
}

export interface StudyCatalogue {
  readonly datasets: Datasets;
  readonly questions: Readonly<Record<string, StudyQuestion>>;
}

/** Which trials a question is answered from as it is asked. */
export function needsOf(
  { questions }: Pick<StudyCatalogue, "questions">,
  { name, ...settings }: Named,
): Needs {
  const { needs } = questions[name];
  return typeof needs === "function" ? needs(settings) : needs;
}
