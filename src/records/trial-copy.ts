// A trial with all that a store keeps of it, as it goes from one store to another: checked by itself, and united with what
// the other one has.

import { isScheduled, scheduledPasses } from "../model/evaluation-schedule.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { Sha256 } from "../base/sha256.ts";
import { areWeightsOf, firstDifference } from "./compare.ts";
import { FingerprintChain } from "./fingerprint.ts";
import { choiceOf, isMeasuredAt, type KeptMeasurement } from "./measured.ts";
import { unpackRows, type Packed } from "./packed-rows.ts";
import type { Checkpoint, Ending, Evaluation, TrajectoryRow, TrialRecord } from "./record.ts";
import type { Sitting } from "./sitting.ts";

export interface TrialCopy {
  readonly key: string;
  readonly specification: TrialSpecification;
  /** Up to the last scheduled one. */
  readonly passes: number;
  readonly ending: Ending;
  readonly fingerprint: string;
  readonly examples: Packed["examples"];
  /** Rows of its first passes, where it was trained whole (packed-rows.ts). */
  readonly packed: { readonly passes: number; readonly rows: Uint8Array } | null;
  /** Rows of the scheduled passes after these, and of those off the schedule; ascending. */
  readonly rows: readonly TrajectoryRow[];
  readonly checkpoints: readonly Checkpoint[];
  readonly sittings: readonly Sitting[];
  readonly measurements: readonly KeptMeasurement[];
}

/** What of a copy is not as its chain of fingerprints says, in words; null where all is. Seals are checked by who reads it. */
export function unsound(copy: TrialCopy, sha256: Sha256): string | null {
  const { specification, passes, ending, fingerprint, checkpoints, measurements } = copy;
  const all = evaluationsOf(copy);
  const record = recordOf(copy, all);
  const scheduled = record.trajectory;
  const expected = scheduledPasses(specification.evaluate, passes);
  if (scheduled.map(({ pass }) => pass).join() !== expected.join()) return "the list of its passes";
  if (endOf(scheduled[scheduled.length - 1], ending, sha256) !== fingerprint)
    return "the end of its chain of fingerprints";
  if (!checkpoints.some(({ pass }) => pass === passes)) return "its checkpoint";
  for (const checkpoint of checkpoints) {
    const row = all.find(({ pass }) => pass === checkpoint.pass);
    const before = scheduled.filter(({ pass }) => pass < checkpoint.pass);
    const trajectory = row && [...before, row];
    if (trajectory === undefined || !areWeightsOf({ ...record, trajectory }, checkpoint, sha256))
      return `its set of weights after pass ${checkpoint.pass}`;
  }
  const foreign = measurements.find((one) => {
    const row = all.find(({ pass }) => pass === one.pass);
    return choiceOf(one) !== null && !(row && isMeasuredAt(one, row, sha256));
  });
  return foreign === undefined ? null : `a measurement of pass ${foreign.pass}`;
}

function endOf({ fingerprint }: Evaluation, ending: Ending, sha256: Sha256): string {
  if (ending.kind === "finished") return fingerprint;
  const chain = FingerprintChain.resume(fingerprint, sha256);
  chain.diverged(ending);
  return chain.fingerprint;
}

/** The first pass after which two copies of one trial differ in a bit of a row or of what was measured; null for none. */
export function firstDifferenceOf(a: TrialCopy, b: TrialCopy): number | null {
  const isSameEnd = a.passes === b.passes && a.fingerprint === b.fingerprint;
  const inRows = isSameEnd ? null : firstDifference(recordOf(a), recordOf(b));
  const measured = new Map(a.measurements.map((one) => [nameOf(one), one.digest]));
  const offSchedule = new Map(
    offScheduleOf(a).map(({ evaluation }) => [evaluation.pass, evaluation.fingerprint]),
  );
  const passes = [
    ...(inRows === null ? [] : [inRows]),
    ...offScheduleOf(b).flatMap(({ evaluation: { pass, fingerprint } }) =>
      (offSchedule.get(pass) ?? fingerprint) === fingerprint ? [] : [pass],
    ),
    ...b.measurements.flatMap((one) =>
      (measured.get(nameOf(one)) ?? one.digest) === one.digest ? [] : [one.pass],
    ),
  ];
  return passes.length === 0 ? null : Math.min(...passes);
}

/**
 * The longer of two copies that do not differ, with what the other has beside it: weights after `asked` numbers of passes,
 * rows off the schedule, measurements. null where that is all in `kept`.
 */
export function union(
  kept: TrialCopy,
  other: TrialCopy,
  asked: () => ReadonlySet<number>,
): TrialCopy | null {
  const isLonger =
    other.passes > kept.passes ||
    (other.passes === kept.passes &&
      other.ending.kind === "diverged" &&
      kept.ending.kind === "finished");
  const [base, beside] = isLonger ? [other, kept] : [kept, other];
  const has = new Set(base.rows.map(({ evaluation }) => evaluation.pass));
  const rows = offScheduleOf(beside).filter(({ evaluation }) => !has.has(evaluation.pass));
  const added = new Set(rows.map(({ evaluation }) => evaluation.pass));
  const hasWeights = new Set(base.checkpoints.map(({ pass }) => pass));
  const checkpoints = beside.checkpoints.filter(
    ({ pass }) => !hasWeights.has(pass) && (added.has(pass) || asked().has(pass)),
  );
  const measured = new Set(base.measurements.map(nameOf));
  const measurements = beside.measurements.filter((one) => !measured.has(nameOf(one)));
  if (!isLonger && rows.length + checkpoints.length + measurements.length === 0) return null;
  return {
    ...base,
    rows: [...base.rows, ...rows],
    checkpoints: [...base.checkpoints, ...checkpoints],
    measurements: [...base.measurements, ...measurements],
  };
}

function nameOf({ pass, name, version }: KeptMeasurement): string {
  return `${pass} ${version} ${name}`;
}

function offScheduleOf({ rows, specification: { evaluate } }: TrialCopy): TrajectoryRow[] {
  return rows.filter(({ evaluation }) => !isScheduled(evaluate, evaluation.pass));
}

function evaluationsOf(copy: TrialCopy): Evaluation[] {
  const { packed, rows } = copy;
  const first = packed === null ? [] : unpackRows(packed.rows, copy, 0, packed.passes);
  return [...first, ...rows].map(({ evaluation }) => evaluation);
}

/** Of the scheduled passes, without what no comparison looks at. */
function recordOf(copy: TrialCopy, all = evaluationsOf(copy)): TrialRecord {
  const { key, specification, ending, fingerprint } = copy;
  const trajectory = all.filter(({ pass }) => isScheduled(specification.evaluate, pass));
  return {
    key,
    specification,
    trajectory,
    ending,
    fingerprint,
    running_averages: [],
    seconds: NaN,
  };
}
