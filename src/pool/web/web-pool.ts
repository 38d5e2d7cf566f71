// The pool for browsers: Web Workers that make kernel calls over shared memory, as Node's threads do, or, where a page
// may not share memory, workers that train whole trials by themselves.

import { checkDataset, type Dataset } from "../../data/dataset.ts";
import { kernelMemory, sharedMemory } from "../../kernel/host.ts";
import type { GivenParameters } from "../../model/initializations/initialization.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import type { ResumePoint, TrainedPass, TrialEnd } from "../../records/record.ts";
import { drivenPool, priorityOf, Turns } from "../driven-pool.ts";
import { checkMemory, type MemoryOptions } from "../memory.ts";
import type { Pool, TrainedWhole, Turn, TurnOptions, WholeTraining } from "../pool.ts";
import { bytesOfSmall, hasSmallTrials, isSmall } from "../small.ts";
import type { Request, Start } from "./messages.ts";
import { pause } from "./pause.ts";
import { sha256 } from "./sha256.ts";
import { startWorker, type WorkerClient, type WorkerCrash } from "./worker-client.ts";

export interface WebPool extends Pool {
  readonly sharesMemory: boolean;
  /** Ends all workers at once; trials under way fail. */
  close(): void;
}

export interface WebPoolOptions {
  readonly dataset: Dataset;
  readonly workers: number;
  readonly given?: GivenParameters | undefined;
  /** Of kernel-worker.ts, bundled. */
  readonly workerUrl: URL;
  /** Gives the kernel for shared memory, or that for private memory. */
  readonly kernel: (memory: "shared" | "private") => Promise<WebAssembly.Module>;
  /** Bytes that the page may use altogether. */
  readonly availableMemory: number;
  /** Whether memory is shared; defaults to whether this page may. */
  readonly shareMemory?: boolean;
  /** Told of a worker that has ended by itself; another one is in its place by then. */
  readonly onCrash?: ((crash: WorkerCrash) => void) | undefined;
}

/** Whether this page may share memory: it is isolated from other origins. */
export function mayShareMemory(): boolean {
  return globalThis.crossOriginIsolated && "SharedArrayBuffer" in globalThis;
}

/**
 * A pool that trains trials on a data set, made in a worker of its own, since driving trials takes time.
 * Throws InputError where the data set's parts do not belong together.
 */
export async function createWebPool(options: WebPoolOptions): Promise<WebPool> {
  const { dataset, workers, given, availableMemory, shareMemory = mayShareMemory() } = options;
  checkDataset(dataset);
  const check = (trials: readonly Trial[], options?: MemoryOptions) => {
    checkMemory(trials, dataset, workers, availableMemory, options);
  };
  const module = await options.kernel(shareMemory ? "shared" : "private");
  const on = { dataset, given };
  const whole = (train: WholeTraining["train"]): Pick<Pool, "whole"> =>
    hasSmallTrials(dataset)
      ? { whole: { batches: 2 * workers, isSmall: (trial) => isSmall(trial, dataset), train } }
      : {};
  const trainWhole = (crew: Crew, trials: readonly Trial[], room: Room | null) =>
    crew.use(
      (worker) =>
        worker.request({ kind: "trainWhole", trials, room }) as Promise<readonly TrainedWhole[]>,
    );
  if (!shareMemory) {
    const crew = await startCrew({ module, memory: null, on }, options);
    return {
      ...pinnedPool(crew, check, options),
      ...whole((trials) => trainWhole(crew, trials, null)),
      ...{ sharesMemory: false, close: crew.close },
    };
  }
  const memory = sharedMemory();
  const small = hasSmallTrials(dataset) ? on : null;
  const crew = await startCrew({ module, memory, on: small }, options);
  const host = kernelMemory(memory);
  const driven = drivenPool({
    ...{ dataset, workers, sha256, given, check, pause, host },
    now: () => performance.now(),
    run: (call) => crew.use((worker) => worker.request({ kind: "call", call }) as Promise<number>),
    measure: (call) =>
      crew.use(
        (worker) => worker.request({ kind: "measureIn", call }) as ReturnType<Turn["measure"]>,
      ),
  });
  return {
    ...{ check, sharesMemory: true },
    ...whole(async (trials) => {
      const bytes = Math.max(...trials.map((trial) => bytesOfSmall(trial, dataset)));
      const from = host.arena.allocate(bytes);
      try {
        return await trainWhole(crew, trials, { from, to: from + bytes });
      } finally {
        host.arena.free(from);
      }
    }),
    turn: (trial, asked) => driven.turn(trial, asked),
    close() {
      driven.clear();
      crew.close();
    },
  };
}

type Room = Extract<Request, { readonly kind: "trainWhole" }>["room"] & object;

/**
 * Workers, of which whoever uses one has it alone. One that crashes is replaced; where its successor cannot be started, the
 * others go on, and where none is left, whoever wants one is told, and whoever wants one then has all tried again.
 */
interface Crew {
  /** The first that is idle, sooner or later. */
  take(): Promise<WorkerClient>;
  give(worker: WorkerClient): void;
  use<Result>(work: (worker: WorkerClient) => Promise<Result>): Promise<Result>;
  close: () => void;
}

async function startCrew(
  start: Omit<Start, "alive">,
  { workers, workerUrl, onCrash }: WebPoolOptions,
): Promise<Crew> {
  const all: WorkerClient[] = [];
  const idle: WorkerClient[] = [];
  const waiting: ((worker: WorkerClient) => void)[] = [];
  let isReady = false;
  let isClosed = false;
  const isLost = () => all.every(({ hasCrashed }) => hasCrashed);
  const give = (worker: WorkerClient) => {
    if (worker.hasCrashed) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const hire = (place: number) => {
    all[place] = startWorker(workerUrl, start, (crash) => {
      if (isReady && crash.wasReady) hire(place);
      else if (isLost()) for (const next of waiting.splice(0)) next(all[place]);
      onCrash?.(crash);
    });
    give(all[place]);
  };
  const hireAll = () => {
    for (let place = 0; place < workers; place++) hire(place);
  };
  const close = () => {
    isClosed = true;
    for (const worker of all) worker.close();
    // Whoever waits for one learns that it is closed.
    for (const next of waiting.splice(0)) next(all[0]);
  };
  hireAll();
  try {
    await Promise.all(all.map(({ started }) => started));
  } catch (error) {
    close();
    throw error;
  }
  isReady = true;
  const take = async (): Promise<WorkerClient> => {
    if (isClosed) return all[0];
    if (isLost()) hireAll();
    for (;;) {
      const worker = idle.shift();
      if (worker === undefined) return new Promise((resolve) => waiting.push(resolve));
      if (!worker.hasCrashed) return worker;
    }
  };
  return {
    ...{ take, give, close },
    async use(work) {
      const worker = await take();
      try {
        return await work(worker);
      } finally {
        give(worker);
      }
    },
  };
}

/** Each trial stays with one worker from its turn's begin to its end. */
function pinnedPool(
  crew: Crew,
  check: (trials: readonly Trial[], options?: MemoryOptions) => void,
  { dataset, workers }: WebPoolOptions,
): Pool {
  const turns = new Turns(workers);
  return {
    check,
    turn: (trial, options = {}) =>
      turns.take(priorityOf(trial, dataset), options.signal, async (end) => {
        check([trial]);
        const worker = await crew.take();
        return {
          key: trialKey(trial.specification, sha256),
          train: (from) => trainOnWorker(worker, trial, from, options),
          measure: (parameters, choices) =>
            worker.request({ kind: "measure", trial, parameters, choices }) as ReturnType<
              Turn["measure"]
            >,
          end() {
            crew.give(worker);
            end();
          },
        };
      }),
  };
}

async function* trainOnWorker(
  worker: WorkerClient,
  trial: Trial,
  from: ResumePoint | null,
  { signal, pastDivergence = false }: TurnOptions,
): AsyncGenerator<TrainedPass, TrialEnd, undefined> {
  // A store's resume points have more than training takes.
  const point = from && { record: from.record, checkpoint: from.checkpoint };
  await worker.request({ kind: "train", trial, from: point, pastDivergence });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const next = (await worker.request({ kind: "next" })) as IteratorResult<
        TrainedPass,
        TrialEnd
      >;
      if (next.done === true) return next.value;
      yield next.value;
    }
  } finally {
    if (!worker.hasCrashed) await worker.request({ kind: "leave" });
  }
}
