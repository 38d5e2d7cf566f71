// The coordinator at the queue's server: jobs that are offered until they are done, and the gains that come of them.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Job as BullJob } from "bullmq";
import { WidthwiseError } from "../../base/errors.ts";
import { oneLine } from "../../base/quote.ts";
import type { Dataset } from "../../data/dataset.ts";
import { gainOf, type Brought } from "./messages.node.ts";
import type { Payload } from "./payload.node.ts";
import { beThere, forget, whoIsThere } from "./presence.node.ts";
import {
  ADDING,
  ENDED,
  FOREVER,
  gainsOf,
  insist,
  isRefusal,
  RELEASE,
  repeatedly,
  serverError,
  TRIALS,
  type QueueServer,
  type Times,
} from "./server.node.ts";

/** Signs of life that may be missed. */
const GOOD_FOR = 4;

/** Looks in a row at which nothing but poison is open, after which nothing else is to come. */
const LAST_LOOKS = 2;

export interface OpenJob {
  /** Of its trial, or the first of several, which is tried last where workers end. */
  readonly name: string;
  /** With what is kept by now. */
  readonly payload: () => Promise<Payload>;
  /** Resolves when what has come is kept. */
  readonly take: (gain: Brought, data: unknown) => Promise<void>;
  /** Told at once why no worker will train it. */
  readonly onPoison?: (why: WidthwiseError) => void;
  /** Told that, or what else ended it, once nothing else is being trained. */
  readonly fail: (error: Error) => void;
  /** Known before it is offered. */
  readonly poison?: WidthwiseError | undefined;
}

/** A job's place; it is to be ended. */
export interface Opened {
  offer(): Promise<void>;
  end(): void;
}

export interface Coordinator {
  readonly id: string;
  open(job: OpenJob): Opened;
  close(): Promise<void>;
}

export interface CoordinatorOptions {
  readonly server: QueueServer;
  /** What all trials are trained on. */
  readonly dataset: Pick<Dataset, "name" | "digest">;
  readonly times: Times;
  /** Told what the user should know, in a sentence. */
  readonly tell: (sentence: string) => void;
  /** How many threads of this release there are. */
  readonly onThreads: (threads: number) => void;
  /** What comes when its job is done. */
  readonly onLate: (gain: Brought, data: unknown) => Promise<void>;
}

/** A gain that is to be looked at again later. */
export class Early extends Error {}

type Listed = Omit<OpenJob, "poison"> & {
  /** When it was put, or something of it came in. */
  heard: number;
  poison: WidthwiseError | undefined;
  readonly offer: () => Promise<void>;
};

export async function createCoordinator({
  server,
  dataset,
  times,
  tell,
  onThreads,
  onLate,
}: CoordinatorOptions): Promise<Coordinator> {
  const { Queue, Worker, DelayedError } = server.bullmq;
  const id = `${hostname().slice(0, 40)}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const open = new Map<string, Listed>();
  const trials = new Queue(TRIALS, { ...server.shared, ...ADDING });
  const gainsQueue = new Queue(gainsOf(id), { ...server.shared, ...ADDING });
  const closing = new AbortController();
  let count = 0;
  let lastLooks = 0;
  for (const queue of [trials, gainsQueue]) queue.on("error", () => undefined);

  const leave = await beThere(
    server.redis,
    "coordinator",
    { id, name: hostname(), release: RELEASE, threads: 0 },
    GOOD_FOR * times.lease,
  );
  await tried(clearOthers);
  const gains = new Worker(gainsOf(id), (job, token) => receive(job, token), {
    ...server.shared,
    concurrency: 256,
    lockDuration: times.lease,
    stalledInterval: times.look,
    maxStalledCount: FOREVER,
    runRetryDelay: 1000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  gains.on("error", () => undefined);
  await tried(look);
  const ends = [repeatedly(times.look, look), repeatedly(times.silence / 3, offerAgain)];

  /** What a server may refuse, as one without room does: another coordinator does it later. */
  async function tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      tell(serverError(error).message);
    }
  }

  /** What is open of coordinators. */
  async function clear(ids: readonly string[]): Promise<void> {
    for (const one of ids) {
      const theirs = new Queue(gainsOf(one), { ...server.shared, ...ADDING });
      theirs.on("error", () => undefined);
      await theirs.obliterate({ force: true });
      await theirs.close();
    }
    if (ids.length === 0) return;
    for (const job of await trials.getJobs(["wait", "delayed"]))
      if (ids.some((one) => job.id?.startsWith(`${one}_`))) await job.remove();
  }

  async function clearOthers(): Promise<void> {
    const { gone } = await whoIsThere(server.redis, "coordinator");
    await clear(gone);
    await forget(server.redis, "coordinator", gone);
  }

  async function look(): Promise<void> {
    const { there, gone } = await whoIsThere(server.redis, "worker");
    await forget(server.redis, "worker", gone);
    const mine = there.filter(({ release }) => release === RELEASE);
    if (mine.length === 0)
      tell(
        there.length === 0
          ? "no worker is there yet; start some with: widthwise worker --queue …"
          : "no worker of this release of widthwise is there yet; start some with: widthwise worker --queue …",
      );
    onThreads(mine.reduce((sum, one) => sum + one.threads, 0));
  }

  async function offerAgain(): Promise<void> {
    const { waiting = 0 } = await gainsQueue.getJobCounts("waiting");
    for (const [job, one] of open) {
      if (one.poison !== undefined) continue;
      const state = await trials.getJobState(job);
      if (state === "failed") poison(one, await trials.getJob(job));
      if (state !== "unknown") continue;
      // What it came to may lie there.
      const isSilent = waiting === 0 && performance.now() - one.heard > times.silence;
      if (!isSilent || !open.has(job)) continue;
      one.heard = performance.now();
      await one.offer();
    }
    const poisoned = [...open.values()].filter(({ poison }) => poison !== undefined);
    lastLooks = poisoned.length < open.size ? 0 : lastLooks + 1;
    if (lastLooks < LAST_LOOKS) return;
    for (const { poison, fail } of poisoned) if (poison !== undefined) fail(poison);
  }

  function poison(one: Listed, job: BullJob | undefined): void {
    if (job === undefined) return;
    const reason = oneLine(job.failedReason);
    const why = reason.startsWith(ENDED) ? reason : `failed on its worker (${reason})`;
    one.poison = new WidthwiseError(`${one.name} ${why}; it is not given to another one`);
    tell(one.poison.message);
    one.onPoison?.(one.poison);
  }

  /** What came may be large, and waits until it is kept: BullMQ needs it no more. */
  function take(job: BullJob, gain: Brought, one: Listed | undefined): Promise<void> {
    const { data } = job as { data: unknown };
    job.data = null;
    return one === undefined ? onLate(gain, data) : one.take(gain, data);
  }

  async function receive(job: BullJob, token: string | undefined): Promise<void> {
    const gain = gainOf(job.data);
    if (gain === null) {
      tell("something came through the queue that is no gain of this release; it is not taken");
      return;
    }
    const one = open.get(gain.job);
    if (gain.kind === "refused") {
      if (one !== undefined)
        tell(
          `worker ${gain.worker.name} hands back what is trained on ${dataset.name} (${dataset.digest.slice(0, 12)}): ${gain.reason}`,
        );
      return;
    }
    const [before, now] = [one?.heard ?? 0, performance.now()];
    if (one !== undefined) one.heard = now;
    try {
      await take(job, gain, one);
    } catch (error) {
      if (!(error instanceof Early)) throw error;
      // It is no news where what is missing never comes.
      if (one?.heard === now) one.heard = before;
      await job.moveToDelayed(Date.now() + times.delay / 5, token);
      throw new DelayedError();
    }
  }

  return {
    id,
    open(job) {
      const name = `${id}_${++count}`;
      const offer = async () => {
        const payload = await job.payload();
        await insist(() => trials.add("job", payload, { jobId: name }), {
          ...{ onProblem: tell, delay: times.delay, signal: closing.signal },
        });
      };
      open.set(name, { ...job, poison: job.poison, heard: performance.now(), offer });
      return {
        offer,
        end() {
          open.delete(name);
        },
      };
    },
    async close() {
      for (const end of ends) end();
      const closed = new WidthwiseError("the queue was closed");
      closing.abort(closed);
      for (const { fail } of open.values()) fail(closed);
      await gains.close(true);
      // The next coordinator clears away what a server has that is not there now.
      if (server.redis.status !== "ready") return;
      await tried(async () => {
        await leave();
        await clear([id]);
      });
      await gainsQueue.close();
      await trials.close();
    },
  };
}
