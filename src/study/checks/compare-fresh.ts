// What was trained anew, held against what a store keeps.

import { givenDigest } from "../../model/initializations/initialization.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { isScheduled } from "../../model/evaluation-schedule.ts";
import { firstDifference } from "../../records/compare.ts";
import { rowsOf, type ResumePoint } from "../../records/record.ts";
import type { RecordStore, StudyTrial } from "../../records/store.ts";

export interface Comparison {
  /** Trials of which something was kept. */
  readonly compared: number;
  /** Those of which a bit differs, with the first pass after which it does. */
  readonly differences: readonly { readonly trial: StudyTrial; readonly pass: number }[];
}

/**
 * Compares the trials of a study in `fresh` with those in `kept`, as far as these go. What matches and goes
 * further, or is not kept yet, is kept then, and the study too, and weights after as many passes as it asks for;
 * what differs is left as it was.
 */
export async function compareAndKeep(
  studyId: string,
  fresh: RecordStore,
  kept: RecordStore,
): Promise<Comparison> {
  const study = await fresh.study(studyId);
  if (study === null) return { compared: 0, differences: [] };
  const differences: { trial: StudyTrial; pass: number }[] = [];
  let compared = 0;
  await kept.plan(study);
  for (const trial of study.trials) {
    const made = await fresh.resume(trial.key);
    if (made === null) continue;
    await keepGiven(made.record.specification.model, fresh, kept);
    const before = await wholeRecord(kept, trial.key);
    const pass = before === null ? null : firstDifference(before, made.record);
    if (before !== null) compared++;
    const offSchedule = pass ?? (await compareOffSchedule(trial, fresh, kept));
    if (offSchedule !== null) {
      differences.push({ trial, pass: offSchedule });
      continue;
    }
    if (made.record.trajectory.length > (before?.trajectory.length ?? 0)) await keep(made, kept);
    else if ((await kept.parameters(trial.key, made.checkpoint.pass)) === null)
      await keepWeights(made, kept);
    await keepOffSchedule(trial, fresh, kept);
    const measurements = await fresh.measurements(trial.key);
    if (measurements.length > 0)
      await claimed(trial.key, kept, () => kept.addMeasurements(trial.key, measurements));
  }
  if (differences.length === 0 && study.fingerprint !== null)
    await kept.finish(studyId, study.fingerprint);
  return { compared, differences };
}

/** What a trial begins with where it draws nothing. */
async function keepGiven(
  model: TrialSpecification["model"],
  fresh: RecordStore,
  kept: RecordStore,
): Promise<void> {
  const digest = givenDigest(model);
  const parameters = digest === null ? null : await fresh.given(digest);
  if (digest !== null && parameters !== null) await kept.keepGiven(digest, parameters);
}

async function wholeRecord(store: RecordStore, key: string) {
  const facts = (await store.trials([key])).at(0);
  if (facts === undefined) return null;
  const { ending, passes } = facts;
  return store.get(key, ending.kind === "diverged" ? ending.pass : passes);
}

/** The pass off the schedule that a trial is asked for by, where both have it and differ in it; null for none. */
async function compareOffSchedule(
  { key, passes }: StudyTrial,
  fresh: RecordStore,
  kept: RecordStore,
): Promise<number | null> {
  const [made, before] = [await fresh.get(key, passes), await kept.get(key, passes)];
  return made && before && firstDifference(before, made);
}

async function keepOffSchedule(
  { key, passes }: StudyTrial,
  fresh: RecordStore,
  kept: RecordStore,
): Promise<void> {
  const made = await fresh.get(key, passes);
  const row = made && rowsOf(made).at(-1);
  const checkpoint = await fresh.checkpoint(key, passes);
  if (!row || checkpoint === null || isScheduled(made.specification.evaluate, passes)) return;
  if ((await kept.parameters(key, passes)) === null)
    await claimed(key, kept, () => kept.addOffSchedule(key, { row, checkpoint }));
}

/** A trial that another process is training is that one's to keep. */
function keep({ record, checkpoint }: ResumePoint, store: RecordStore): Promise<void> {
  const { key, specification, ending, fingerprint, seconds } = record;
  return claimed(key, store, () =>
    store.commit({
      ...{ key, specification, ending, fingerprint, checkpoint, seconds },
      rows: rowsOf(record),
      since: 0,
    }),
  );
}

function keepWeights({ record, checkpoint }: ResumePoint, store: RecordStore): Promise<void> {
  return claimed(record.key, store, () => store.addCheckpoint(record.key, checkpoint));
}

async function claimed(key: string, store: RecordStore, work: () => Promise<void>): Promise<void> {
  const claim = await store.claim(key);
  if (claim === null) return;
  try {
    await work();
  } finally {
    await claim.release();
  }
}
