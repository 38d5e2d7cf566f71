// A pool whose workers are elsewhere. It has a window of jobs open, and what comes back counts as taken once it is kept.

import { setMaxListeners } from "node:events";
import { givenDigest, type GivenParameters } from "../../model/initializations/initialization.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { packParameters } from "../../records/given-parameters.ts";
import { priorityOf, Turns } from "../driven-pool.ts";
import type { Pool, TrainedWhole } from "../pool.ts";
import { hasSmallTrials, isSmall } from "../small.ts";
import { createCoordinator } from "./coordinator.node.ts";
import { IncomingBatches } from "./incoming-batches.node.ts";
import { incomingTrial, type IncomingContext } from "./incoming-trial.node.ts";
import { differenceOf } from "./incoming.node.ts";
import { jobPayload, stretchOf, wholeOf, type Brought } from "./messages.node.ts";
import { TIMES, watch, type QueueServer, type Times } from "./server.node.ts";

/** Jobs that are open for each worker thread, so that none waits for the next. */
const OPEN_PER_THREAD = 4;
const LEAST_OPEN = 8;

/** Batches of small trials that wait for their turn. */
const BATCHES = 64;

/** Sentences that are told once. */
const MOST_TOLD = 1000;

export interface QueuePoolOptions extends Pick<
  IncomingContext,
  "dataset" | "sha256" | "kept" | "onDifferent"
> {
  readonly server: QueueServer;
  /** Where the data set comes from, for workers that have to find it. */
  readonly source: unknown;
  readonly given?: GivenParameters | undefined;
  /** Measures on this machine. */
  readonly measure: Pool["turn"];
  /** Told what the user should know, in a sentence. */
  readonly onProblem: (sentence: string) => void;
  readonly times?: Times;
}

export interface QueuePool extends Pool {
  close(): Promise<void>;
}

export async function createQueuePool(options: QueuePoolOptions): Promise<QueuePool> {
  const { server, dataset, source, sha256, given, kept, measure, onProblem, onDifferent } = options;
  const { times = TIMES } = options;
  const turns = new Turns(LEAST_OPEN);
  const tell = once(onProblem);
  const coordinator = await createCoordinator({
    ...{ server, dataset, times, tell, onLate },
    onThreads(threads) {
      turns.concurrency = Math.max(LEAST_OPEN, OPEN_PER_THREAD * threads);
    },
  });
  const context: IncomingContext = {
    ...{ dataset, sha256, kept, tell, onDifferent },
    open: (trial, key, job) => coordinator.open({ ...job, name: nameOf(trial, key) }),
    payloadOf: (asked) =>
      jobPayload({
        ...{ coordinator: coordinator.id, dataset: dataset.digest, source, ...asked },
        given: givenOf(asked.trials, given),
      }),
  };
  const batches = new IncomingBatches(context);
  const unwatch = watch(server, onProblem);

  /** What comes when its job is done: nothing of it is lacking, but it may differ. */
  async function onLate(gain: Brought, data: unknown): Promise<void> {
    for (const part of gain.kind === "whole" ? gain.trained : [gain]) {
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

  async function trainSmall(asked: readonly Trial[]): Promise<readonly TrainedWhole[]> {
    const priority = Math.max(...asked.map((trial) => priorityOf(trial, dataset)));
    const end = await turns.take(priority, undefined, (ended) => ended);
    let trained;
    try {
      trained = await batches.train(asked);
    } finally {
      end();
    }
    return trained ?? batches.failAtLast(asked[0]);
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
        train: (from) => incomingTrial({ trial, key, from }, options, context),
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
      unwatch();
      await coordinator.close();
    },
  };
}

function nameOf({ specification: { model, training } }: Trial, key: string): string {
  return `trial ${key.slice(0, 12)} (hidden layers ${model.hidden.join(", ") || "none"}, rate ${training.learning_rate})`;
}

function givenOf(asked: readonly Trial[], given: GivenParameters | undefined): Uint8Array[] {
  const digests = new Set(asked.map(({ specification }) => givenDigest(specification.model)));
  return [...digests].flatMap((digest) => {
    const parameters = digest === null ? undefined : given?.get(digest);
    return parameters === undefined ? [] : [packParameters(parameters)];
  });
}

/** Tells each sentence once; again where very many others have come. */
function once(onProblem: (sentence: string) => void): (sentence: string) => void {
  const told = new Set<string>();
  return (sentence) => {
    if (told.has(sentence)) return;
    if (told.size === MOST_TOLD) told.clear();
    told.add(sentence);
    onProblem(sentence);
  };
}
