// A coordinator and workers in this process, at a server of their own: what each does with jobs and gains.

import { setTimeout } from "node:timers/promises";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { specificationOf, type Trial } from "../../src/model/trial.ts";
import { trainOn, type Pool } from "../../src/pool/pool.ts";
import type { TrainedPass } from "../../src/records/record.ts";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { jobOf } from "../../dist/pool/queue/messages.node.js";
import { packed, unpacked } from "../../dist/pool/queue/payload.node.js";
import { createQueuePool, type QueuePool } from "../../dist/pool/queue/queue-pool.node.js";
import { openServer, TRIALS, type QueueServer } from "../../dist/pool/queue/server.node.js";
import { workOn, type WorkerEvent } from "../../dist/pool/queue/worker.node.js";
import { hasRedis, RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";
import { dataset, TIMES } from "./study.mjs";

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
const there = test.skipIf(!hasRedis);
const DATA = dataset();
let redis: RedisServer;
let server: QueueServer;
let trials: Queue;
let problems: string[] = [];
const ends: (() => Promise<unknown>)[] = [];

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

function trial(width: number, seed = 0, passes = 6): Trial {
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

async function coordinator(): Promise<QueuePool> {
  const pool = await createQueuePool({
    ...{ server, dataset: DATA, source: null, sha256, times: TIMES },
    kept: () => Promise.resolve(null),
    measure: () => Promise.reject(new Error("nothing is measured")),
    onProblem: (sentence) => problems.push(sentence),
    onDifferent: ({ pass }) => problems.push(`differs from pass ${pass} on`),
  });
  ends.push(() => pool.close());
  return pool;
}

/** `each` is waited for before a worker goes on after a pass of its. */
function worker(each: (pass: TrainedPass) => unknown = () => undefined) {
  const end = new AbortController();
  const events: WorkerEvent[] = [];
  const begun: (number | null)[] = [];
  const work = workOn({
    ...{ server, threads: 1, sha256, times: TIMES, signal: end.signal },
    trainer: { machine: "this", versions: "1" },
    load: () => Promise.resolve(DATA),
    async createPool(data) {
      const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
      const turn: Pool["turn"] = async (...asked) => {
        const made = await pool.turn(...asked);
        return {
          ...made,
          async *train(from) {
            begun.push(from?.checkpoint.pass ?? null);
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

const until = (found: () => unknown) => expect.poll(found, { timeout: 120_000 });

/** The bits of this machine. */
const locally = async (one: Trial) => {
  const pool = await createNodePool({ dataset: DATA, workers: 1, sha256 });
  const { fingerprint, trajectory } = await trainOn(pool, one);
  await pool.close();
  return { fingerprint, trajectory };
};

there(
  "a window of jobs is open, and offered again where the server has lost them; a gain stays there until it is kept",
  async () => {
    const pool = await coordinator();
    const many = Array.from({ length: 30 }, (_, seed) =>
      pool.turn(trial(96, seed)).then((turn) => turn.train(null).next()),
    );
    for (const one of many) one.catch(() => undefined);
    await until(() => trials.getWaitingCount()).toBe(8);
    expect(problems).toEqual([
      "no worker is there yet; start some with: widthwise worker --queue …",
    ]);
    await setTimeout(2 * TIMES.look);
    expect(await trials.getWaitingCount()).toBe(8);
    await pool.close();
    expect(await trials.getJobCounts()).toMatchObject({ waiting: 0, delayed: 0 });

    const next = await coordinator();
    const asked = trial(8);
    const turn = await next.turn(asked, { everyPass: true });
    const training = turn.train(null);
    const first = training.next();
    await until(() => trials.getWaitingCount()).toBe(1);
    await server.redis.flushall();
    worker();
    const passes = [await first];
    const gains = new Queue(await gainsName(), server.shared);
    gains.on("error", () => undefined);
    ends.push(() => gains.close());
    const lying = async () => (await gains.getJobs(["waiting", "active", "delayed"])).length;
    // Passes 0 to 6, and the end.
    await until(lying).toBe(8);
    await setTimeout(TIMES.delay);
    expect(await lying()).toBe(8);
    for (let left = 7; ; left--) {
      const { value, done } = passes[passes.length - 1];
      value.onKept?.();
      if (done === true) break;
      await until(lying).toBe(left);
      passes.push(await training.next());
    }
    await until(lying).toBe(0);
    const { fingerprint } = await locally(asked);
    expect(passes.at(-1)?.value).toMatchObject({ fingerprint });

    const [small] = (await next.whole?.train([trial(3)])) ?? [];
    await setTimeout(TIMES.delay);
    expect(await lying()).toBe(1);
    small.onKept?.();
    await until(lying).toBe(0);
  },
);

async function gainsName(): Promise<string> {
  const names = await server.redis.keys("widthwise:gains-*:meta");
  expect(names).toHaveLength(1);
  return names[0].split(":")[1];
}

there(
  "a worker that is asked to end hands its pass in, and another one goes on from there",
  async () => {
    const pool = await coordinator();
    const [reached, goOn] = [deferred(), deferred()];
    const one = worker(async ({ checkpoint }) => {
      if (checkpoint.pass !== 3) return;
      reached.resolve(undefined);
      await goOn.promise;
    });
    const asked = trial(8);
    const trained = trainOn(pool, asked, {
      everyPass: true,
      onPass: ({ onKept }) => onKept?.(),
    });
    await reached.promise;
    const [job] = await trials.getActive();
    const stopped = one.stop();
    goOn.resolve(undefined);
    await stopped;
    expect(one.events.at(-1)?.kind).toBe("given back");
    const going = jobOf((await trials.getJob(job.id ?? ""))?.data);
    expect(going?.from).not.toBeNull();
    const other = worker();
    const { fingerprint, trajectory } = await trained;
    expect({ fingerprint, trajectory }).toEqual(await locally(asked));
    // The pass under way was handed in.
    expect(one.begun).toEqual([null]);
    expect(other.begun).toEqual([4]);
    expect(problems.filter((sentence) => !sentence.startsWith("no worker"))).toEqual([]);
  },
);

there("a worker hands back a trial with a field that it does not know, and trains on", async () => {
  const pool = await coordinator();
  const train = (one: Trial) => trainOn(pool, one, { onPass: ({ onKept }) => onKept?.() });
  const strange = train(trial(8));
  strange.catch(() => undefined);
  await until(() => trials.getWaitingCount()).toBe(1);
  const [job] = await trials.getWaiting();
  const [head, ...rest] = unpacked(job.data) ?? [];
  const text = new TextDecoder().decode(head);
  const other = text.replace('"learning_rate":', '"momentum2":0,"learning_rate":');
  expect(other).not.toBe(text);
  await job.updateData(packed(new TextEncoder().encode(other), ...rest));
  const { events } = worker();
  const reason = "a job says what this release of widthwise does not know";
  await until(() => events).toContainEqual({ kind: "refused", reason });
  await train(trial(9));
  expect(events.filter(({ kind }) => kind === "begun")).toHaveLength(1);
  expect(await trials.getJob(job.id ?? "")).toBeDefined();
});

there(
  "a trial that ends its workers is told by its name, alone or in a batch, once the others are trained",
  async () => {
    const pool = await coordinator();
    const { whole } = pool;
    if (whole === undefined) throw new Error("no small trials");
    const small = [trial(3), trial(6, 1), trial(4), trial(5)];
    const done: Trial[] = [];
    /** As a study asks for them: again and again what is left. */
    const batch = async () => {
      for (;;) {
        const left = small.filter((one) => !done.includes(one));
        for (const { at = 0, onKept } of await whole.train(left)) {
          done.push(left[at]);
          onKept?.();
        }
      }
    };
    const failed: unknown[] = [];
    const put = (error: unknown) => failed.push(error);
    // One after the other: who dies of one job dies with the other one, too.
    const all = batch()
      .catch(put)
      .then(() => trainOn(pool, trial(6, 2)))
      .catch(put)
      .then(() => true);
    let deaths = 0;
    for (let isDone = false; !isDone;) {
      const env = { POISON: "6", MOST_DEATHS: "1" };
      const one = new Started(["worker", redis.address, "1"], { env });
      ends.push(() => one.end());
      isDone = await Promise.race([one.ended.then(() => false), all]);
      if (!isDone) deaths++;
    }
    expect(done).toEqual([small[0], small[2], small[3]]);
    expect(failed).toHaveLength(2);
    for (const error of failed)
      expect(String(error)).toMatch(/trial [0-9a-f]{12} \(hidden layers 6, .*ended its workers, 2/);
    expect(deaths).toBeGreaterThanOrEqual(5);
  },
);
