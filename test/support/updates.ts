// Made-up updates for tests of stores: what training would hand them, with numbers nobody trained.

import { createHash } from "node:crypto";
import { NumpyRandomState } from "../../src/random/numpy.ts";
import { FingerprintChain, trialKey } from "../../src/records/fingerprint.ts";
import type { Ending, Evaluation, TrajectoryRow, TrialRecord } from "../../src/records/record.ts";
import { packRows } from "../../src/records/packed-rows.ts";
import type { StudyPlan, TrialUpdate, WholeTrial } from "../../src/records/store.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import type { Parameters } from "../../src/model/network.ts";
import type { TrialSpecification } from "../../src/model/trial.ts";

export function specification(seed = 3): TrialSpecification {
  return {
    numerics: 1,
    data: { dataset: "ab".repeat(32), train_examples: 250 },
    model: { hidden: [2], init_std: 1e-6 },
    training: { learning_rate: 0.005, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
  };
}

export const keyOf = (seed = 3): string => trialKey(specification(seed), sha256);

/** Numbers that are hard to keep, too. */
const OBJECTIVES = [1 / 3, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 0];

export function evaluation(pass: number, seed = 3): Evaluation {
  return {
    pass,
    train: { objective: OBJECTIVES[pass % OBJECTIVES.length], correct: pass, examples: 250 },
    test: { objective: 2 / (pass + 1), correct: 1, examples: 20 },
    fingerprint: createHash("sha256").update(`${seed} ${pass}`).digest("hex"),
  };
}

/** 250 steps a pass: two running averages and a half. */
function averages(pass: number): number[] {
  const upTo = (passes: number) => Math.floor((250 * passes) / 100);
  if (pass === 0) return [];
  return Array.from({ length: upTo(pass) - upTo(pass - 1) }, (_, index) => pass + index / 3);
}

export function parametersOf(pass: number) {
  return {
    weights: [Float32Array.of(pass, -0, 2.5, 3e-39, -1, NaN), Float32Array.of(1, 2, 3, 4)],
    biases: [Float32Array.of(0.1, pass), Float32Array.of(NaN, -pass)],
  };
}

/** Passes `from` to `to`, as one commit of a sitting that began after pass `since`. */
export function update(
  from: number,
  to: number,
  options: { since?: number; seconds?: number; seed?: number; ending?: Ending } = {},
): TrialUpdate {
  const { since = 0, seconds = to - since, seed = 3, ending = { kind: "finished" } } = options;
  const order = new NumpyRandomState(seed);
  order.randints(7, to);
  const rows = Array.from({ length: to - from + 1 }, (_, index): TrajectoryRow => {
    const pass = from + index;
    return { evaluation: evaluation(pass, seed), averages: averages(pass) };
  });
  return {
    key: keyOf(seed),
    specification: specification(seed),
    rows,
    ending,
    fingerprint: ending.kind === "diverged" ? "d1".repeat(32) : evaluation(to, seed).fingerprint,
    checkpoint: {
      pass: to,
      parameters: parametersOf(to),
      state: [],
      order: order.snapshot(),
      average: to / 7,
    },
    since,
    seconds,
  };
}

/** The same from pass 0, with the chain of fingerprints that belongs to its weights, and to this state in every pass. */
export function chained(
  passes: number,
  seed: number,
  state: readonly Parameters[] = [],
): TrialUpdate {
  const made = update(0, passes, { seed });
  const chain = FingerprintChain.begin(made.key, parametersOf(0), sha256);
  const rows = made.rows.map(({ evaluation: { pass, train, test }, averages }) => {
    if (pass > 0) chain.evaluated(train, test, { parameters: parametersOf(pass), state });
    return { evaluation: { pass, train, test, fingerprint: chain.fingerprint }, averages };
  });
  const checkpoint = { ...made.checkpoint, state };
  return { ...made, rows, checkpoint, fingerprint: chain.fingerprint };
}

/** The same as a trial that was trained whole. */
export function whole(trial: TrialUpdate): WholeTrial {
  return { ...trial, rows: packRows(trial.rows), examples: { train: 250, test: 20 } };
}

export function wholeTrial(
  passes: number,
  options: { seed?: number; ending?: Ending } = {},
): WholeTrial {
  return whole(update(0, passes, options));
}

/** What a store is to give after updates up to `passes` passes, in one sitting. */
export function recordOf(passes: number, seed = 3): TrialRecord {
  const { key, ...rest } = update(0, passes, { seed });
  return {
    key,
    specification: rest.specification,
    trajectory: rest.rows.map((row) => row.evaluation),
    ending: { kind: "finished" },
    fingerprint: rest.fingerprint,
    running_averages: rest.rows.flatMap((row) => row.averages),
    seconds: passes,
  };
}

export function plan(passes: number, seeds: readonly number[] = [3]): StudyPlan {
  return {
    id: createHash("sha256").update(`${passes} ${seeds.join()}`).digest("hex"),
    name: "mine",
    specification: `{"name":"mine","passes":${passes}}`,
    dataset: { name: "noise", digest: "ab".repeat(32), train_examples: 1000 },
    trials: seeds.map((seed) => ({
      key: keyOf(seed),
      passes,
      role: "sweep",
      point: { values: { width: 2 }, seed },
    })),
  };
}
