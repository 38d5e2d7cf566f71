// trajectories.csv: every evaluation as a tidy table (RFC 4180), one row per width, seed and pass.

import { measure } from "../analysis/bands.ts";
import type { Outcome } from "../analysis/outcome.ts";

const COLUMNS = [
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
] as const;

/**
 * Numbers have all their digits; losses may be NaN, Infinity or -Infinity, and the seed is empty under
 * the notebook's streams. Nothing needs quotes: every field is a number, a hash or empty.
 */
export function trajectoriesCsv(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ width, seed, record }) =>
    record.trajectory.map((evaluation) => [
      width,
      seed ?? "",
      evaluation.pass,
      measure(evaluation, "train_loss"),
      measure(evaluation, "train_accuracy"),
      measure(evaluation, "test_loss"),
      measure(evaluation, "test_accuracy"),
      evaluation.train.correct,
      evaluation.test.correct,
      evaluation.fingerprint,
    ]),
  );
  return [COLUMNS, ...rows].map((row) => row.map(field).join(",") + "\r\n").join("");
}

/** Quoted where the text has a comma, a quote or a line break. */
function field(value: string | number): string {
  const written = String(value);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}
