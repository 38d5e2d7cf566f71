// The homework notebook's printed results, and whether a study may be compared with them.

import { passesToInterpolation } from "../analysis/interpolation.ts";
import { accuracy } from "../training/evaluate.ts";
import type { StudyResult } from "../study/run.ts";
import type { Block, Section } from "./document.ts";

/** Printed by the notebook with NumPy seed 1 and torch seed 0, its cells run in order, in float32. */
const NOTEBOOK = {
  numpy_seed: 1,
  torch_seed: 0,
  eta_star: 0.01,
  learning_rate: 0.005,
  passes: 100,
  /** Losses and accuracies of width 32 after one pass at 0.01. */
  after_one_pass: {
    train_loss: 0.561,
    train_accuracy: 0.794,
    test_loss: 0.649,
    test_accuracy: 0.781,
  },
  /** Passes to interpolation, and accuracies on training and test set before training. */
  widths: new Map<number, { passes: number | null; initial: readonly [number, number] }>([
    [8, { passes: null, initial: [0.114, 0.111] }],
    [16, { passes: null, initial: [0.102, 0.098] }],
    [32, { passes: 53, initial: [0.157, 0.148] }],
    [128, { passes: 41, initial: [0.123, 0.117] }],
    [512, { passes: 34, initial: [0.132, 0.137] }],
  ]),
} as const;

/** Whether the study asks the notebook's question under the notebook's streams and seeds. */
function isNotebooks({ study, learning_rate }: StudyResult): boolean {
  const { streams, model, training, dataset } = study;
  return (
    streams.kind === "notebook" &&
    streams.numpy_seed === NOTEBOOK.numpy_seed &&
    streams.torch_seed === NOTEBOOK.torch_seed &&
    dataset.fraction === 0.1 &&
    model.hidden.length === 1 &&
    model.hidden[0] === "width" &&
    model.init_std === 1e-6 &&
    training.regularization === 0 &&
    learning_rate === NOTEBOOK.learning_rate
  );
}

/** Ours beside the notebook's, for the widths that it has; null where a comparison would mean nothing. */
export function notebookSection(result: StudyResult): Section | null {
  const shared = result.outcomes.filter(({ width }) => NOTEBOOK.widths.has(width));
  if (!isNotebooks(result) || shared.length === 0) return null;
  return {
    id: "notebook",
    heading: "Beside the notebook's printed results",
    blocks: [
      {
        kind: "paragraph",
        text: [
          `The homework notebook printed these with NumPy seed ${NOTEBOOK.numpy_seed} and torch seed ${NOTEBOOK.torch_seed}. This study draws the same random numbers in the same order, so what comes before training agrees to the printed digits; what comes after a hundred passes agrees as far as rounding lets it.`,
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
        rows: shared.map(({ width, record }) => {
          const printed = NOTEBOOK.widths.get(width);
          const initial = record.trajectory.at(0);
          const ours = initial ? [accuracy(initial.train), accuracy(initial.test)] : [];
          return [
            [String(width)],
            [String(printed?.passes ?? "never")],
            [String(passesToInterpolation(record) ?? within(result.study.training.passes))],
            [pair(printed?.initial ?? [])],
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
      learning_rate === NOTEBOOK.eta_star && record.specification.model.hidden[0] === 32,
  );
  const after = probe?.record.trajectory.find(({ pass }) => pass === 1);
  const printed = NOTEBOOK.after_one_pass;
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
        : [[["η*"], [String(NOTEBOOK.eta_star)], [String(result.search.eta_star)]]]),
      [["learning rate used"], [String(NOTEBOOK.learning_rate)], [String(result.learning_rate)]],
      ...(after === undefined
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
  return passes >= NOTEBOOK.passes ? "never" : `not within ${passes}`;
}

/** Three digits after the point, as the notebook prints. */
function pair(values: readonly number[]): string {
  return values.map((value) => value.toFixed(3)).join(", ");
}
