// What a coordinator does as time goes by, at a server that a few variables stand for.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WidthwiseError } from "../../base/errors.ts";
import { createCoordinator, type Coordinator } from "./coordinator.node.ts";
import type { Payload } from "./payload.node.ts";
import { RELEASE, TIMES, type QueueServer } from "./server.node.ts";

/** By job's name. */
const states = new Map<string, string>();
let offered: string[] = [];
let gainsWaiting = 0;
let workers: object[] = [];
let threads = 0;

class Queue {
  on = () => this;
  add = (_: string, __: unknown, { jobId }: { jobId: string }) => {
    states.set(jobId, "waiting");
    return Promise.resolve(offered.push(jobId));
  };
  getJobCounts = () => Promise.resolve({ waiting: gainsWaiting });
  getJobState = (job: string) => Promise.resolve(states.get(job) ?? "unknown");
  getJob = () => Promise.resolve({ failedReason: "ended its workers, 20 of them" });
  getJobs = () => Promise.resolve([]);
  obliterate = () => Promise.resolve();
  close = () => Promise.resolve();
}
class Worker {
  on = () => this;
  close = () => Promise.resolve();
}
const done = () => Promise.resolve(1);
const redis = {
  ...{ status: "ready", sadd: done, srem: done, set: done, del: done },
  smembers: (list: string) =>
    Promise.resolve(list.includes("worker") ? workers.map((_, at) => String(at)) : []),
  mget: () => Promise.resolve(workers.map((one) => JSON.stringify(one))),
};
const server = { bullmq: { Queue, Worker }, redis, shared: {} } as unknown as QueueServer;

let coordinator: Coordinator;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  states.clear();
  [offered, gainsWaiting] = [[], 0];
  workers = [RELEASE, "another"].map((release, at) => ({
    ...{ id: String(at), name: "w", release, threads: 3 + at },
  }));
  coordinator = await createCoordinator({
    ...{ server, dataset: { name: "made up", digest: "ab".repeat(32) }, times: TIMES },
    tell: () => undefined,
    onThreads(found) {
      threads = found;
    },
    onLate: () => Promise.resolve(),
  });
});
afterEach(async () => {
  await coordinator.close();
  vi.useRealTimers();
});

function open(name: string, poison?: WidthwiseError) {
  const failures: string[] = [];
  const job = coordinator.open({
    ...{ name, poison },
    payload: () => Promise.resolve({} as Payload),
    take: () => Promise.resolve(),
    fail: ({ message }) => failures.push(message),
  });
  return { ...job, failures };
}

/** As many looks at what is open as a silence has, and one more. */
const beSilent = () => vi.advanceTimersByTimeAsync((4 / 3) * TIMES.silence + 1);

test("threads of another release do not count", () => {
  expect(threads).toBe(3);
});

test("what the server has lost is offered again when all that came in was looked at", async () => {
  const job = open("one");
  await job.offer();
  const [name] = offered;
  await beSilent();
  expect(offered).toEqual([name]);
  states.clear();
  gainsWaiting = 1;
  await beSilent();
  expect(offered).toEqual([name]);
  gainsWaiting = 0;
  await beSilent();
  expect(offered).toEqual([name, name]);
  job.end();
  states.clear();
  await beSilent();
  expect(offered).toHaveLength(2);
});

test("what ends its workers is never offered again, and fails once nothing else is open", async () => {
  const [bad, good] = [open("bad"), open("good")];
  await bad.offer();
  await good.offer();
  states.set(offered[0], "failed");
  await beSilent();
  states.delete(offered[0]);
  await beSilent();
  expect(offered).toHaveLength(2);
  expect(bad.failures).toEqual([]);
  good.end();
  await vi.advanceTimersByTimeAsync(TIMES.silence / 3);
  expect(bad.failures).toEqual([]);
  await vi.advanceTimersByTimeAsync(TIMES.silence / 3);
  expect(bad.failures[0]).toBe("bad ended its workers, 20 of them; it is not given to another one");
  expect(good.failures).toEqual([]);
});
