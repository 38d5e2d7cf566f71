// All that studies can name.

import { DATASETS } from "../data/sets/table.ts";
import type { StudyCatalogue } from "../study/catalogue.ts";
import type { Question } from "./question.ts";
import { QUESTIONS } from "./table.ts";

export interface Catalogue extends StudyCatalogue {
  readonly questions: Readonly<Record<string, Question>>;
}

/** As it comes with widthwise. */
export const CATALOGUE: Catalogue = { datasets: DATASETS, questions: QUESTIONS };
