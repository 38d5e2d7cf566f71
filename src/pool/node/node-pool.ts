// The pool for Node: trials are driven on the calling thread, their kernel calls are made by worker threads.

import { setMaxListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { checkDataset, type Dataset } from "../../data/dataset.ts";
import { kernelMemory, type KernelCall } from "../../kernel/host.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { GivenParameters } from "../../model/initializations/initialization.ts";
import type { Trial } from "../../model/trial.ts";
import { drivenPool } from "../driven-pool.ts";
import { checkMemory, type MemoryOptions } from "../memory.ts";
import { bytesOfSmall, hasSmallTrials, isSmall } from "../small.ts";
import { availableMemory } from "../../base/available-memory.node.ts";
import type { Pool, TrainedWhole } from "../pool.ts";
import { startKernelThreads } from "./threads.ts";

export interface NodePool extends Pool {
  /** Ends all workers at once; trials under way fail. */
  close(): Promise<void>;
}

/** A kernel call that a worker has made, for the time line. */
export interface FinishedCall {
  readonly name: KernelCall["name"] | "measure";
  readonly trial: Trial;
  /** Number of the worker thread. */
  readonly worker: number;
  /** Milliseconds since the Unix epoch, with fractions. */
  readonly start: number;
  readonly end: number;
}

export interface NodePoolOptions {
  readonly dataset: Dataset;
  /** Worker threads; more than processors are allowed, and wait for each other. */
  readonly workers: number;
  readonly sha256: Sha256;
  /** Initial parameters of those trials that draw none. */
  readonly given?: GivenParameters | undefined;
  readonly onCall?: ((call: FinishedCall) => void) | undefined;
}

/**
 * A pool of worker threads that trains trials on a data set. One trial's pass may train on one thread while its
 * earlier passes are evaluated on others; no thread ever waits for another one.
 * Throws InputError where the data set's parts do not belong together, WidthwiseError where the kernel has not been
 * built.
 */
export async function createNodePool(options: NodePoolOptions): Promise<NodePool> {
  const { dataset, workers, sha256, given, onCall } = options;
  checkDataset(dataset);
  const mayBeSmall = hasSmallTrials(dataset);
  const threads = await startKernelThreads(workers, mayBeSmall ? { dataset, given } : null);
  const host = kernelMemory(threads.memory);
  const check = (asked: readonly Trial[], options?: MemoryOptions) => {
    checkMemory(asked, dataset, workers, availableMemory(), options);
  };
  const driven = drivenPool({
    ...{ dataset, workers, sha256, given, host, check },
    now: () => performance.now(),
    pause: () => setImmediate(),
    async run(call, trial) {
      const { result, ...made } = await threads.run(call);
      onCall?.({ name: call.name, trial, ...made });
      return result;
    },
    async measure(call, trial) {
      const { result, ...made } = await threads.measure(call);
      onCall?.({ name: "measure", trial, ...made });
      return result;
    },
  });

  async function trainSmall(asked: readonly Trial[]): Promise<readonly TrainedWhole[]> {
    const bytes = Math.max(...asked.map((trial) => bytesOfSmall(trial, dataset)));
    const from = host.arena.allocate(bytes);
    try {
      const { result, ...made } = await threads.train({ trials: asked, from, to: from + bytes });
      let { start } = made;
      result.forEach(({ seconds }, index) => {
        const end = start + 1000 * seconds;
        onCall?.({ ...made, name: "train", trial: asked[index], start, end });
        start = end;
      });
      return result;
    } finally {
      host.arena.free(from);
    }
  }

  return {
    check,
    ...(mayBeSmall && {
      whole: {
        batches: 2 * workers,
        isSmall: (trial) => isSmall(trial, dataset),
        train: trainSmall,
      },
    }),
    turn(trial, options = {}) {
      // Each of many trials listens to it.
      if (options.signal) setMaxListeners(0, options.signal);
      return driven.turn(trial, options);
    },
    async close() {
      driven.clear();
      await threads.close();
    },
  };
}
