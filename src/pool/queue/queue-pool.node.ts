// The coordinator's end of a queue: a pool whose workers are elsewhere. It has a window of jobs open, and what comes back
// counts as taken once it is kept.

import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { hostname } from "node:os";
import type { Job as BullJob } from "bullmq";
import { deferred } from "../../base/deferred.ts";
import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Dataset } from "../../data/dataset.ts";
import { givenDigest, type GivenParameters } from "../../model/initializations/initialization.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { packParameters } from "../../records/given-parameters.ts";
import {
  evaluationOf,
  type ResumePoint,
  type TrainedPass,
  type TrialEnd,
} from "../../records/record.ts";
import { priorityOf, Turns } from "../driven-pool.ts";
import type { Pool, TrainedWhole, TurnOptions } from "../pool.ts";
import { hasSmallTrials, isSmall } from "../small.ts";
import { differenceOf, Incoming } from "./incoming.node.ts";
import {
  fromBytes,
  gainOf,
  interpolatedBy,
  jobPayload,
  stretchOf,
  wholeOf,
  type FromBytes,
  type Gain,
  type Job,
} from "./messages.node.ts";
import { beThere, forget, whoIsThere } from "./presence.node.ts";
import {
  ADDING,
  gainsOf,
  insist,
  RELEASE,
  TIMES,
  TRIALS,
  type QueueServer,
  type Times,
} from "./server.node.ts";

/** Jobs that are open for each worker thread, so that none waits for the next. */
const OPEN_PER_THREAD = 4;
const LEAST_OPEN = 8;

/** Batches of small trials that wait for their turn. */
const BATCHES = 64;

/** Signs of life that may be missed. */
const GOOD_FOR = 4;

/** What a worker has handed in that is another one than what is kept. */
export interface Different {
  readonly key: string;
  /** The first pass that differs. */
  readonly pass: number;
  readonly worker: string;
  /** As it came. */
  readonly data: unknown;
}

export interface QueuePoolOptions {
  readonly server: QueueServer;
  readonly dataset: Dataset;
  /** Where it comes from, for workers that have to find it; null for a file of the user's. */
  readonly source: unknown;
  readonly sha256: Sha256;
  readonly given?: GivenParameters | undefined;
  /** Of a trial, up to so many passes: what is kept and training can go on from. */
  readonly kept: (key: string, passes: number) => Promise<ResumePoint | null>;
  /** Measures on this machine. */
  readonly measure: Pool["turn"];
  /** Told what the user should know, in a sentence. */
  readonly onProblem: (sentence: string) => void;
  readonly onDifferent: (different: Different) => void;
  readonly times?: Times;
}

export interface QueuePool extends Pool {
  close(): Promise<void>;
}

/** A job that is open. */
interface Open {
  /** Of its trial, or the first of several, which is tried last where workers end. */
  readonly name: string;
  /** When it was put, or something of it came in. */
  heard: number;
  /** Puts it again, with what is kept by now. */
  readonly offer: () => Promise<void>;
  /** Resolves when what has come is kept. */
  readonly take: (gain: Gain, data: unknown) => Promise<void>;
  readonly fail: (error: Error) => void;
  /** Why no worker will train it. */
  poison?: WidthwiseError;
}

/** What is to be looked at again later. */
class Early extends Error {}

export async function createQueuePool(options: QueuePoolOptions): Promise<QueuePool> {
  const { server, dataset, source, sha256, given, kept, measure, onProblem, onDifferent } = options;
  const { times = TIMES } = options;
  const { Queue, Worker, DelayedError } = server.bullmq;
  const id = `${hostname().slice(0, 40)}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const open = new Map<string, Open>();
  const turns = new Turns(LEAST_OPEN);
  const trials = new Queue(TRIALS, { ...server.shared, ...ADDING });
  const gainsQueue = new Queue(gainsOf(id), { ...server.shared, ...ADDING });
  const told = new Set<string>();
  const closing = new AbortController();
  let count = 0;
  /** Once each. */
  const tell = (sentence: string) => {
    if (told.has(sentence)) return;
    told.add(sentence);
    onProblem(sentence);
  };
  for (const queue of [trials, gainsQueue]) queue.on("error", () => undefined);

  const leave = await beThere(
    server.redis,
    "coordinator",
    () => ({ id, name: hostname(), release: RELEASE, threads: 0 }),
    GOOD_FOR * times.lease,
  );
  await clearOthers();
  const gains = new Worker(gainsOf(id), (job, token) => receive(job, token), {
    ...server.shared,
    concurrency: 256,
    lockDuration: times.lease,
    stalledInterval: times.look,
    maxStalledCount: 1_000_000,
    runRetryDelay: 1000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  gains.on("error", () => undefined);
  await look();
  const timers = [
    setInterval(() => void look().catch(() => undefined), times.look),
    setInterval(() => void offerAgain().catch(() => undefined), times.silence / 3),
  ];
  for (const timer of timers) timer.unref();

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
    for (const other of gone) await forget(server.redis, "coordinator", other);
  }

  async function look(): Promise<void> {
    const { there } = await whoIsThere(server.redis, "worker");
    const mine = there.filter(({ release }) => release === RELEASE);
    if (mine.length === 0)
      tell(
        there.length === 0
          ? "no worker is there yet; start some with: widthwise worker --queue …"
          : "no worker of this release of widthwise is there yet; start some with: widthwise worker --queue …",
      );
    const threads = mine.reduce((sum, one) => sum + one.threads, 0);
    turns.concurrency = Math.max(LEAST_OPEN, OPEN_PER_THREAD * threads);
  }

  async function offerAgain(): Promise<void> {
    const { waiting = 0 } = await gainsQueue.getJobCounts("waiting");
    for (const [job, one] of open) {
      if (one.poison !== undefined) continue;
      const found = await trials.getJob(job);
      if (found !== undefined) {
        if (await found.isFailed()) tell((one.poison = poisonOf(one.name, found)).message);
        continue;
      }
      // What it came to may lie there.
      const isSilent = waiting === 0 && performance.now() - one.heard > times.silence;
      if (!isSilent || !open.has(job)) continue;
      one.heard = performance.now();
      await one.offer();
    }
    const poisoned = [...open.values()].filter(({ poison }) => poison !== undefined);
    // Once nothing else is being trained.
    if (poisoned.length < open.size) return;
    for (const { poison, fail } of poisoned) if (poison !== undefined) fail(poison);
  }

  function poisonOf(name: string, { failedReason, stalledCounter }: BullJob): WidthwiseError {
    const why = failedReason.includes("stalled")
      ? `ended its workers, ${stalledCounter} of them`
      : `failed on its worker (${failedReason})`;
    return new WidthwiseError(`${name} ${why}; it is not given to another one`);
  }

  async function receive(job: BullJob, token: string | undefined): Promise<void> {
    const gain = gainOf(job.data);
    if (gain === null) {
      tell("something came through the queue that is no gain of this release; it is not taken");
      return;
    }
    try {
      const one = open.get(gain.job);
      if (one === undefined) await late(gain, job.data);
      else {
        one.heard = performance.now();
        await one.take(gain, job.data);
      }
    } catch (error) {
      if (!(error instanceof Early)) throw error;
      await job.moveToDelayed(Date.now() + times.delay / 5, token);
      throw new DelayedError();
    }
  }

  /** What comes when its job is done: nothing of it is lacking, but it may differ. */
  async function late(gain: Gain, data: unknown): Promise<void> {
    const parts = gain.kind === "whole" ? gain.trained : gain.kind === "stretch" ? [gain] : [];
    for (const part of parts) {
      const { key } = part;
      const record = (await kept(key, Infinity))?.record;
      if (record === undefined) continue;
      const trained = { specification: record.specification, dataset };
      const rows =
        "stretch" in part
          ? stretchOf(part.stretch, trained)?.rows.map(({ evaluation }) => evaluation)
          : wholeOf(part, trained, sha256)?.evaluations;
      const pass = rows ? differenceOf(rows, record) : null;
      if (pass !== null) onDifferent({ key, pass, worker: gain.worker.name, data });
    }
  }

  const givenOf = (asked: readonly Trial[]) => {
    const digests = new Set(asked.map(({ specification }) => givenDigest(specification.model)));
    return [...digests].flatMap((digest) => {
      const parameters = digest === null ? undefined : given?.get(digest);
      return parameters === undefined ? [] : [packParameters(parameters)];
    });
  };

  function put(
    job: string,
    asked: Pick<Job, "trials" | "from" | "isWhole" | "everyPass">,
  ): Promise<unknown> {
    const payload = jobPayload({
      ...{ coordinator: id, dataset: dataset.digest, source, ...asked },
      given: givenOf(asked.trials),
    });
    const name = asked.isWhole ? "batch" : "trial";
    return insist(() => trials.add(name, payload, { jobId: job }), {
      ...{ onProblem: tell, delay: times.delay, signal: closing.signal },
    });
  }

  const refusal = ({ worker, reason }: Extract<Gain, { kind: "refused" }>) => {
    tell(`worker ${worker.name}: ${reason}`);
  };

  function fromKept(point: ResumePoint | null): FromBytes | null {
    if (point === null) return null;
    const { record, checkpoint } = point;
    const { fingerprint } = evaluationOf(record, checkpoint.pass);
    const rows = record.trajectory.filter(({ pass }) => pass <= checkpoint.pass);
    return fromBytes({ checkpoint, fingerprint, interpolated: interpolatedBy(null, rows) });
  }

  async function* trainTrial(
    trial: Trial,
    key: string,
    from: ResumePoint | null,
    { signal, everyPass = false }: TurnOptions,
  ): AsyncGenerator<TrainedPass, TrialEnd, undefined> {
    const job = `${id}_${++count}`;
    const { specification, passes } = trial;
    const known = async () => (await kept(key, passes))?.record ?? null;
    const incoming = new Incoming(trial, key, from, known, sha256);
    const { promise: failed, reject: fail } = deferred<never>();
    failed.catch(() => undefined);
    const abort = () => {
      fail(signal?.reason as Error);
    };
    signal?.addEventListener("abort", abort);
    const asked = { trials: [trial], isWhole: false, everyPass };
    let arrived = deferred();
    const waiting: { pass: TrainedPass | null; end: TrialEnd | null; onKept: () => void }[] = [];
    let before: Promise<unknown> = Promise.resolve();
    const take = async (gain: Gain, data: unknown) => {
      if (gain.kind === "refused") {
        refusal(gain);
        return;
      }
      const { worker } = gain;
      const bad = `worker ${worker.name} handed in passes of trial ${key.slice(0, 12)} that do not fit its fingerprints; they are not taken`;
      const stretch =
        gain.kind === "stretch" && gain.key === key
          ? stretchOf(gain.stretch, { specification, dataset })
          : null;
      const found = stretch && (await incoming.take(stretch, worker));
      if (found === null || found.kind === "unsound") tell(bad);
      else if (found.kind === "early") throw new Early();
      else if (found.kind === "differs")
        onDifferent({ key, pass: found.pass, worker: worker.name, data });
      else if (found.kind === "new") {
        const { promise: isKept, resolve: onKept } = deferred();
        waiting.push({
          ...found,
          onKept: () => {
            onKept(undefined);
          },
        });
        arrived.resolve(undefined);
        await Promise.race([isKept, failed]);
      }
    };
    open.set(job, {
      name: nameOf(trial, key),
      heard: performance.now(),
      async offer() {
        await put(job, { ...asked, from: fromKept(await kept(key, passes)) });
      },
      take: (gain, data) => {
        const taken = before.then(() => take(gain, data));
        before = taken.catch(() => undefined);
        return taken;
      },
      fail,
    });
    try {
      signal?.throwIfAborted();
      await put(job, { ...asked, from: fromKept(from) });
      for (;;) {
        const next = waiting.shift();
        if (next === undefined) {
          await Promise.race([arrived.promise, failed]);
          arrived = deferred();
          continue;
        }
        const { pass, end, onKept } = next;
        if (pass !== null) yield { ...pass, ...(end === null && { onKept }) };
        if (end !== null) return { ...end, onKept };
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      open.delete(job);
      fail(new Error("nobody waits for it any more"));
    }
  }

  async function trainSmall(asked: readonly Trial[]): Promise<readonly TrainedWhole[]> {
    const priority = Math.max(...asked.map((trial) => priorityOf(trial, dataset)));
    const end = await turns.take(priority, undefined, (ended) => ended);
    const job = `${id}_${++count}`;
    const { promise, resolve, reject: fail } = deferred<TrainedWhole[]>();
    const take = async (gain: Gain) => {
      if (gain.kind === "refused") refusal(gain);
      if (gain.kind !== "whole") return;
      const { machine, versions, name } = gain.worker;
      const found = gain.trained.map((one, at) => {
        const trial = asked.at(at);
        return trial ? wholeOf(one, { ...trial, dataset }, sha256) : null;
      });
      const trained = found.filter((one) => one !== null);
      if (trained.length < found.length) {
        tell(
          `worker ${name} handed in small trials that are none of those asked for; they are not taken`,
        );
        return;
      }
      const { promise: isKept, resolve: onKept } = deferred();
      const last = trained.length - 1;
      resolve(
        trained.map(({ whole }, at) => ({
          ...whole,
          trainer: { machine, versions },
          ...(at === last && {
            onKept: () => {
              onKept(undefined);
            },
          }),
        })),
      );
      await isKept;
    };
    const offer = async () => {
      await put(job, { trials: asked, from: null, isWhole: true, everyPass: false });
    };
    const [first] = asked;
    const name = nameOf(first, trialKey(first.specification, sha256));
    open.set(job, { name, heard: performance.now(), offer, take, fail });
    try {
      await offer();
      return await promise;
    } finally {
      open.delete(job);
      end();
    }
  }

  return {
    // What a worker's memory holds it says itself.
    check: () => undefined,
    async turn(trial, options = {}) {
      const { signal } = options;
      // Each of many trials listens to it.
      if (signal) setMaxListeners(0, signal);
      const key = trialKey(trial.specification, sha256);
      return turns.take(priorityOf(trial, dataset), signal, (end) => ({
        key,
        train: (from) => trainTrial(trial, key, from, options),
        async measure(parameters, choices) {
          const turn = await measure(trial, { signal });
          try {
            return await turn.measure(parameters, choices);
          } finally {
            turn.end();
          }
        },
        end,
      }));
    },
    ...(hasSmallTrials(dataset) && {
      whole: {
        batches: BATCHES,
        isSmall: (trial: Trial) => isSmall(trial, dataset),
        train: trainSmall,
      },
    }),
    async close() {
      for (const timer of timers) clearInterval(timer);
      closing.abort(new WidthwiseError("the queue was closed"));
      turns.clear();
      for (const { fail } of open.values()) fail(new WidthwiseError("the queue was closed"));
      await gains.close(true);
      await leave();
      await clear([id]);
      await gainsQueue.close();
      await trials.close();
    },
  };
}

function nameOf({ specification: { model, training } }: Trial, key: string): string {
  return `trial ${key.slice(0, 12)} (hidden layers ${model.hidden.join(", ") || "none"}, rate ${training.learning_rate})`;
}
