/**
 * widthwise's core as a library, in the order in which data flows: study → trials → training → records → analysis →
 * figures → report. It runs anywhere; every effect (data, workers, store, clock, SHA-256) is passed in. `widthwise/node` has
 * it with Node's: data sets from files and mirrors, worker threads, the store in a file, figures as pixels.
 *
 * @module
 */

// Studies: a question as a file.
export { parseStudy } from "./study/language/parse.ts";
export type { Study } from "./study/spec.ts";

// What studies can name: data sets and questions, and how others are added.
export { CATALOGUE, type Catalogue } from "./questions/catalogue.ts";
export {
  byPoint,
  question,
  type Answer,
  type Fact,
  type Findings,
  type Question,
} from "./questions/question.ts";
export { answered, reportFileNames, type Answered } from "./questions/asked.ts";
export type { Block, Inline, Section, Text } from "./document/document.ts";

// Data.
export {
  generated,
  published,
  type DatasetEntry,
  type DataSource,
  type Datasets,
  type GenerationContext,
  type OwnFile,
} from "./data/sets/set.ts";
export type { DownloadProgress } from "./data/sources/source.ts";
export type { Dataset, LabelledExamples, LoadedDataset } from "./data/dataset.ts";

// Trials and the workers that train them.
export type {
  EarlierTraining,
  NamedStreams,
  NotebookStreams,
  Trial,
  TrialSpecification,
} from "./model/trial.ts";
export { trainOn, type Pool, type Turn, type TurnOptions } from "./pool/pool.ts";
export type { Parameters } from "./model/network.ts";

// Records.
export type {
  Checkpoint,
  Ending,
  Evaluation,
  ResumePoint,
  TrainedPass,
  TrajectoryRow,
  TrialEnd,
  TrialRecord,
} from "./records/record.ts";
export { accuracy, type Score } from "./training/evaluate.ts";
export type {
  StudyUse,
  Claim,
  Collected,
  DatasetFacts,
  TrialUpdate,
  KeptStudy,
  RecordStore,
  StoreTotals,
  StudyFacts,
  StudyLedger,
  StudyPlan,
  StudyTotals,
  StudyTrial,
  TrialFacts,
  TrialStore,
} from "./records/store.ts";
export type { Point } from "./records/point.ts";
export { MemoryStore } from "./records/memory-store.ts";
export type { Sitting } from "./records/sitting.ts";
export { trialKey } from "./records/fingerprint.ts";
export type { Sha256 } from "./base/sha256.ts";

// Running a study.
export { withGiven, type GivenContext } from "./study/given.ts";
export { runStudy, type StudyContext, type StudyEvent } from "./study/run.ts";
export type { StudyResult } from "./study/result.ts";
export type { PlannedTrial } from "./study/plans/plan.ts";
export type { LearningRateAnswer, Probe } from "./study/plans/learning-rate.ts";
export {
  notebookTrial,
  replayEnsemble,
  replayNotebook,
  type Ensemble,
  type Replay,
  type ReplayContext,
  type ReplayedStream,
  type Scores,
} from "./homework/replay.ts";

// Analysis: reads records, nothing else.
export type { Outcome } from "./analysis/outcome.ts";
export {
  missesAfterInterpolation,
  passesToInterpolation,
  smallestInterpolatingWidth,
} from "./analysis/interpolation.ts";
export { summarizePoints, type TrialSummary, type PointSummary } from "./analysis/summary.ts";
export { bands, type Band, type BandPoint, type Measure, type Spread } from "./analysis/bands.ts";

// Figures and report.
export { curvesFigure } from "./figures/curves/curves.ts";
export { interpolationFigure } from "./figures/interpolation.ts";
export { learningRateFigure } from "./figures/learning-rate.ts";
export type { Figure } from "./figures/svg.ts";
export type { Provenance } from "./report/provenance.ts";

// Exports: trajectories as tables, weights as files (docs/exports.md).
export {
  COLUMNS as TRAJECTORY_COLUMNS,
  type Column,
  type ExportedTrial,
  type Row as ExportedRow,
  type TableWriter,
} from "./export/table.ts";
export { csvWriter } from "./export/csv.ts";
export { jsonWriter } from "./export/json.ts";
export { parquetWriter } from "./export/parquet.ts";
export { npz } from "./export/npz.ts";
export { safetensors } from "./export/safetensors.ts";

// Failures.
export { InputError, WidthwiseError } from "./base/errors.ts";
