// What the page draws of its trials: a line for each point, with a band over its seeds.

import { axisName, type Point } from "../../records/point.ts";
import type { Ending, Evaluation } from "../../records/record.ts";
import { accuracy } from "../../training/evaluate.ts";
import type { PlannedLine } from "../protocol.ts";

export interface LiveTrial extends PlannedLine {
  /** In the order of passes. */
  readonly rows: Evaluation[];
  readonly ending: Ending | null;
  /** 64 hex digits; null while it is trained. */
  readonly fingerprint: string | null;
}

export interface Line {
  /** Its values on the axes, the width first. */
  readonly name: string;
  readonly values: Point["values"];
  /** The same without the study. */
  readonly label: string;
  readonly width: number;
  /** Place of its values among those of all lines, from the narrowest on, and how many there are. */
  readonly index: number;
  readonly count: number;
  /** Where studies are laid over each other. */
  readonly study: LiveTrial["study"];
  readonly trials: readonly LiveTrial[];
}

export const MEASURES = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"] as const;
export type Measure = (typeof MEASURES)[number];

export function valueOf({ train, test }: Evaluation, measure: Measure): number {
  switch (measure) {
    case "train_loss":
      return train.objective;
    case "test_loss":
      return test.objective;
    case "train_accuracy":
      return accuracy(train);
    case "test_accuracy":
      return accuracy(test);
  }
}

/** The sweep's, in ascending order of width, study by study. */
export function linesOf(trials: Iterable<LiveTrial>): Line[] {
  const groups = new Map<string, LiveTrial[]>();
  for (const trial of trials) {
    if (trial.role === "search") continue;
    const group = JSON.stringify([trial.study?.place, trial.point.values]);
    groups.set(group, [...(groups.get(group) ?? []), trial]);
  }
  const lines = [...groups.values()].map((group) => {
    const { point, study } = group[0];
    const { width, ...others } = point.values;
    const axes = Object.keys(point.values);
    const named = Object.entries(others).map(
      ([axis, value]) => `${axisName(axis, axes)} ${textOf(value)}`,
    );
    const label = [...("width" in point.values ? [textOf(width)] : []), ...named].join(" · ");
    return {
      ...{ label, study, values: point.values, trials: group },
      name: study === undefined ? label : `${label} · ${study.name}`,
      width: typeof width === "number" ? width : 0,
    };
  });
  const labels = [...new Set(lines.toSorted(byWidth).map(({ label }) => label))];
  return lines
    .sort((a, b) => (a.study?.place ?? 0) - (b.study?.place ?? 0) || byWidth(a, b))
    .map((line) => ({ ...line, index: labels.indexOf(line.label), count: labels.length }));
}

/** In ascending order of rates. */
export function probesWith(probes: readonly LiveTrial[], probe: LiveTrial): LiveTrial[] {
  return [...probes.filter(({ key }) => key !== probe.key), probe].sort(
    (a, b) => a.learningRate - b.learningRate,
  );
}

function byWidth(a: Pick<Line, "width">, b: Pick<Line, "width">): number {
  return a.width - b.width;
}

function textOf(value: number | string): string {
  return String(value);
}

/** What tells lines apart, in words: "width", "width and batch". */
export function axesOf(lines: readonly Pick<Line, "values">[]): string {
  const axes = [...new Set(lines.flatMap(({ values }) => Object.keys(values)))];
  const varying = axes.filter((axis) => new Set(lines.map(({ values }) => values[axis])).size > 1);
  const told = varying.length === 0 ? axes.slice(0, 1) : varying;
  return told.map((axis) => axisName(axis, axes)).join(" and ");
}

/** Where a line has no values because its trials are not that far: how far they are; null where they are. */
export function endBefore({ trials }: Pick<Line, "trials">, pass: number): string | null {
  const last = Math.max(0, ...trials.map(({ rows }) => rows.at(-1)?.pass ?? 0));
  if (pass <= last) return null;
  const hasEnded = trials.every(({ fingerprint }) => fingerprint !== null);
  const diverged = hasEnded && trials.every(({ ending }) => ending?.kind === "diverged");
  return `${diverged ? "diverged after" : hasEnded ? "ended at" : "so far at"} pass ${last}`;
}

export interface Spread {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
}

/** Over the line's trials that were evaluated after this pass, or had been stopped by then; null where none was. */
export function spreadAt(
  { trials }: Pick<Line, "trials">,
  measure: Measure,
  pass: number,
): Spread | null {
  const values = trials.flatMap((trial) => {
    const row = keptAt(trial, pass);
    return row === undefined ? [] : [valueOf(row, measure)];
  });
  return spreadOf(values);
}

export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const half = sorted.length / 2;
  const middle = (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
  return { middle, low: sorted[0], high: sorted[sorted.length - 1] };
}

/** Rows of every pass are found at once, others by a search. */
export function rowAt(rows: readonly Evaluation[], pass: number): Evaluation | undefined {
  return rows.at(pass)?.pass === pass ? rows[pass] : rows.find((row) => row.pass === pass);
}

/** Of a trial that the study's rules stopped before this pass, its last row, which it keeps. */
function keptAt(trial: LiveTrial, pass: number): Evaluation | undefined {
  const last = trial.rows.at(-1);
  const isOver = last !== undefined && last.pass < pass;
  return isOver ? (hasFinished(trial) ? last : undefined) : rowAt(trial.rows, pass);
}

/** With all of its passes, or as many as the study's rules let it have. */
export function hasFinished({ ending, fingerprint }: LiveTrial): boolean {
  return fingerprint !== null && ending?.kind === "finished";
}

/** The first pass after which every training example is predicted right; null as long as there is none. */
export function interpolatedAt({ rows }: Pick<LiveTrial, "rows">): number | null {
  const known = LOOKED_AT.get(rows) ?? { rows: 0, pass: null };
  let { rows: looked, pass } = known;
  for (; pass === null && looked < rows.length; looked++)
    if (rows[looked].train.correct === rows[looked].train.examples) pass = rows[looked].pass;
  LOOKED_AT.set(rows, { rows: looked, pass });
  return pass;
}

/** How far rows, which only grow, have been looked through, and what was found. */
const LOOKED_AT = new WeakMap<readonly Evaluation[], { rows: number; pass: number | null }>();

/**
 * The pass at which a trial's misses would be down to half of one, were they to go on falling as fast as in the last half of
 * its passes: the logarithm of misses as a line, by least squares. null where they do not fall, or it cannot be told.
 */
export function estimatedAt({ rows }: Pick<LiveTrial, "rows">): number | null {
  const recent = rows.slice(-Math.max(4, Math.ceil(rows.length / 2)));
  const points = recent.flatMap(({ pass, train }) => {
    const misses = train.examples - train.correct;
    return misses > 0 ? [[pass, Math.log(misses)]] : [];
  });
  if (points.length < 4) return null;
  const mean = (of: number) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  let [covariance, variance] = [0, 0];
  for (const [pass, log] of points) {
    covariance += (pass - x) * (log - y);
    variance += (pass - x) ** 2;
  }
  const slope = covariance / variance;
  const last = points[points.length - 1][0];
  if (!(slope < 0)) return null;
  const at = x + (Math.log(0.5) - y) / slope;
  return Number.isFinite(at) && at < 1e5 ? Math.max(last + 1, Math.round(at)) : null;
}
