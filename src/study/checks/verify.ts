// Trains kept trials again and compares, bit by bit; finds what an answered study rests on and is not kept any more.
// Keeps nothing.

import { givenDigest, type GivenParameters } from "../../model/initializations/initialization.ts";
import type { Parameters } from "../../model/network.ts";
import { shapeOf } from "../../model/trial.ts";
import { areWeightsOf, firstDifference } from "../../records/compare.ts";
import { unpackParameters } from "../../records/given-parameters.ts";
import type {
  KeptStudy,
  RecordStore,
  StudyLedger,
  StudyTrial,
  TrialFacts,
} from "../../records/store.ts";
import { hex, utf8, type Sha256 } from "../../base/sha256.ts";
import { choiceOf, isMeasuredAt } from "../../records/measured.ts";
import { trainOn, type Pool, type Turn } from "../../pool/pool.ts";
import type { TrainedPass } from "../../records/record.ts";
import { measuredAt } from "../measuring.ts";
import { runAll, type Stop } from "../../base/run-all.ts";
import type { DatasetSize } from "../plans/plan.ts";

export type Verdict =
  | { readonly kind: "matches" }
  /** After this pass for the first time. */
  | { readonly kind: "differs"; readonly pass: number }
  /** Its rows are whole, but these weights are none of its own. */
  | { readonly kind: "foreign weights"; readonly pass: number }
  /** Its rows are whole, but the weights after its last pass, from which training would go on, are gone. */
  | { readonly kind: "missing weights"; readonly pass: number }
  /** What it begins with, of which nothing is drawn, is gone or damaged. */
  | { readonly kind: "missing start"; readonly pass: 0 }
  /** What is kept as measured after this pass is not what is measured. */
  | { readonly kind: "other measurements"; readonly pass: number }
  /** It cannot be read; the store tells why. */
  | { readonly kind: "damaged" };

export interface VerifyContext {
  readonly store: RecordStore;
  readonly pool: Pool;
  readonly sha256: Sha256;
  readonly signal?: AbortSignal | undefined;
  readonly onVerdict?: ((trial: TrialFacts, verdict: Verdict) => void) | undefined;
}

/** `count` of the trials in an order that `seed` decides: the same ones on every machine. */
export function sampleOf<Trial extends { readonly key: string }>(
  trials: readonly Trial[],
  count: number,
  seed: number,
  sha256: Sha256,
): Trial[] {
  const rank = ({ key }: Trial) => hex(sha256(utf8(`widthwise/1/sample/${seed}/${key}`)));
  return trials
    .map((trial) => ({ trial, rank: rank(trial) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ trial }) => trial);
}

/** Reads a trial, all of its weights and what was measured of it, and holds them against its chain; null where all is well. */
export async function inspect(
  { key, specification, passes, offSchedule, weights }: TrialFacts,
  { store, sha256 }: Pick<VerifyContext, "store" | "sha256">,
): Promise<Exclude<Verdict, { readonly kind: "matches" }> | null> {
  const record = await store.get(key, passes);
  if (record === null) return { kind: "damaged" };
  if (!weights.includes(passes)) return { kind: "missing weights", pass: passes };
  for (const pass of weights) {
    const checkpoint = await store.checkpoint(key, pass);
    const whole = offSchedule.includes(pass) ? await store.get(key, pass) : record;
    if (checkpoint === null || whole === null) return { kind: "damaged" };
    if (!areWeightsOf(whole, checkpoint, sha256)) return { kind: "foreign weights", pass };
  }
  const rows = new Map(record.trajectory.map((row) => [row.pass, row]));
  for (const pass of offSchedule) {
    const row = (await store.get(key, pass))?.trajectory.at(-1);
    if (row) rows.set(pass, row);
  }
  for (const one of await store.measurements(key)) {
    const row = rows.get(one.pass);
    if (choiceOf(one) !== null && !(row && isMeasuredAt(one, row, sha256)))
      return { kind: "other measurements", pass: one.pass };
  }
  const given = givenDigest(specification.model);
  const isLost = given !== null && (await store.given(given)) === null;
  return isLost ? { kind: "missing start", pass: 0 } : null;
}

/** What trials on a data set begin with where they draw nothing, as far as it is kept. */
export async function givenOf(
  trials: readonly TrialFacts[],
  dataset: DatasetSize,
  store: StudyLedger,
): Promise<GivenParameters> {
  const given = new Map<string, Parameters>();
  for (const { specification } of trials) {
    const digest = givenDigest(specification.model);
    if (digest === null || given.has(digest)) continue;
    const kept = await store.given(digest);
    const parameters = kept && unpackParameters(kept, shapeOf({ specification }, dataset));
    if (parameters) given.set(digest, parameters);
  }
  return given;
}

/**
 * Trains `trials` again, each for as many passes as are kept, and for those off the schedule, and tells of each how it
 * compares.
 * Throws InputError where they take more memory than there is.
 */
export async function verify(trials: readonly TrialFacts[], context: VerifyContext): Promise<void> {
  const { store, pool, sha256, signal, onVerdict } = context;
  pool.check(trials);
  const works = trials.map((trial) => async (stop: Stop) => {
    const { key, specification, ending } = trial;
    // A divergence is met after the last row.
    const last = ending.kind === "diverged" ? ending.pass : trial.passes;
    const asked = [
      ...trial.offSchedule,
      ...(trial.offSchedule.some((one) => one > last) ? [] : [last]),
    ];
    const measured = await store.measurements(key);
    let verdict: Verdict = { kind: "matches" };
    const compare = async ({ row, checkpoint }: TrainedPass, turn: Turn) => {
      const { pass } = row.evaluation;
      const ofPass = measured.filter((one) => one.pass === pass && choiceOf(one) !== null);
      const choices = ofPass.flatMap((one) => choiceOf(one) ?? []);
      const context = { sha256, unlessStopped: stop.unlessStopped };
      const made = await measuredAt(turn, row.evaluation, checkpoint, choices, context);
      if (verdict.kind === "matches" && made.some(({ digest }, i) => digest !== ofPass[i].digest))
        verdict = { kind: "other measurements", pass };
    };
    for (const passes of asked) {
      const options = { signal: stop.signal, onPass: compare };
      const fresh = await trainOn(pool, { specification, passes }, options);
      const kept = await store.get(key, passes);
      const pass = kept === null ? null : firstDifference(kept, fresh);
      if (kept === null) verdict = { kind: "damaged" };
      else if (pass !== null) verdict = { kind: "differs", pass };
      if (verdict.kind !== "matches") break;
    }
    onVerdict?.(trial, verdict);
  });
  await runAll(works, signal);
}

/** A trial that an answered study rests on and that is not kept as far as it asks. */
export interface LostTrial {
  readonly trial: StudyTrial;
  /** Passes that are kept; null where nothing is. */
  readonly passes: number | null;
}

/** What a study's answer rests on and is gone; of one without an answer nothing. What is damaged the store tells. */
export async function lostTrials(
  study: KeptStudy,
  store: Pick<RecordStore, "get" | "keys" | "trials">,
): Promise<LostTrial[]> {
  if (study.finished === null) return [];
  const lost: LostTrial[] = [];
  for (const trial of study.trials) {
    const facts = (await store.trials([trial.key])).at(0);
    if (facts === undefined) {
      const isDamaged = (await store.keys(trial.key)).length > 0;
      if (!isDamaged) lost.push({ trial, passes: null });
    } else if (facts.ending.kind === "diverged" && facts.ending.pass <= trial.passes) continue;
    else if (trial.stop || facts.specification.evaluate || facts.passes < trial.passes) {
      const record = await store.get(trial.key, trial.passes, trial.stop);
      if (record === null) lost.push({ trial, passes: facts.passes });
    }
  }
  return lost;
}
