// Two records of one trial, compared by their chains of fingerprints; and weights held against a chain.

import type { Sha256 } from "../base/sha256.ts";
import { FingerprintChain } from "./fingerprint.ts";
import type { Checkpoint, TrialRecord } from "./record.ts";

/**
 * The first pass after which two records of the same trial differ in a bit, as far as both go; null for none. A
 * divergence that only one of them met counts as the pass in which it was.
 */
export function firstDifference(a: TrialRecord, b: TrialRecord): number | null {
  const common = Math.min(a.trajectory.length, b.trajectory.length);
  const pass = a.trajectory.findIndex(
    ({ fingerprint }, index) => index < common && fingerprint !== b.trajectory[index].fingerprint,
  );
  if (pass >= 0) return pass;
  const isShorter = (one: TrialRecord, other: TrialRecord) =>
    one.ending.kind === "diverged" &&
    (other.trajectory.length > common || other.ending.kind === "diverged");
  const isDifferent = a.fingerprint !== b.fingerprint;
  return isDifferent && (isShorter(a, b) || isShorter(b, a)) ? common : null;
}

/** Whether weights, and the optimizer's state, are those that the record's trial had after the checkpoint's pass. */
export function areWeightsOf(
  { key, trajectory }: TrialRecord,
  checkpoint: Checkpoint,
  sha256: Sha256,
): boolean {
  const { pass, parameters, state } = checkpoint;
  const { train, test, fingerprint } = trajectory[pass];
  if (pass === 0) {
    const isZero = state
      .flatMap(({ weights, biases }) => [...weights, ...biases])
      .every((values) => values.every((value) => value === 0));
    return isZero && FingerprintChain.begin(key, parameters, sha256).fingerprint === fingerprint;
  }
  const chain = FingerprintChain.resume(trajectory[pass - 1].fingerprint, sha256);
  chain.evaluated(train, test, checkpoint);
  return chain.fingerprint === fingerprint;
}
