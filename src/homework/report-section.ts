// A study beside the homework notebook's printed results, where the two can be compared.

import { passesToInterpolation } from "../analysis/interpolation.ts";
import { widthOf } from "../records/point.ts";
import { accuracy } from "../training/evaluate.ts";
import { NOTEBOOK_SEEDS, NOTEBOOK_STUDY } from "../study/plans/notebook-order.ts";
import { NOTEBOOK_PRINTED } from "./notebook-printed.ts";
import type { StudyResult } from "../study/result.ts";
import type { Block, Section } from "../document/document.ts";

/** What the notebook's model and training say; a study that says more trains something else. */
const SETTINGS = ["hidden", "init_std", "learning_rate", "regularization", "passes"];

/** Whether the study asks the notebook's question under the notebook's streams and seeds. */
export function isNotebooks({ study, learning_rate }: StudyResult): boolean {
  const { streams, model, training, dataset } = study;
  return (
    streams.kind === "notebook" &&
    streams.numpy_seed === NOTEBOOK_SEEDS.numpy &&
    streams.torch_seed === NOTEBOOK_SEEDS.torch &&
    (dataset.fraction ?? dataset.examples / 60_000) === 0.1 &&
    Object.keys({ ...model, ...training }).every((key) => SETTINGS.includes(key)) &&
    study.sweep.paths === undefined &&
    model.hidden.length === 1 &&
    model.hidden[0] === "width" &&
    model.init_std === 1e-6 &&
    training.regularization === 0 &&
    learning_rate === NOTEBOOK_PRINTED.learning_rate
  );
}

/** Ours beside the notebook's, for the widths that it has; null where a comparison would mean nothing. */
export function notebookSection(result: StudyResult): Section | null {
  const shared = result.outcomes.filter((outcome) =>
    NOTEBOOK_PRINTED.initial_accuracies.has(widthOf(outcome)),
  );
  if (!isNotebooks(result) || shared.length === 0) return null;
  return {
    id: "notebook",
    heading: "Beside the notebook's printed results",
    blocks: [
      {
        kind: "paragraph",
        text: [
          `The homework notebook printed these with NumPy seed ${NOTEBOOK_SEEDS.numpy} and torch seed ${NOTEBOOK_SEEDS.torch}. This study draws the same random numbers in the same order, so what comes before training agrees to the printed digits; what comes after a hundred passes agrees as far as rounding lets it.`,
        ],
      },
      searchTable(result),
      {
        kind: "table",
        caption: "Passes to interpolation, and accuracy before training (training set, test set)",
        columns: [
          { heading: "width", numeric: true },
          { heading: "passes: notebook", numeric: true },
          { heading: "here", numeric: true },
          { heading: "before training: notebook", numeric: true },
          { heading: "here", numeric: true },
        ],
        rows: shared.map(({ point, record }) => {
          const width = widthOf({ point });
          const initial = record.trajectory.at(0);
          const ours = initial ? [accuracy(initial.train), accuracy(initial.test)] : [];
          return [
            [String(width)],
            [String(NOTEBOOK_PRINTED.passes_to_interpolation.get(width) ?? "never")],
            [String(passesToInterpolation(record) ?? within(result.study.training.passes))],
            [pair(NOTEBOOK_PRINTED.initial_accuracies.get(width) ?? [])],
            [pair(ours)],
          ];
        }),
      },
    ],
  };
}

function searchTable(result: StudyResult): Block {
  const probe = result.search?.probes.find(
    ({ learning_rate, record }) =>
      learning_rate === NOTEBOOK_PRINTED.eta_star && record.specification.model.hidden[0] === 32,
  );
  const after = probe?.record.trajectory.find(({ pass }) => pass === 1);
  const printed = NOTEBOOK_PRINTED.streams[1].after;
  return {
    kind: "table",
    caption: "The learning rate",
    columns: [
      { heading: "", numeric: false },
      { heading: "notebook", numeric: true },
      { heading: "here", numeric: true },
    ],
    rows: [
      ...(result.search === null
        ? []
        : [[["η*"], [String(NOTEBOOK_PRINTED.eta_star)], [String(result.search.eta_star)]]]),
      [
        ["learning rate used"],
        [String(NOTEBOOK_PRINTED.learning_rate)],
        [String(result.learning_rate)],
      ],
      ...(after === undefined || printed === null
        ? []
        : [
            [
              ["loss after one pass at 0.01 (training set, test set)"],
              [pair([printed.train_loss, printed.test_loss])],
              [pair([after.train.objective, after.test.objective])],
            ],
            [
              ["accuracy after one pass at 0.01"],
              [pair([printed.train_accuracy, printed.test_accuracy])],
              [pair([accuracy(after.train), accuracy(after.test)])],
            ],
          ]),
    ],
  };
}

function within(passes: number): string {
  return passes >= NOTEBOOK_STUDY.passes ? "never" : `not within ${passes}`;
}

/** Three digits after the point, as the notebook prints. */
function pair(values: readonly (number | null)[]): string {
  return values.map((value) => value?.toFixed(3) ?? "nan").join(", ");
}
