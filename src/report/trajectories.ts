// trajectories.csv: every evaluation of a study as a tidy table, one row per point and pass: the width, the seed, what is
// measured, and the other axes that the study sweeps.

import type { Outcome } from "../analysis/outcome.ts";
import { csvWriter } from "../export/csv.ts";
import { axisColumns, columnsOf } from "../export/table.ts";

/** Within one study these tell its trials apart; `widthwise export` has all columns. */
const NAMES = [
  "width",
  "seed",
  "pass",
  "train_loss",
  "train_accuracy",
  "test_loss",
  "test_accuracy",
  "train_correct",
  "test_correct",
  "fingerprint",
];

/** In pieces, as src/export/csv.ts writes it; the seed is empty under the notebook's streams. */
export function* trajectoriesCsv(outcomes: readonly Outcome[]): Generator<string> {
  const measured = [...(outcomes.at(0)?.measured?.keys() ?? [])];
  const columns = [
    ...columnsOf(measured).filter(({ name }) => NAMES.includes(name) || measured.includes(name)),
    ...axisColumns(outcomes.map(({ point }) => point)),
  ];
  const file = csvWriter(columns);
  for (const outcome of outcomes) yield file.add({ ...outcome, studies: [] });
  yield file.end();
}
