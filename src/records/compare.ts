// Two records of one trial, compared by their chains of fingerprints; and weights held against a chain.

import type { Sha256 } from "../base/sha256.ts";
import { FingerprintChain } from "./fingerprint.ts";
import { evaluationOf, lastPass, type Checkpoint, type TrialRecord } from "./record.ts";

/**
 * The first pass after which two records of the same trial differ in a bit, as far as both go; null for none. A
 * divergence that only one of them met counts as the pass in which it was.
 */
export function firstDifference(a: TrialRecord, b: TrialRecord): number | null {
  const ofB = new Map(b.trajectory.map(({ pass, fingerprint }) => [pass, fingerprint]));
  const different = a.trajectory.find(
    ({ pass, fingerprint }) => ofB.has(pass) && ofB.get(pass) !== fingerprint,
  );
  if (different !== undefined) return different.pass;
  if (a.fingerprint === b.fingerprint) return null;
  const metAlone = [
    [a, b],
    [b, a],
  ].flatMap(([{ ending }, other]) =>
    ending.kind === "diverged" &&
    (other.ending.kind === "diverged" || lastPass(other) >= ending.pass)
      ? [ending.pass]
      : [],
  );
  return metAlone.length === 0 ? null : Math.min(...metAlone);
}

/** Whether weights, and the optimizer's state, are those that the record's trial had after the checkpoint's pass. */
export function areWeightsOf(record: TrialRecord, checkpoint: Checkpoint, sha256: Sha256): boolean {
  const { pass, parameters, state } = checkpoint;
  const { key, trajectory, specification } = record;
  const { train, test, fingerprint } = evaluationOf(record, pass);
  if (pass === 0) {
    const isZero = state
      .flatMap(({ weights, biases }) => [...weights, ...biases])
      .every((values) => values.every((value) => value === 0));
    return isZero && FingerprintChain.begin(key, parameters, sha256).fingerprint === fingerprint;
  }
  const before = trajectory[trajectory.findIndex((row) => row.pass === pass) - 1];
  const chain = FingerprintChain.resume(before.fingerprint, sha256);
  chain.evaluated(train, test, checkpoint, specification.evaluate && pass);
  return chain.fingerprint === fingerprint;
}
