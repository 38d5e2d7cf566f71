// A server of a test file's own, and what works at it in this process.

import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { specificationOf, type Trial } from "../../src/model/trial.ts";
import { trainOn, type Pool } from "../../src/pool/pool.ts";
import type { TrainedPass, TrialRecord } from "../../src/records/record.ts";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import {
  createQueuePool,
  type QueuePool,
  type QueuePoolOptions,
} from "../../dist/pool/queue/queue-pool.node.js";
import { openServer, TRIALS, type QueueServer } from "../../dist/pool/queue/server.node.js";
import type { WorkerEvent } from "../../dist/pool/queue/job.node.js";
import { workOn } from "../../dist/pool/queue/worker.node.js";
import { hasRedis, RedisServer } from "./redis.mjs";
import { dataset, TIMES } from "./study.mjs";

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
export const there = test.skipIf(!hasRedis);
export const DATA = dataset();
export let redis: RedisServer;
export let server: QueueServer;
export let trials: Queue;
export let problems: string[] = [];
export const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (!hasRedis) return;
  redis = await new RedisServer().start();
  server = await openServer(redis.address, undefined);
  trials = new Queue(TRIALS, server.shared);
  trials.on("error", () => undefined);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  if (hasRedis) await server.redis.flushall();
  problems = [];
});
afterAll(async () => {
  if (!hasRedis) return;
  await trials.close();
  await server.close();
  await redis.remove();
});

export function trial(width: number, seed = 0, passes = 6): Trial {
  return {
    passes,
    specification: specificationOf({
      data: { dataset: DATA.digest, train_examples: DATA.train.examples },
      model: { hidden: [width], init_std: 0.1 },
      training: { learning_rate: 0.05, regularization: 0 },
      streams: { kind: "named", study_seed: 1, seed },
    }),
  };
}

export async function coordinator({
  kept = () => Promise.resolve(null),
  given,
}: Partial<Pick<QueuePoolOptions, "kept" | "given">> = {}): Promise<QueuePool> {
  const pool = await createQueuePool({
    ...{ server, dataset: DATA, source: null, sha256, kept, given, times: TIMES },
    measure: () => Promise.reject(new Error("nothing is measured")),
    onProblem: (sentence) => problems.push(sentence),
    onDifferent: ({ pass }) => problems.push(`differs from pass ${pass} on`),
  });
  ends.push(() => pool.close());
  return pool;
}

/** `each` is waited for before a worker goes on after a pass, `begin` before it begins a trial. */
export function worker({
  each = () => undefined,
  begin = () => undefined,
  load = () => Promise.resolve(DATA),
}: {
  each?: (pass: TrainedPass) => unknown;
  begin?: (trial: Trial) => unknown;
  load?: () => Promise<Dataset>;
} = {}) {
  const end = new AbortController();
  const events: WorkerEvent[] = [];
  const begun: (number | null)[] = [];
  const work = workOn({
    ...{ server, threads: 1, sha256, times: TIMES, signal: end.signal },
    trainer: { machine: "this", versions: "1" },
    load,
    async createPool(data, given) {
      const pool = await createNodePool({ dataset: data, workers: 1, sha256, given });
      const turn: Pool["turn"] = async (...asked) => {
        const made = await pool.turn(...asked);
        return {
          ...made,
          async *train(from) {
            begun.push(from?.checkpoint.pass ?? null);
            await begin(asked[0]);
            const training = made.train(from);
            for (;;) {
              const { done, value } = await training.next();
              if (done === true) return value;
              yield value;
              await each(value);
            }
          },
        };
      };
      return { ...pool, turn };
    },
    onEvent: (event) => events.push(event),
  });
  const stop = () => {
    end.abort();
    return work;
  };
  ends.push(stop);
  return { events, begun, stop };
}

export const until = (found: () => unknown) => expect.poll(found, { timeout: 120_000 });

/** Keeps all that comes at once. */
export const keeping = { onPass: ({ onKept }: TrainedPass) => onKept?.() };

/** The bits of this machine. */
export const locally = async (
  one: Trial,
): Promise<Pick<TrialRecord, "fingerprint" | "trajectory">> => {
  const pool = await createNodePool({ dataset: DATA, workers: 1, sha256 });
  const { fingerprint, trajectory } = await trainOn(pool, one);
  await pool.close();
  return { fingerprint, trajectory };
};

/** Of the only coordinator. */
export async function gainsName(): Promise<string> {
  const names = await server.redis.keys("widthwise:gains-*:meta");
  expect(names).toHaveLength(1);
  return names[0].split(":")[1];
}

/** How many gains lie at the server. */
export async function lying(name: string): Promise<number> {
  const gains = new Queue(name, server.shared);
  gains.on("error", () => undefined);
  const jobs = await gains.getJobs(["waiting", "active", "delayed"]);
  await gains.close();
  return jobs.length;
}

/** Puts gains there. */
export const handIn = async (gains: string, ...payloads: readonly object[]) => {
  const queue = new Queue(gains, server.shared);
  for (const payload of payloads) await queue.add("gain", payload);
  await queue.close();
};
