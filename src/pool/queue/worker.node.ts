// A worker's end of a queue: takes jobs, several at a time, hands in what they come to, and ends when it is told to.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { WidthwiseError } from "../../base/errors.ts";
import type { Trainer } from "../../records/sitting.ts";
import { Admission } from "./admission.node.ts";
import { work, type WorkerEvent } from "./job.node.ts";
import type { Payload } from "./payload.node.ts";
import { beThere, isThere, remember } from "./presence.node.ts";
import {
  ADDING,
  FOREVER,
  gainsOf,
  insist,
  isRefusal,
  MOST_DEATHS,
  RELEASE,
  serverError,
  TIMES,
  TRIALS,
  watch,
  type QueueServer,
  type Times,
} from "./server.node.ts";
import { WorkerPools, type WorkerPoolsOptions } from "./worker-pools.node.ts";

export interface WorkerOptions extends WorkerPoolsOptions {
  readonly server: QueueServer;
  readonly threads: number;
  readonly trainer: Trainer;
  /** Ends the work: passes under way are trained to their end, and handed in. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
  readonly times?: Times;
  /** Deaths of its workers that a job is given; defaults to MOST_DEATHS. */
  readonly mostDeaths?: number;
}

/** Trains what is in the queue until the signal aborts. */
export async function workOn(options: WorkerOptions): Promise<void> {
  const { server, threads, trainer, sha256, signal, onEvent = () => undefined } = options;
  const { times = TIMES, mostDeaths = MOST_DEATHS } = options;
  const { Queue, Worker, WaitingError } = server.bullmq;
  const id = `${hostname().slice(0, 40)}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const pools = new WorkerPools(options);
  const onProblem = (reason: string) => {
    onEvent({ kind: "problem", reason });
  };
  let handed = 0;
  /** After the signal, what cannot be handed in by then is not. */
  const giveUp = new AbortController();

  async function handIn(coordinator: string, payload: Payload): Promise<boolean> {
    const gains = new Queue(gainsOf(coordinator), { ...server.shared, ...ADDING });
    gains.on("error", () => undefined);
    const once = {
      jobId: `${id}_${++handed}`,
      ...{ attempts: 1000, backoff: { type: "fixed", delay: times.delay } },
    };
    try {
      await insist(() => gains.add("gain", payload, once), {
        ...{ onProblem, delay: times.delay, signal: giveUp.signal },
      });
    } finally {
      await gains.close();
    }
    if (await isThere(server.redis, "coordinator", coordinator)) return true;
    // Whoever comes next clears it away.
    await remember(server.redis, "coordinator", coordinator).catch(() => undefined);
    return false;
  }

  const leave = await beThere(
    server.redis,
    "worker",
    { id, name: `${hostname()} ${process.pid}`, release: RELEASE, threads },
    2 * times.lease,
  );
  const context = {
    ...{ server, pools, sha256, times, mostDeaths, signal, handIn, onEvent },
    worker: { name: id, ...trainer },
    admission: new Admission(),
  };
  const jobs = new Worker(
    TRIALS,
    (job, token) =>
      work(job, token, context).catch((error: unknown) => {
        if (isRefusal(error)) onProblem(serverError(error).message);
        // It is another one's when its lease has run out.
        throw isRefusal(error) || giveUp.signal.aborted ? new WaitingError() : error;
      }),
    {
      ...server.shared,
      concurrency: threads + 1,
      lockDuration: times.lease,
      stalledInterval: times.look,
      // They are counted by what begins one (job.node.ts).
      maxStalledCount: FOREVER,
      runRetryDelay: 1000,
      removeOnComplete: { count: 0 },
    },
  );
  jobs.on("error", () => undefined);
  const unwatch = watch(server, onProblem);
  await aborted(signal);
  const timer = setTimeout(() => {
    giveUp.abort(new WidthwiseError("the queue's server does not take what was trained"));
  }, 2 * times.lease);
  try {
    await Promise.race([jobs.close().then(leave), aborted(giveUp.signal)]);
  } finally {
    clearTimeout(timer);
    unwatch();
    await pools.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => {
      resolve();
    });
  });
}
