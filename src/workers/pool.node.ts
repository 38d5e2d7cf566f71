// The pool for Node: trials are driven on the calling thread, their kernel calls are made by worker threads.

import { readFile } from "node:fs/promises";
import PQueue from "p-queue";
import { Piscina } from "piscina";
import type { Dataset } from "../data/dataset.ts";
import { WidthwiseError } from "../errors.ts";
import { createHost, sharedMemory } from "../kernel/host.ts";
import type { Sha256 } from "../sha256.ts";
import { ExampleCache } from "./example-cache.ts";
import { passCost, type Pool } from "./pool.ts";
import { runTrial, type Laboratory } from "./run-trial.ts";

export interface NodePool extends Pool {
  /** Ends all workers at once; trials under way fail. */
  close(): Promise<void>;
}

/** A pool of `workers` threads that trains trials on `dataset`. */
export async function createNodePool(options: {
  readonly dataset: Dataset;
  readonly workers: number;
  readonly sha256: Sha256;
}): Promise<NodePool> {
  const { dataset, workers, sha256 } = options;
  const bytes = await readFile(new URL("../kernel/shared.wasm", import.meta.url)).catch(
    (cause: unknown) => {
      throw new WidthwiseError("the kernel is missing: run `npm run build`", { cause });
    },
  );
  const module = new WebAssembly.Module(bytes);
  const memory = sharedMemory();
  const threads = new Piscina({
    filename: new URL("./kernel-worker.node.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    workerData: { module, memory },
  });
  // The longest first: calls and trials alike wait in the order of their rank.
  const calls = new PQueue({ concurrency: workers });
  // One trial more than workers, so that there is work while one of them waits for its evaluations.
  const trials = new PQueue({ concurrency: workers + 1, autoStart: false });
  const host = createHost(memory, (call, rank) =>
    calls.add(() => threads.run(call) as Promise<number>, { priority: -rank }),
  );
  const laboratory: Laboratory = {
    host,
    dataset,
    examples: new ExampleCache(host, dataset),
    sha256,
    now: () => performance.now(),
  };
  return {
    run(trial, runOptions = {}) {
      const rank = -passCost(trial.specification.model.hidden, dataset.train.size);
      // Trials that are asked for together are ordered before the first of them starts.
      queueMicrotask(() => trials.start());
      return trials.add(
        () => {
          runOptions.signal?.throwIfAborted();
          return runTrial(trial, laboratory, rank, runOptions);
        },
        { priority: -rank },
      );
    },
    async close() {
      trials.clear();
      calls.clear();
      await threads.destroy();
    },
  };
}
