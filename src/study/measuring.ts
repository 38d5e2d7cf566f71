// What a study wants measured of a trial, and is not kept yet: measured while it is trained, or while it is trained again,
// which is held against its chain on the way.

import { WidthwiseError } from "../base/errors.ts";
import type { Stop } from "../base/run-all.ts";
import type { Sha256 } from "../base/sha256.ts";
import { measurementOf, nameOf, type MeasurementChoice } from "../measurements/table.ts";
import type { Turn } from "../pool/pool.ts";
import { areWeightsOf } from "../records/compare.ts";
import {
  choiceOf,
  isMeasuredAt,
  keptMeasurement,
  type KeptMeasurement,
} from "../records/measured.ts";
import type { Checkpoint, Evaluation, TrainedPass, TrialRecord } from "../records/record.ts";
import type { TrialStore } from "../records/store.ts";

export interface Measuring extends Pick<Stop, "unlessStopped"> {
  readonly choices: readonly MeasurementChoice[];
  readonly store: TrialStore;
  readonly sha256: Sha256;
}

/** Numbers of passes, and what is not measured there although it is asked for. */
type Lacking = ReadonlyMap<number, readonly MeasurementChoice[]>;

/** Passes trained between two writes of what was measured of a trial that is kept. */
const WRITE_EVERY = 20;

/** What is asked for at each row of a trial as it is trained; what is of its last row is measured in the end. */
export function everyRow(choices: readonly MeasurementChoice[]): MeasurementChoice[] {
  return choices.filter((choice) => measurementOf(choice).isOfLastRow !== true);
}

/** What a record's rows lack; `isEnded`: its last row is the trial's. */
export async function lackingOf(
  { key, trajectory }: TrialRecord,
  isEnded: boolean,
  {
    choices,
    store,
    sha256,
  }: Pick<Measuring, "choices" | "sha256"> & { readonly store: Pick<TrialStore, "measurements"> },
): Promise<Lacking> {
  const lacking = new Map<number, MeasurementChoice[]>();
  if (choices.length === 0) return lacking;
  const kept = new Map<string, KeptMeasurement[]>();
  for (const one of await store.measurements(key)) {
    if (choiceOf(one) === null) continue;
    const place = `${one.pass} ${one.name}`;
    kept.set(place, [...(kept.get(place) ?? []), one]);
  }
  trajectory.forEach((row, at) => {
    const isLast = isEnded && at === trajectory.length - 1;
    const missing = (isLast ? choices : everyRow(choices)).filter(
      (choice) =>
        kept.get(`${row.pass} ${nameOf(choice)}`)?.some((one) => isMeasuredAt(one, row, sha256)) !==
        true,
    );
    if (missing.length > 0) lacking.set(row.pass, missing);
  });
  return lacking;
}

export async function measuredAt(
  turn: Turn,
  row: Evaluation,
  { parameters }: Pick<Checkpoint, "parameters">,
  choices: readonly MeasurementChoice[],
  { sha256, unlessStopped }: Pick<Measuring, "sha256" | "unlessStopped">,
): Promise<KeptMeasurement[]> {
  if (choices.length === 0) return [];
  const values = await unlessStopped(turn.measure(parameters, choices));
  return choices.map((choice, i) => keptMeasurement(choice, row, values[i], sha256));
}

/**
 * Has all that `record`'s rows lack measured and kept; training for it tells `onPass`. The trial must be claimed.
 * Throws WidthwiseError where training it again gives another chain, or kept weights are none of its own.
 */
export async function supplyLacking(
  record: TrialRecord,
  lacking: Lacking,
  turn: Turn,
  context: Measuring & { readonly onPass: (pass: TrainedPass) => void },
): Promise<void> {
  if (lacking.size === 0) return;
  const { store, sha256, unlessStopped, onPass } = context;
  const { key, trajectory } = record;
  const wrong = (pass: number) =>
    new WidthwiseError(
      `trial ${key.slice(0, 12)} is not what is kept of it after pass ${pass}, so it is not measured; widthwise verify says more`,
    );
  const last = trajectory[trajectory.length - 1];
  const at = [...lacking.keys()];
  const newest = await store.resume(key);
  if (at.length === 1 && newest?.checkpoint.pass === at[0]) {
    if (!areWeightsOf(record, newest.checkpoint, sha256)) throw wrong(at[0]);
    const choices = lacking.get(at[0]) ?? [];
    const row = trajectory.find(({ pass }) => pass === at[0]) ?? last;
    const made = await measuredAt(turn, row, newest.checkpoint, choices, context);
    await store.addMeasurements(key, made);
    return;
  }
  const rows = new Map(trajectory.map((row) => [row.pass, row]));
  const training = turn.train(null);
  let made: KeptMeasurement[] = [];
  try {
    for (;;) {
      const { done, value } = await unlessStopped(training.next());
      if (done === true) break;
      const { evaluation } = value.row;
      const { pass } = evaluation;
      if (rows.get(pass)?.fingerprint !== evaluation.fingerprint) throw wrong(pass);
      onPass(value);
      const choices = lacking.get(pass) ?? [];
      made.push(...(await measuredAt(turn, evaluation, value.checkpoint, choices, context)));
      if (made.length >= WRITE_EVERY) {
        await store.addMeasurements(key, made);
        made = [];
      }
      // What comes after is asked for by nobody, and kept by whoever trained it.
      if (pass === last.pass) break;
    }
  } finally {
    // The pass under way is not waited for.
    training.return({ ending: { kind: "finished" }, fingerprint: "" }).catch(() => undefined);
    if (made.length > 0) await store.addMeasurements(key, made);
  }
}
