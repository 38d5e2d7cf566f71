// What studies can name, by its name: passed in, so that more of each kind can be added from outside.

import type { Table } from "../base/fields.ts";
import type { Datasets } from "../data/sets/set.ts";

export interface Catalogue {
  readonly datasets: Datasets;
  /** What a study needs to know of questions; questions/question.ts says what else they are. */
  readonly questions: Table;
}
