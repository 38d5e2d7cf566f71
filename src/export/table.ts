// Trajectories as a table: one row for each trial and pass, in flat columns whose names, order and meaning are a
// promise (docs/exports.md). Knows nothing of file formats.

import { measure } from "../analysis/bands.ts";
import type { Outcome } from "../analysis/outcome.ts";
import { widthOf, type Point } from "../records/point.ts";
import { PARTS } from "./parts.ts";
import type { Ending, Evaluation, TrialRecord } from "../records/record.ts";

/** A trial as it is exported. */
export interface ExportedTrial extends Omit<Outcome, "record"> {
  /** Names of the studies that asked for it; may be empty. */
  readonly studies: readonly string[];
  readonly record: Pick<TrialRecord, "key" | "specification" | "trajectory"> & {
    /** null while it is not trained to its end. */
    readonly ending: Ending | null;
  };
}

/** A row: an evaluation and the trial that it is of. */
export interface Row {
  readonly trial: ExportedTrial;
  readonly evaluation: Evaluation;
}

/** `double`s may be NaN or infinite; null is a value that does not apply. */
export type Column =
  | { readonly name: string; readonly type: "text"; readonly of: (row: Row) => string | null }
  | {
      readonly name: string;
      readonly type: "integer" | "double";
      readonly of: (row: Row) => number | null;
    };

/** All columns: what the trial is, how it ended, what the evaluation says, and, added since, the trial's parts. */
export const COLUMNS: readonly Column[] = [
  text("study", ({ trial }) => (trial.studies.length === 0 ? null : trial.studies.join(" "))),
  integer("width", ({ trial }) => widthOf(trial)),
  text("hidden", ({ trial }) => JSON.stringify(specification(trial).model.hidden)),
  double("init_std", ({ trial }) => {
    const { init_std } = specification(trial).model;
    return typeof init_std === "number" ? init_std : null;
  }),
  integer("perturbation", ({ trial }) => specification(trial).model.perturbation ?? null),
  text("streams", ({ trial }) => specification(trial).streams.kind),
  integer("study_seed", ({ trial }) => named(trial)?.study_seed ?? null),
  integer("seed", ({ trial }) => named(trial)?.seed ?? null),
  integer("numpy_seed", ({ trial }) => notebook(trial)?.numpy_seed ?? null),
  integer("torch_seed", ({ trial }) => notebook(trial)?.torch_seed ?? null),
  double("learning_rate", ({ trial }) => specification(trial).training.learning_rate),
  double("regularization", ({ trial }) => specification(trial).training.regularization),
  text("dataset", ({ trial }) => specification(trial).data.dataset),
  integer("train_examples", ({ trial }) => specification(trial).data.train_examples),
  integer("test_examples", ({ evaluation }) => evaluation.test.examples),
  integer("numerics", ({ trial }) => specification(trial).numerics),
  text("key", ({ trial }) => trial.record.key),
  text("outcome", ({ trial }) =>
    trial.stopped ? "stopped" : (trial.record.ending?.kind ?? "unfinished"),
  ),
  integer("diverged_pass", ({ trial }) => divergence(trial)?.pass ?? null),
  integer("diverged_step", ({ trial }) => divergence(trial)?.step ?? null),
  integer("pass", ({ evaluation }) => evaluation.pass),
  double("train_loss", ({ evaluation }) => measure(evaluation, "train_loss")),
  double("train_accuracy", ({ evaluation }) => measure(evaluation, "train_accuracy")),
  double("test_loss", ({ evaluation }) => measure(evaluation, "test_loss")),
  double("test_accuracy", ({ evaluation }) => measure(evaluation, "test_accuracy")),
  integer("train_correct", ({ evaluation }) => evaluation.train.correct),
  integer("test_correct", ({ evaluation }) => evaluation.test.correct),
  text("fingerprint", ({ evaluation }) => evaluation.fingerprint),
  ...["activation", "objective", "optimizer"].map(part),
  double("momentum", ({ trial }) => {
    const { optimizer } = specification(trial).training;
    if (optimizer === undefined) return 0;
    return optimizer.kind === "sgd" ? optimizer.momentum : null;
  }),
  integer("batch", ({ trial }) => specification(trial).training.batch ?? 1),
  ...["order", "schedule", "init", "layer_rates", "label_noise", "part"].map(part),
];

/** Behind them those of what was measured of the trials, by their names. */
export function columnsOf(measured: Iterable<string>): Column[] {
  return [
    ...COLUMNS,
    ...[...measured].map((name) =>
      double(
        name,
        ({ trial, evaluation }) => trial.measured?.get(name)?.get(evaluation.pass) ?? null,
      ),
    ),
  ];
}

/** A column for each axis but the width, by its path: of numbers, or else of text; null where a trial has no such axis. */
export function axisColumns(points: readonly Point[]): Column[] {
  const axes = new Set(points.flatMap(({ values }) => Object.keys(values)));
  axes.delete("width");
  return [...axes].map((name) => {
    const of = ({ trial }: Row) => trial.point.values[name] as number | string | undefined;
    return points.every(({ values }) => typeof (values[name] ?? 0) === "number")
      ? { name, type: "double", of: (row) => (of(row) ?? null) as number | null }
      : { name, type: "text", of: (row) => of(row)?.toString() ?? null };
  });
}

/** One row for each pass. */
export function rowsOf(trial: ExportedTrial): Row[] {
  return trial.record.trajectory.map((evaluation) => ({ trial, evaluation }));
}

/** Makes a file trial by trial: the pieces in their order are the file. */
export interface TableWriter<Piece extends string | Uint8Array> {
  add(trial: ExportedTrial): Piece;
  end(): Piece;
}

function text(name: string, of: (row: Row) => string | null): Column {
  return { name, type: "text", of };
}

function integer(name: string, of: (row: Row) => number | null): Column {
  return { name, type: "integer", of };
}

function double(name: string, of: (row: Row) => number | null): Column {
  return { name, type: "double", of };
}

function part(name: string): Column {
  return text(name, ({ trial }) => PARTS[name](specification(trial)));
}

function specification(trial: ExportedTrial): TrialRecord["specification"] {
  return trial.record.specification;
}

function named(trial: ExportedTrial) {
  const { streams } = specification(trial);
  return streams.kind === "named" ? streams : null;
}

function notebook(trial: ExportedTrial) {
  const { streams } = specification(trial);
  return streams.kind === "notebook" ? streams : null;
}

function divergence({ record: { ending } }: ExportedTrial) {
  return ending?.kind === "diverged" ? ending : null;
}
