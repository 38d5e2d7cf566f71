// What studies can name, by its name: passed in, so that more of each kind can be added from outside.

import type * as z from "zod";
import type { Datasets } from "../data/sets/set.ts";

/** What a study needs to know of a question; questions/question.ts says what else it is. */
export interface StudyQuestion {
  /** Fields that it takes where a study asks it by a mapping. */
  readonly settings: z.ZodRawShape;
  /** Which trials it is answered from. */
  readonly needs: "search" | "sweep" | "threshold";
}

export interface StudyCatalogue {
  readonly datasets: Datasets;
  readonly questions: Readonly<Record<string, StudyQuestion>>;
}
