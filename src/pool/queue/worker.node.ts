// A worker's end of a queue: takes jobs, trains them on this machine, and hands in what they come to.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Job as BullJob } from "bullmq";
import { WidthwiseError } from "../../base/errors.ts";
import { hex, type Sha256 } from "../../base/sha256.ts";
import type { Dataset } from "../../data/dataset.ts";
import { isScheduled } from "../../model/evaluation-schedule.ts";
import { givenDigest, type GivenParameters } from "../../model/initializations/initialization.ts";
import type { Parameters } from "../../model/network.ts";
import { shapeOf, type Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { unpackParameters } from "../../records/given-parameters.ts";
import type { ResumePoint, TrainedPass, TrialRecord } from "../../records/record.ts";
import type { Trainer } from "../../records/sitting.ts";
import type { Pool, TrainedWhole } from "../pool.ts";
import {
  fromBytes,
  fromOf,
  interpolatedBy,
  jobOf,
  jobPayload,
  refusalPayload,
  stretchPayload,
  wholePayload,
  type From,
  type Job,
  type Stretch,
} from "./messages.node.ts";
import type { Payload } from "./payload.node.ts";
import { beThere, isThere } from "./presence.node.ts";
import {
  ADDING,
  gainsOf,
  insist,
  MOST_DEATHS,
  RELEASE,
  TIMES,
  TRIALS,
  type QueueServer,
  type Times,
} from "./server.node.ts";

/** Milliseconds after which no other small trial of a batch is begun. */
const BATCH = 1000;

/** Hand-ins after which a coordinator that gives no sign of life is given up. */
const MOST_MISSED = 2;

/** Milliseconds that a worker which is to end takes for handing in. */
const PATIENCE = 20_000;

/** Share of its time that a worker gives for handing in, at the most. */
const HANDING_IN = 0.1;

export interface ClosablePool extends Pool {
  close(): Promise<void>;
}

export interface WorkerOptions {
  readonly server: QueueServer;
  readonly threads: number;
  readonly trainer: Trainer;
  readonly sha256: Sha256;
  /** The data set with this digest. Throws WidthwiseError where it is not to be had here. */
  readonly load: (digest: string, source: unknown) => Promise<Dataset>;
  readonly createPool: (dataset: Dataset, given: GivenParameters) => Promise<ClosablePool>;
  /** Ends the work: passes under way are trained to their end, and handed in. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
  readonly times?: Times;
  /** Deaths of its workers that a job is given; defaults to MOST_DEATHS. */
  readonly mostDeaths?: number;
}

export type WorkerEvent =
  | { readonly kind: "begun" | "ended" | "given back"; readonly trials: readonly Trial[] }
  | { readonly kind: "refused" | "problem"; readonly reason: string };

/** What trains on a data set. */
interface Ready {
  readonly pool: ClosablePool;
  readonly dataset: Dataset;
}

/** Trains what is in the queue until the signal aborts. */
export async function workOn(options: WorkerOptions): Promise<void> {
  const { server, threads, trainer, sha256, load, createPool, signal, onEvent } = options;
  const { times = TIMES, mostDeaths = MOST_DEATHS } = options;
  const { Queue, Worker, DelayedError, WaitingError } = server.bullmq;
  const id = `${hostname().slice(0, 40)}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const worker = { name: id, ...trainer };
  const pools = new Map<string, Promise<Ready>>();
  let handed = 0;
  /** After the signal, what cannot be handed in by then is not. */
  const giveUp = new AbortController();

  async function handIn(coordinator: string, payload: Payload): Promise<void> {
    const gains = new Queue(gainsOf(coordinator), { ...server.shared, ...ADDING });
    gains.on("error", () => undefined);
    try {
      const once = {
        jobId: `${id}_${++handed}`,
        ...{ attempts: 1000, backoff: { type: "fixed", delay: times.delay } },
      };
      await insist(() => gains.add("gain", payload, once), {
        ...{ delay: times.delay, signal: giveUp.signal },
        onProblem: (reason) => onEvent?.({ kind: "problem", reason }),
      });
    } finally {
      await gains.close();
    }
  }

  async function poolOf(asked: Job): Promise<Ready> {
    const name = [asked.dataset, ...asked.given.map((bytes) => hex(sha256(bytes)))].join();
    const known = pools.get(name);
    if (known !== undefined) return known;
    const made = load(asked.dataset, asked.source).then(async (dataset) => ({
      pool: await createPool(dataset, givenIn(asked, dataset)),
      dataset,
    }));
    pools.set(name, made);
    made.catch(() => pools.delete(name));
    return made;
  }

  /** Throws WidthwiseError where trials begin with others than come with them. */
  function givenIn({ trials, given }: Job, dataset: Dataset): GivenParameters {
    const found = new Map<string, Parameters>();
    for (const { specification } of trials) {
      const digest = givenDigest(specification.model);
      if (digest === null) continue;
      const shape = shapeOf({ specification }, dataset);
      const bytes = given.find((one) => hex(sha256(one)) === digest);
      const parameters = bytes && unpackParameters(bytes, shape);
      if (!parameters) throw new WidthwiseError("a job lacks what its trial begins with");
      found.set(digest, parameters);
    }
    return found;
  }

  async function refuse(
    job: BullJob,
    token: string | undefined,
    asked: Job | null,
    reason: string,
  ) {
    onEvent?.({ kind: "refused", reason });
    if (asked !== null)
      await handIn(asked.coordinator, refusalPayload({ job: job.id ?? "", worker }, reason));
    await job.moveToDelayed(Date.now() + times.delay, token);
    throw new DelayedError();
  }

  async function work(job: BullJob, token: string | undefined): Promise<void> {
    const asked = jobOf(job.data);
    if (asked === null)
      return refuse(job, token, null, "a job says what this release of widthwise does not know");
    if (!(await isThere(server.redis, "coordinator", asked.coordinator)))
      return refuse(job, token, null, `its coordinator ${asked.coordinator} is not there`);
    let ready;
    try {
      ready = await poolOf(asked);
      ready.pool.check(asked.trials);
    } catch (error) {
      if (!(error instanceof WidthwiseError)) throw error;
      return refuse(job, token, asked, error.message);
    }
    // What ends its worker is found among fewer and fewer.
    const most = Math.max(1, Math.floor(asked.trials.length / 4 ** job.stalledCounter));
    const trials = asked.trials.slice(0, most);
    onEvent?.({ kind: "begun", trials });
    const { pool, dataset } = ready;
    const count = asked.isWhole
      ? await trainBatch(job, { ...asked, trials }, pool)
      : await trainTrial(job, asked, pool, dataset);
    if (count > 0) {
      onEvent?.({ kind: "ended", trials: trials.slice(0, count) });
      return;
    }
    onEvent?.({ kind: "given back", trials });
    await job.moveToWait(token);
    throw new WaitingError();
  }

  /** How many of them were trained. */
  async function trainBatch(job: BullJob, { coordinator, trials }: Job, pool: Pool) {
    const { whole } = pool;
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
    } while (
      trained.length < trials.length &&
      performance.now() - begun < BATCH &&
      !signal.aborted
    );
    await handIn(coordinator, wholePayload({ job: job.id ?? "", worker }, trained));
    return trained.length;
  }

  /** 1 where it came to its end, else 0. */
  async function trainTrial(job: BullJob, asked: Job, pool: Pool, dataset: Dataset) {
    const { coordinator, trials } = asked;
    const [trial] = trials;
    const { specification } = trial;
    const sender = { job: job.id ?? "", worker };
    const from = asked.from && fromOf(asked.from, { specification, dataset });
    const turn = await pool.turn(trial);
    const training = turn.train(from && resumePoint(from, trial, turn.key));
    const since = from?.checkpoint.pass ?? 0;
    let after = from?.checkpoint.pass ?? -1;
    let interpolated = from?.interpolated ?? null;
    let pending: TrainedPass[] = [];
    let seconds = 0;
    let missed = 0;
    let next = performance.now() + times.stretch;
    const hand = async (end: Stretch["end"]) => {
      const began = performance.now();
      const last = pending.at(-1);
      const rows = pending.map(({ row }) => row);
      const checkpoint = last?.checkpoint ?? null;
      const stretch = { after, rows, checkpoint, since, seconds, end };
      await handIn(coordinator, stretchPayload(sender, turn.key, stretch));
      pending = [];
      if (last === undefined) return;
      after = last.checkpoint.pass;
      interpolated = interpolatedBy(
        interpolated,
        rows.map(({ evaluation }) => evaluation),
      );
      const { fingerprint } = last.row.evaluation;
      if (end === null) {
        const going = fromBytes({ checkpoint: last.checkpoint, fingerprint, interpolated });
        // Where that fails, whoever goes on begins earlier.
        await job.updateData(jobPayload({ ...asked, from: going })).catch(() => undefined);
      }
      const took = performance.now() - began;
      next = performance.now() + Math.max(times.stretch, took / HANDING_IN);
    };
    try {
      for (;;) {
        const { done, value } = await training.next();
        if (done === true) {
          await hand({ ending: value.ending, fingerprint: value.fingerprint });
          return 1;
        }
        const isLast = !isScheduled(specification.evaluate, value.checkpoint.pass);
        if (isLast && pending.length > 0) await hand(null);
        pending.push(value);
        ({ seconds } = value);
        const isDue = asked.everyPass || performance.now() >= next || signal.aborted;
        if (isLast || !isDue) continue;
        await hand(null);
        if (signal.aborted) return 0;
        missed = (await isThere(server.redis, "coordinator", coordinator)) ? 0 : missed + 1;
        if (missed > MOST_MISSED) return 0;
      }
    } finally {
      await training.return({ ending: { kind: "finished" }, fingerprint: "" });
      turn.end();
    }
  }

  const leave = await beThere(
    server.redis,
    "worker",
    () => ({ id, name: `${hostname()} ${process.pid}`, release: RELEASE, threads }),
    2 * times.lease,
  );
  const jobs = new Worker(TRIALS, (job, token) => work(job, token), {
    ...server.shared,
    concurrency: threads + 1,
    lockDuration: times.lease,
    stalledInterval: times.look,
    maxStalledCount: mostDeaths,
    runRetryDelay: 1000,
    removeOnComplete: { count: 0 },
  });
  jobs.on("error", () => undefined);
  try {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
  } finally {
    const timer = setTimeout(() => {
      giveUp.abort(new WidthwiseError("the queue's server does not take what was trained"));
    }, PATIENCE);
    await jobs.close();
    clearTimeout(timer);
    await leave();
    for (const one of pools.values())
      await one.then(({ pool }) => pool.close()).catch(() => undefined);
  }
}

/** What training looks at of a record: the fingerprint that it goes on from, and since when rules to stop by count. */
function resumePoint(
  { checkpoint, fingerprint, interpolated }: From,
  { specification }: Trial,
  key: string,
): ResumePoint {
  const score = (correct: number) => ({ objective: NaN, correct, examples: 1 });
  const row = (pass: number, isRight: boolean) => ({
    ...{ pass, fingerprint },
    ...{ train: score(isRight ? 1 : 0), test: score(0) },
  });
  const { pass } = checkpoint;
  const before = interpolated === null || interpolated === pass ? [] : [row(interpolated, true)];
  const record: TrialRecord = {
    ...{ key, specification, fingerprint, ending: { kind: "finished" } },
    trajectory: [...before, row(pass, interpolated === pass)],
    ...{ running_averages: [], seconds: 0 },
  };
  return { record, checkpoint };
}
