// What a map shows of a trial: a class, 0 or 1, or a number, which is Infinity where a trial has none.

import { remembered } from "../../base/remembered.ts";
import { lastPass, type TrialRecord } from "../../records/record.ts";
import { accuracy } from "../../training/evaluate.ts";
import { passesToInterpolation } from "../interpolation.ts";
import { median } from "../median.ts";

export interface MapValue {
  /** How numbers are compared and drawn; left out of classes. */
  readonly scale?: "linear" | "log";
  readonly of: (record: TrialRecord) => number;
}

/** Passes at the end over which oscillation is averaged away. */
const LAST_PASSES = 20;

/**
 * Whether training lowers its objective: the mean over the evaluations of the last 20 passes, divided by the initial one,
 * is below 1 (Sohl-Dickstein 2024; each counts for 10⁶ at most, and so does what is not finite).
 */
function isTrainable({ trajectory, ending }: TrialRecord): boolean {
  if (ending.kind === "diverged") return false;
  const [initial] = trajectory;
  const from = lastPass({ trajectory }) - LAST_PASSES;
  const ratios = trajectory
    .filter(({ pass }) => pass > from && pass > 0)
    .map(({ train }) => train.objective / initial.train.objective)
    .map((ratio) => (ratio < 1e6 ? ratio : 1e6));
  return ratios.reduce((sum, ratio) => sum + ratio, 0) < ratios.length;
}

function atTheEnd(record: TrialRecord) {
  return record.trajectory[record.trajectory.length - 1];
}

function lossOf(set: "train" | "test"): MapValue {
  return {
    scale: "log",
    of(record) {
      const { objective } = atTheEnd(record)[set];
      return record.ending.kind === "diverged" || Number.isNaN(objective) ? Infinity : objective;
    },
  };
}

const VALUES = {
  interpolates: { of: (record) => Number(passesToInterpolation(record) !== null) },
  trainable: { of: (record) => Number(isTrainable(record)) },
  diverged: { of: ({ ending }) => Number(ending.kind === "diverged") },
  passes_to_interpolation: {
    scale: "log",
    of: (record) => passesToInterpolation(record) ?? Infinity,
  },
  train_loss: lossOf("train"),
  test_loss: lossOf("test"),
  train_accuracy: { scale: "linear", of: (record) => accuracy(atTheEnd(record).train) },
  test_accuracy: { scale: "linear", of: (record) => accuracy(atTheEnd(record).test) },
} satisfies Readonly<Record<string, MapValue>>;

export type MapValueName = keyof typeof VALUES;

/** Each value is found once: rows may lie elsewhere, and a plan looks again in each round. */
export const MAP_VALUES = Object.fromEntries(
  Object.entries<MapValue>(VALUES).map(([name, value]) => [
    name,
    { ...value, of: remembered(value.of) },
  ]),
) as Readonly<Record<MapValueName, MapValue>>;

/** Of a point's seeds: the class of more than half of them, or the median. */
export function overSeeds(values: readonly number[], { scale }: MapValue): number {
  if (scale !== undefined) return median(values);
  return Number(values.reduce((sum, value) => sum + value, 0) > values.length / 2);
}
