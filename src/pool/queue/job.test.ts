// What becomes of a job at a worker whose pool, clock and server a few variables stand for.

import { afterEach, expect, test, vi } from "vitest";
import { CONTRACT_DATASET, CONTRACT_TRIALS } from "../../../test/support/pool-contract.ts";
import { WidthwiseError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { trialKey } from "../../records/fingerprint.ts";
import type { TrainedWhole } from "../pool.ts";
import { Admission } from "./admission.node.ts";
import { work } from "./job.node.ts";
import { gainOf, jobPayload } from "./messages.node.ts";
import { TIMES } from "./server.node.ts";
import type { Taken } from "./worker-pools.node.ts";

const TRIALS = CONTRACT_TRIALS.slice(0, 5);
const KEYS = TRIALS.map(({ specification }) => trialKey(specification, sha256));
const TRAINED: TrainedWhole = {
  ...{ rows: new Uint8Array(), examples: { train: 1, test: 1 }, seconds: 0 },
  ...{ ending: { kind: "finished" }, fingerprint: "ab".repeat(32) },
  checkpoint: {
    ...{ pass: 0, parameters: { weights: [], biases: [] }, state: [], average: 0 },
    order: new Uint32Array(),
  },
};
class Delayed extends Error {}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has a batch done by a pool that trains a trial at a time. */
async function batch({
  train = () => undefined,
  take = () => undefined,
  isSmall = true,
  deaths = 0,
}: {
  train?: (end: AbortController) => void;
  take?: () => void;
  isSmall?: boolean;
  deaths?: number;
}) {
  const end = new AbortController();
  const [handed, counted]: [unknown[], number[]] = [[], []];
  const whole = {
    isSmall: () => isSmall,
    train() {
      train(end);
      return Promise.resolve([TRAINED]);
    },
  };
  const data = jobPayload({
    ...{ coordinator: "c", dataset: CONTRACT_DATASET.digest, source: null, given: [] },
    ...{ trials: TRIALS, isWhole: true, everyPass: false, from: null },
  });
  const done = () => Promise.resolve();
  const job = {
    ...{ data, progress: deaths, moveToDelayed: done },
    updateProgress: (count: number) => Promise.resolve(counted.push(count)),
  };
  const failure: unknown = await work(job as never, "", {
    server: {
      redis: { exists: () => Promise.resolve(1) },
      bullmq: { DelayedError: Delayed },
    } as never,
    ...{ worker: { name: "one", machine: "this", versions: "1" }, sha256, times: TIMES },
    ...{ admission: new Admission(), mostDeaths: 20, signal: end.signal },
    pools: {
      take() {
        take();
        return Promise.resolve({ pool: { whole }, end: done } as unknown as Taken);
      },
    } as never,
    onEvent: () => undefined,
    handIn(_, payload) {
      const gain = gainOf(payload);
      handed.push(gain?.kind === "whole" ? gain.trained.map(({ key }) => key) : gain?.kind);
      return Promise.resolve(true);
    },
  }).catch((error: unknown) => error);
  return { handed, counted, failure };
}

test("of a batch as many are trained, in its order, as a second begins", async () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  expect(await batch({ train: () => (now += 400) })).toMatchObject({
    ...{ handed: [KEYS.slice(0, 3)], failure: undefined },
  });
  expect((await batch({})).handed).toEqual([KEYS]);
});

test("of a batch no other trial is begun when the worker is to end", async () => {
  const { handed } = await batch({
    train: (end) => {
      end.abort();
    },
  });
  expect(handed).toEqual([KEYS.slice(0, 1)]);
});

test("trials that are not small are no batch", async () => {
  const { handed, failure } = await batch({ isSmall: false });
  expect(handed).toEqual([]);
  expect(String(failure)).toContain("not small");
});

test("what a worker hands back is told, and is none of its deaths", async () => {
  const take = () => {
    throw new WidthwiseError("not here");
  };
  const { handed, counted, failure } = await batch({ take, deaths: 3 });
  expect(handed).toEqual(["refused"]);
  expect(counted).toEqual([4, 3]);
  expect(failure).toBeInstanceOf(Delayed);
});
