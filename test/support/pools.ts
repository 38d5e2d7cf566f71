// Pools that make their passes up.

import { setTimeout } from "node:timers/promises";
import { sha256 } from "../../src/base/sha256.node.ts";
import type { Trial } from "../../src/model/trial.ts";
import type { Pool } from "../../src/pool/pool.ts";
import { trialKey } from "../../src/records/fingerprint.ts";
import type { ResumePoint, TrainedPass, TrialEnd, TrialRecord } from "../../src/records/record.ts";

export type MadeUpPool = Pool & { close(): Promise<void> };

/** Every turn comes at once, and its training is what `train` tells. */
export function poolOf(
  train: (
    trial: Trial,
    from: ResumePoint | null,
  ) => AsyncGenerator<TrainedPass, TrialEnd, undefined>,
  onTurnEnd: () => void = () => undefined,
): MadeUpPool {
  return {
    check: () => undefined,
    turn: (trial) =>
      Promise.resolve({
        key: trialKey(trial.specification, sha256),
        train: (from) => train(trial, from),
        measure: (_, choices) => Promise.resolve(choices.map(() => Float64Array.of(1))),
        end: onTurnEnd,
      }),
    close: () => Promise.resolve(),
  };
}

/** Tells the rows of made-up records; they have no weights to go on from. */
export function poolOfRecords(recordOf: (trial: Trial) => TrialRecord): MadeUpPool {
  return poolOf(async function* (trial) {
    const { trajectory, ending, fingerprint } = recordOf(trial);
    const parameters = { weights: [], biases: [] };
    for (const evaluation of trajectory) {
      const { pass } = evaluation;
      const checkpoint = { pass, parameters, state: [], order: new Uint32Array(0), average: 0 };
      yield { row: { evaluation, averages: [] }, checkpoint, seconds: 1 };
    }
    await setTimeout(0);
    return { ending, fingerprint };
  });
}

/** Nothing may be trained. */
export const IDLE_POOL: MadeUpPool = {
  check: () => undefined,
  turn: () => Promise.reject(new Error("nothing is trained here")),
  close: () => Promise.resolve(),
};
