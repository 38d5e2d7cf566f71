import { describe, expect, test } from "vitest";
import { poolOfRecords } from "../../../test/support/pools.ts";
import {
  chained,
  keyOf,
  parametersOf,
  plan,
  specification,
  update,
} from "../../../test/support/updates.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import type { Pool } from "../../pool/pool.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { TrialFacts } from "../../records/store.ts";
import { sha256 } from "../../base/sha256.node.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { packParameters, parametersDigest } from "../../records/given-parameters.ts";
import { givenOf, inspect, lostTrials, sampleOf, verify, type Verdict } from "./verify.ts";

/** Diverges at `step` of pass 3, where it is asked for so many. */
function made(step: number, passes: number): TrialRecord {
  const hasDiverged = passes >= 3;
  const ending = hasDiverged ? ({ kind: "diverged", pass: 3, step } as const) : undefined;
  const { rows, fingerprint, ...rest } = update(0, hasDiverged ? 2 : passes, {
    ...(ending && { ending }),
  });
  return {
    ...rest,
    fingerprint: hasDiverged ? String(step).padStart(64, "0") : fingerprint,
    trajectory: rows.map(({ evaluation }) => evaluation),
    running_averages: [],
  };
}

test.each([
  [9, { kind: "matches" }],
  [8, { kind: "differs", pass: 3 }],
] as const)("a divergence is met again: at step 9, kept at step %i", async (step, verdict) => {
  const store = new MemoryStore();
  const { ending, fingerprint } = made(step, 3);
  await store.commit({ ...update(0, 2), ending, fingerprint });
  const verdicts: Verdict[] = [];
  await verify(await store.trials(), {
    ...{ store, sha256 },
    pool: poolOfRecords(({ passes }) => made(9, passes)),
    onVerdict: (_, verdict) => verdicts.push(verdict),
  });
  expect(verdicts).toEqual([verdict]);
});

test("a trial is trained as far as it is kept; one that was taken away meanwhile is damaged", async () => {
  const store = new MemoryStore();
  await store.commit(update(0, 2));
  const [facts] = await store.trials();
  const verdicts: Verdict[] = [];
  const told = async (trials: readonly TrialFacts[]) => {
    await verify(trials, {
      ...{ store, sha256 },
      pool: poolOfRecords(({ passes }) => made(9, passes)),
      onVerdict: (_, verdict) => verdicts.push(verdict),
    });
    return verdicts.splice(0);
  };
  expect(await told([facts])).toEqual([{ kind: "matches" }]);
  expect(await told([facts, { ...facts, key: "00".repeat(32) }])).toEqual([
    { kind: "matches" },
    { kind: "damaged" },
  ]);
});

test("an interruption ends the training under way, and who asks for no verdicts is told none", async () => {
  const store = new MemoryStore();
  await store.commit(update(0, 2));
  const [facts] = await store.trials();
  const records = poolOfRecords(({ passes }) => made(9, passes));
  await verify([facts], { store, sha256, pool: records });
  const controller = new AbortController();
  let given: AbortSignal | undefined;
  const pool: Pool = {
    ...records,
    turn(_, { signal } = {}) {
      given = signal;
      controller.abort(new Error("enough"));
      return Promise.reject(new Error("ended"));
    },
  };
  const { signal } = controller;
  await expect(verify([facts], { store, sha256, pool, signal })).rejects.toThrow();
  expect(given?.aborted).toBe(true);
});

test("a sample is that of the least SHA-256 of seed and key, in their order", () => {
  const keys = Array.from("abcdefgh");
  const trials = keys.map((key) => ({ key }));
  const sample = (count: number, seed: number) =>
    sampleOf(trials, count, seed, sha256).map(({ key }) => key);
  // Computed with Python's hashlib.
  expect(sample(8, 0).join("")).toBe("chdaefgb");
  expect(sample(3, 1).join("")).toBe("hfc");
  expect(trials.map(({ key }) => key)).toEqual(keys);
});

describe("a kept trial is inspected:", () => {
  async function inspected(passes: number, weights: readonly number[], change = 0) {
    const store = new MemoryStore();
    const { checkpoint, ...rest } = chained(3, 1);
    await store.commit({
      ...rest,
      checkpoint: { ...checkpoint, parameters: parametersOf(3 + change) },
    });
    const [facts] = await store.trials();
    return inspect({ ...facts, passes, weights }, { store, sha256 });
  }

  test("its weights are its own", async () => {
    expect(await inspected(3, [3])).toBeNull();
    expect(await inspected(3, [3], 1)).toEqual({ kind: "foreign weights", pass: 3 });
  });

  test("the optimizer's state, too", async () => {
    const store = new MemoryStore();
    const { checkpoint, ...rest } = chained(3, 1, [parametersOf(7)]);
    for (const [pass, problem] of [
      [7, null],
      [8, { kind: "foreign weights", pass: 3 }],
    ] as const) {
      const state = [parametersOf(pass)];
      await store.commit({ ...rest, checkpoint: { ...checkpoint, state } });
      const [facts] = await store.trials();
      expect(await inspect(facts, { store, sha256 })).toEqual(problem);
    }
  });

  test("the weights after its last pass are there", async () => {
    expect(await inspected(3, [])).toEqual({ kind: "missing weights", pass: 3 });
    expect(await inspected(2, [3])).toEqual({ kind: "missing weights", pass: 2 });
  });

  test("what cannot be read is damaged", async () => {
    expect(await inspected(9, [3, 9])).toEqual({ kind: "damaged" });
    expect(await inspected(2, [2])).toEqual({ kind: "damaged" });
  });
});

test("a trial that draws nothing is inspected with what it begins with, which is given to who trains it again", async () => {
  const given = { weights: [Float32Array.of(1, 2, 3, 4, 5, 6)], biases: [Float32Array.of(7, 8)] };
  const digest = parametersDigest(given, sha256);
  const begun: TrialSpecification = {
    ...specification(),
    model: { hidden: [], init: { parameters: digest } },
  };
  const store = new MemoryStore();
  await store.commit({ ...chained(3, 3), specification: begun });
  const [facts] = await store.trials();
  const dataset = { digest: "", classes: 2, train: { examples: 9, size: 3 } };
  expect(await inspect(facts, { store, sha256 })).toEqual({ kind: "missing start", pass: 0 });
  expect(await givenOf([facts], dataset, store)).toEqual(new Map());
  await store.keepGiven(digest, packParameters(given));
  expect(await inspect(facts, { store, sha256 })).toBeNull();
  expect(await givenOf([facts, facts], dataset, store)).toEqual(new Map([[digest, given]]));
  // Of another network they are nothing.
  expect(await givenOf([facts], { ...dataset, classes: 3 }, store)).toEqual(new Map());
});

test("an answered study has lost the trials that are gone, or shorter than it asks and did not diverge", async () => {
  const store = new MemoryStore();
  const asked = plan(4, [1, 2, 3, 5]);
  await store.plan(asked);
  await store.commit(update(0, 4, { seed: 1 }));
  await store.commit(update(0, 3, { seed: 2 }));
  await store.commit(update(0, 1, { seed: 3, ending: { kind: "diverged", pass: 2, step: 1 } }));
  const lost = async () => {
    const study = await store.study(asked.id);
    return study === null ? null : lostTrials(study, store);
  };
  expect(await lost()).toEqual([]);
  await store.finish(asked.id, "ab".repeat(32));
  const [, short, , gone] = asked.trials;
  expect(await lost()).toEqual([
    { trial: short, passes: 3 },
    { trial: gone, passes: null },
  ]);
  // What cannot be read is there: the store tells of it.
  store.keys = () => Promise.resolve([keyOf(5)]);
  expect(await lost()).toEqual([{ trial: short, passes: 3 }]);
});
