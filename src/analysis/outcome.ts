// A record and its place in a study.

import { lossUnit } from "../model/parts.ts";
import type { MeasuredColumns } from "../records/measured.ts";
import type { Point } from "../records/point.ts";
import type { TrialRecord } from "../records/record.ts";

export interface Outcome {
  readonly point: Point;
  readonly record: TrialRecord;
  /** Whether the study's rules ended it before its passes. */
  readonly stopped?: true;
  /** Left out where nothing is measured. */
  readonly measured?: MeasuredColumns;
}

/** What was measured at the outcome's last row; null where that is nothing. */
export function lastMeasured({ record, measured }: Outcome, column: string): number | null {
  const pass = record.trajectory.at(-1)?.pass ?? 0;
  return measured?.get(column)?.get(pass) ?? null;
}

/** What their losses are measured in. */
export function lossUnits(outcomes: readonly Outcome[]): string {
  const units = outcomes.map(({ record }) => lossUnit(record.specification.training));
  return units.length === 0 ? lossUnit({}) : [...new Set(units)].join(" or ");
}
