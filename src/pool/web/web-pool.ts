// The pool for browsers: Web Workers that make kernel calls over shared memory, as Node's threads do, or, where a page
// may not share memory, workers that train whole trials by themselves.

import { checkDataset, type Dataset } from "../../data/dataset.ts";
import { kernelMemory, sharedMemory } from "../../kernel/host.ts";
import type { GivenParameters } from "../../model/initializations/initialization.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import type { ResumePoint, TrainedPass, TrialEnd } from "../../records/record.ts";
import { drivenPool, priorityOf, Turns } from "../driven-pool.ts";
import { checkMemory } from "../memory.ts";
import type { Pool, Turn, TurnOptions } from "../pool.ts";
import type { Start } from "./messages.ts";
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
  const check = (trials: readonly Trial[], keepsRecords = false) => {
    checkMemory(trials, dataset, workers, availableMemory, keepsRecords);
  };
  const module = await options.kernel(shareMemory ? "shared" : "private");
  if (!shareMemory) {
    const crew = await startCrew({ module, on: { dataset, given } }, options);
    return { ...pinnedPool(crew, check, options), sharesMemory: false, close: crew.close };
  }
  const memory = sharedMemory();
  const crew = await startCrew({ module, on: { memory } }, options);
  const driven = drivenPool({
    ...{ dataset, workers, sha256, given, check, pause },
    host: kernelMemory(memory),
    now: () => performance.now(),
    run: (call) => crew.use((worker) => worker.request({ kind: "call", call }) as Promise<number>),
    measure: (call) =>
      crew.use(
        (worker) => worker.request({ kind: "measureIn", call }) as ReturnType<Turn["measure"]>,
      ),
  });
  return {
    ...{ check, sharesMemory: true },
    turn: (trial, asked) => driven.turn(trial, asked),
    close() {
      driven.clear();
      crew.close();
    },
  };
}

/** Workers, of which whoever uses one has it alone; one that crashes is replaced. */
interface Crew {
  /** There must be fewer users than workers. */
  take(): WorkerClient;
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
  let isReady = false;
  const hire = (place: number) => {
    all[place] = startWorker(workerUrl, start, (crash) => {
      // One that cannot even be started would be replaced for ever.
      if (isReady) hire(place);
      onCrash?.(crash);
    });
    idle.push(all[place]);
  };
  const close = () => {
    for (const worker of all) worker.close();
  };
  for (let place = 0; place < workers; place++) hire(place);
  try {
    await Promise.all(all.map(({ started }) => started));
  } catch (error) {
    close();
    throw error;
  }
  isReady = true;
  const take = () => {
    for (;;) {
      const worker = idle.shift();
      if (worker === undefined) throw new Error("more users than workers");
      if (!worker.hasCrashed) return worker;
    }
  };
  const give = (worker: WorkerClient) => {
    if (!worker.hasCrashed) idle.push(worker);
  };
  return {
    ...{ take, give, close },
    async use(work) {
      const worker = take();
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
  check: (trials: readonly Trial[], keepsRecords?: boolean) => void,
  { dataset, workers }: WebPoolOptions,
): Pool {
  const turns = new Turns(workers);
  return {
    check,
    turn: (trial, options = {}) =>
      turns.take(priorityOf(trial, dataset), options.signal, (end) => {
        check([trial]);
        const worker = crew.take();
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
