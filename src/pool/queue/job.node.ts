// The life of a job at a worker. A coordinator has put it into the queue, and does so again where the server has lost it.
//
// 1. A worker takes it. What it cannot read, or has no data for, it leaves to others; what nobody waits for any more it drops.
// 2. One that has ended its workers again and again is trained alone, where no other can have been it, and in the end not at all.
// 3. A trial is handed in piece by piece, and after each of them another worker could go on with it; small ones whole.
// 4. It is done, and gone; or its worker is to end, and gives it back.
//
// What is handed in lies at the server until the coordinator has it kept.

import type { Job as BullJob } from "bullmq";
import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import type { Pool, TrainedWhole } from "../pool.ts";
import type { Admission, Place } from "./admission.node.ts";
import {
  jobOf,
  jobPayload,
  refusalPayload,
  stretchPayload,
  wholePayload,
  type Job,
  type WorkerName,
} from "./messages.node.ts";
import type { Payload } from "./payload.node.ts";
import { trainInPieces } from "./pieces.node.ts";
import { isThere } from "./presence.node.ts";
import { ENDED, type QueueServer, type Times } from "./server.node.ts";
import type { Ready, Taken, WorkerPools } from "./worker-pools.node.ts";

/** Milliseconds after which no other small trial of a batch is begun. */
const BATCH = 1000;

export type WorkerEvent =
  | { readonly kind: "begun" | "ended" | "given back"; readonly trials: readonly Trial[] }
  | { readonly kind: "refused" | "problem"; readonly reason: string };

/** What a worker has for all of its jobs. */
export interface JobContext {
  readonly server: QueueServer;
  readonly worker: WorkerName;
  readonly pools: WorkerPools;
  readonly admission: Admission;
  readonly sha256: Sha256;
  readonly times: Times;
  /** Deaths of its workers that a job is given. */
  readonly mostDeaths: number;
  /** Ends the work. */
  readonly signal: AbortSignal;
  /** Tells whether the coordinator is there. */
  readonly handIn: (coordinator: string, payload: Payload) => Promise<boolean>;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** Resolves where the job is done; else throws what tells BullMQ where it is now, or why it has failed. */
export async function work(
  job: BullJob,
  token: string | undefined,
  context: JobContext,
): Promise<void> {
  const { server, pools, admission, mostDeaths, signal, onEvent } = context;
  const asked = jobOf(job.data);
  if (asked === null)
    return refuse(
      job,
      token,
      null,
      "a job says what this release of widthwise does not know",
      context,
    );
  if (!(await isThere(server.redis, "coordinator", asked.coordinator))) return;
  // Begun so often since something of it was last handed in.
  const deaths = Number(job.progress);
  if (deaths >= mostDeaths) throw new WidthwiseError(`${ENDED}, ${deaths} of them`);
  const place = await admission.enter(2 * deaths >= mostDeaths);
  let taken: Taken | undefined;
  try {
    if (signal.aborted) return await giveBack(job, token, asked.trials, context);
    await count(job, deaths + 1);
    try {
      taken = await pools.take(asked);
    } catch (error) {
      if (!(error instanceof WidthwiseError)) throw error;
      await count(job, deaths);
      return await refuse(job, token, asked, error.message, context);
    }
    // What ends its worker is found among fewer and fewer.
    const most = Math.max(1, Math.floor(asked.trials.length / 4 ** deaths));
    const trials = asked.trials.slice(0, most);
    onEvent({ kind: "begun", trials });
    const trained = asked.isWhole
      ? await trainBatch(job, { ...asked, trials }, taken.pool, context)
      : await trainTrial(job, asked, taken, place, deaths > 0, context);
    if (trained === 0) return await giveBack(job, token, trials, context);
    onEvent({ kind: "ended", trials: trials.slice(0, trained) });
  } finally {
    place.leave();
    await taken?.end();
  }
}

/** Where the server does not take it, it counts the next time. */
async function count(job: BullJob, deaths: number): Promise<void> {
  await job.updateProgress(deaths).catch(() => undefined);
}

async function refuse(
  job: BullJob,
  token: string | undefined,
  asked: Job | null,
  reason: string,
  { server, worker, times, handIn, onEvent }: JobContext,
): Promise<never> {
  onEvent({ kind: "refused", reason });
  if (asked !== null)
    await handIn(asked.coordinator, refusalPayload({ job: job.id ?? "", worker }, reason));
  await job.moveToDelayed(Date.now() + times.delay, token);
  throw new server.bullmq.DelayedError();
}

async function giveBack(
  job: BullJob,
  token: string | undefined,
  trials: readonly Trial[],
  { server, onEvent }: JobContext,
): Promise<never> {
  onEvent({ kind: "given back", trials });
  await job.moveToWait(token);
  throw new server.bullmq.WaitingError();
}

/** How many of them were trained. */
async function trainBatch(
  job: BullJob,
  { coordinator, trials }: Job,
  { whole }: Pool,
  { worker, sha256, signal, handIn }: JobContext,
): Promise<number> {
  if (whole === undefined || !trials.every((trial) => whole.isSmall(trial)))
    throw new Error("a batch of trials that are not small");
  const begun = performance.now();
  const trained: (TrainedWhole & { readonly key: string })[] = [];
  do {
    const made = await whole.train(trials.slice(trained.length));
    for (const one of made) {
      const { specification } = trials[trained.length];
      trained.push({ ...one, key: trialKey(specification, sha256) });
    }
  } while (trained.length < trials.length && performance.now() - begun < BATCH && !signal.aborted);
  await handIn(coordinator, wholePayload({ job: job.id ?? "", worker }, trained));
  return trained.length;
}

/** 1 where it came to its end, else 0; `isSuspect`: it ended a worker, perhaps. */
async function trainTrial(
  job: BullJob,
  asked: Job,
  ready: Ready,
  place: Place,
  isSuspect: boolean,
  { worker, admission, times, signal, handIn }: JobContext,
): Promise<number> {
  let isCounted = true;
  const isEnded = await trainInPieces(asked, ready, {
    every: times.stretch,
    before: isSuspect ? 0 : times.stretch,
    isToStop: () => signal.aborted || admission.isAwaited,
    handIn: (key, stretch) =>
      handIn(asked.coordinator, stretchPayload({ job: job.id ?? "", worker }, key, stretch)),
    async onHandedIn(from) {
      // Where that fails, whoever goes on begins earlier.
      await job.updateData(jobPayload({ ...asked, from })).catch(() => undefined);
      if (isCounted) await count(job, 0);
      isCounted = false;
      place.admitOthers();
    },
  });
  return isEnded ? 1 : 0;
}
