// A worker of other numerics, at a queue that is in use.

import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { openServer } from "../../src/pool/queue/server.node.ts";
import { queueState } from "../../src/pool/queue/state.node.ts";
import type { WorkerEvent } from "../../src/pool/queue/job.node.ts";
import { workOn } from "../../src/pool/queue/worker.node.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { expected } from "./expected.mjs";
import { hasRedis, RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";
import { TIMES } from "./study.mjs";

vi.mock(import("../../src/model/trial.ts"), async (load) => {
  const original = await load();
  return { ...original, NUMERICS_VERSION: 99 as typeof original.NUMERICS_VERSION };
});

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

test.skipIf(!hasRedis)(
  "a worker of other numerics gets nothing to train, and is told of",
  async () => {
    const redis = await new RedisServer().start();
    ends.push(() => redis.remove());
    const server = await openServer(redis.address, undefined);
    ends.push(() => server.close());
    const end = new AbortController();
    const events: WorkerEvent[] = [];
    const work = workOn({
      ...{ server, threads: 1, sha256, times: TIMES, signal: end.signal },
      trainer: { machine: "this", versions: "0" },
      load: () => Promise.reject(new Error("it is asked for data")),
      createPool: () => Promise.reject(new Error("it is to train")),
      onEvent: (event) => events.push(event),
    });
    const store = join(redis.folder, "store.db");
    const run = new Started(["coordinator", redis.address, store, "momentum"]);
    ends.push(() => run.end());
    await run.prints(/no worker of this release of widthwise is there yet/);
    const worker = new Started(["worker", redis.address, "1"]);
    ends.push(() => worker.end());
    await worker.prints(/begun/);
    const { workers, otherWorkers } = await queueState(server);
    expect([workers.length, otherWorkers]).toEqual([1, 1]);
    expect(await run.fingerprints()).toEqual(await expected(["momentum"]));
    await setTimeout(TIMES.look);
    end.abort();
    await work;
    expect(events).toEqual([]);
  },
);
