// All that studies can name, as it comes with widthwise.

import { DATASETS } from "../data/sets/table.ts";
import type { Catalogue } from "../study/catalogue.ts";

export const CATALOGUE: Catalogue = { datasets: DATASETS, questions: {} };
