// Every measurement, by its name in studies.

import { brierScore } from "./brier-score.ts";
import { deadUnits } from "./dead-units.ts";
import { margin } from "./margin.ts";
import type { Measurement } from "./measurement.ts";
import { distance, weightNorms } from "./norms.ts";
import { preactivations } from "./preactivations.ts";
import { predictions } from "./predictions.ts";
import { sharpness } from "./sharpness.ts";

export const MEASUREMENTS = {
  sharpness: sharpness(),
  "weight norms": weightNorms,
  distance,
  "dead units": deadUnits,
  preactivations,
  margin,
  "brier score": brierScore,
  predictions,
} as const satisfies Record<string, Measurement>;

export type MeasurementName = keyof typeof MEASUREMENTS;

/** A measurement as studies say it: its name, or with settings. */
export type MeasurementChoice =
  MeasurementName | { readonly sharpness: { readonly examples: number } };

/** What a choice's values are kept under. */
export function nameOf(choice: MeasurementChoice): string {
  return typeof choice === "string" ? choice : `sharpness ${choice.sharpness.examples}`;
}

/** The choice whose values are kept under `name`; null where there is none. */
export function choiceNamed(name: string): MeasurementChoice | null {
  const examples = /^sharpness (\d{1,9})$/.exec(name)?.[1];
  if (examples !== undefined) return { sharpness: { examples: Number(examples) } };
  return Object.hasOwn(MEASUREMENTS, name) ? (name as MeasurementName) : null;
}

const COLUMNS = new Set(
  Object.values<Measurement>(MEASUREMENTS).flatMap(({ columns }) =>
    (columns?.([1]) ?? []).map(withoutNumber),
  ),
);

/** Whether a measurement has a column of this name. */
export function isMeasuredColumn(name: string): boolean {
  return COLUMNS.has(withoutNumber(name));
}

function withoutNumber(column: string): string {
  return column.replace(/_\d+$/, "");
}

/** The column of the sharpness that is told where several are measured, the first one; null where none is. */
export function sharpnessColumn(choices: readonly MeasurementChoice[] = []): string | null {
  const choice = choices.find((one) => nameOf(one).startsWith("sharpness"));
  return choice === undefined ? null : (measurementOf(choice).columns?.([]).at(0) ?? null);
}

export function measurementOf(choice: MeasurementChoice): Measurement {
  return typeof choice === "string" ? MEASUREMENTS[choice] : sharpness(choice.sharpness.examples);
}
