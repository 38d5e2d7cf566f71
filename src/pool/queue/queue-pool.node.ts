// A pool whose workers are elsewhere. It has a window of jobs open, and what comes back counts as taken once it is kept.

import { setMaxListeners } from "node:events";
import { deferred } from "../../base/deferred.ts";
import type { WidthwiseError } from "../../base/errors.ts";
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
import { createCoordinator, Early } from "./coordinator.node.ts";
import { differenceOf, Incoming } from "./incoming.node.ts";
import {
  fromBytes,
  interpolatedBy,
  jobPayload,
  stretchOf,
  wholeOf,
  type FromBytes,
  type Gain,
  type Job,
} from "./messages.node.ts";
import type { Payload } from "./payload.node.ts";
import { TIMES, type QueueServer, type Times } from "./server.node.ts";

/** Jobs that are open for each worker thread, so that none waits for the next. */
const OPEN_PER_THREAD = 4;
const LEAST_OPEN = 8;

/** Batches of small trials that wait for their turn. */
const BATCHES = 64;

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

export async function createQueuePool(options: QueuePoolOptions): Promise<QueuePool> {
  const { server, dataset, source, sha256, given, kept, measure, onProblem, onDifferent } = options;
  const { times = TIMES } = options;
  const turns = new Turns(LEAST_OPEN);
  const told = new Set<string>();
  /** Keys of small trials that no worker is given any more. */
  const poisoned = new Map<string, WidthwiseError>();
  /** Once each. */
  const tell = (sentence: string) => {
    if (told.has(sentence)) return;
    told.add(sentence);
    onProblem(sentence);
  };
  const coordinator = await createCoordinator({
    ...{ server, times, tell, onLate: late },
    onThreads(threads) {
      turns.concurrency = Math.max(LEAST_OPEN, OPEN_PER_THREAD * threads);
    },
  });

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

  const keyOf = ({ specification }: Trial) => trialKey(specification, sha256);

  const givenOf = (asked: readonly Trial[]) => {
    const digests = new Set(asked.map(({ specification }) => givenDigest(specification.model)));
    return [...digests].flatMap((digest) => {
      const parameters = digest === null ? undefined : given?.get(digest);
      return parameters === undefined ? [] : [packParameters(parameters)];
    });
  };

  const payloadOf = (asked: Pick<Job, "trials" | "from" | "isWhole" | "everyPass">): Payload =>
    jobPayload({
      ...{ coordinator: coordinator.id, dataset: dataset.digest, source, ...asked },
      given: givenOf(asked.trials),
    });

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
    let isBegun = false;
    let isEnded = false;
    const job = coordinator.open({
      name: nameOf(trial, key),
      async payload() {
        const newest = isBegun ? await kept(key, passes) : from;
        isBegun = true;
        return payloadOf({ ...asked, from: fromKept(newest) });
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
      await job.offer();
      for (;;) {
        const next = waiting.shift();
        if (next === undefined) {
          await Promise.race([arrived.promise, failed]);
          arrived = deferred();
          continue;
        }
        const { pass, end, onKept } = next;
        if (pass !== null) yield { ...pass, ...(end === null && { onKept }) };
        if (end === null) continue;
        isEnded = true;
        return { ...end, onKept };
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      job.end();
      if (!isEnded) fail(new Error("nobody waits for it any more"));
    }
  }

  /** Those that no worker is given any more come last, alone. */
  async function trainSmall(asked: readonly Trial[]): Promise<readonly TrainedWhole[]> {
    const priority = Math.max(...asked.map((trial) => priorityOf(trial, dataset)));
    const end = await turns.take(priority, undefined, (ended) => ended);
    try {
      for (;;) {
        const places = [...asked.keys()].filter(
          (at) => poisoned.size === 0 || !poisoned.has(keyOf(asked[at])),
        );
        if (places.length === 0) break;
        const trained = await trainBatch(places.map((at) => asked[at]));
        if (trained !== null) return trained.map((one, at) => ({ ...one, at: places[at] }));
      }
    } finally {
      end();
    }
    const key = keyOf(asked[0]);
    const { promise, reject: fail } = deferred<never>();
    const job = coordinator.open({
      ...{ name: nameOf(asked[0], key), fail, poison: poisoned.get(key) },
      payload: () => promise,
      take: () => Promise.resolve(),
    });
    try {
      return await promise;
    } finally {
      job.end();
    }
  }

  /** The first of them; null where the very first ends its workers. */
  async function trainBatch(asked: readonly Trial[]): Promise<TrainedWhole[] | null> {
    const { promise, resolve, reject: fail } = deferred<TrainedWhole[] | null>();
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
    const key = keyOf(asked[0]);
    const job = coordinator.open({
      ...{ name: nameOf(asked[0], key), take, fail },
      payload: () =>
        Promise.resolve(payloadOf({ trials: asked, from: null, isWhole: true, everyPass: false })),
      onPoison(why) {
        poisoned.set(key, why);
        resolve(null);
      },
    });
    try {
      await job.offer();
      return await promise;
    } finally {
      job.end();
    }
  }

  return {
    // What a worker's memory holds it says itself.
    check: () => undefined,
    async turn(trial, options = {}) {
      const { signal } = options;
      // Each of many trials listens to it.
      if (signal) setMaxListeners(0, signal);
      const key = keyOf(trial);
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
      turns.clear();
      await coordinator.close();
    },
  };
}

function nameOf({ specification: { model, training } }: Trial, key: string): string {
  return `trial ${key.slice(0, 12)} (hidden layers ${model.hidden.join(", ") || "none"}, rate ${training.learning_rate})`;
}
