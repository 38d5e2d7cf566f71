// Worker threads that make kernel calls, and train small trials, over one memory that they share.

import { once } from "node:events";
import { Piscina } from "piscina";
import { sharedMemory, type KernelCall } from "../../kernel/host.ts";
import { refuseFewAddresses } from "./addresses.ts";
import { compileKernel } from "./compile.ts";
import type { MeasuringCall } from "../measure.ts";
import type { TrainedWhole } from "../pool.ts";
import type { Batch, Made, SmallTrialsData } from "./kernel-worker.ts";

export interface KernelThreads {
  readonly memory: WebAssembly.Memory;
  /** Makes a call on a thread that is free, or waits for one. */
  run(call: KernelCall): Promise<Made<number>>;
  /** Trains small trials on a thread; one batch may wait at each thread for the one before. */
  train(batch: Batch): Promise<Made<TrainedWhole[]>>;
  /** Measures a network on a thread. */
  measure(call: MeasuringCall): Promise<Made<(Float64Array | Float32Array)[]>>;
  /** As much work as that typically is. */
  rehearse(call: MeasuringCall): Promise<void>;
  /** Ends all threads, at once if they have begun; calls under way fail. */
  close(): Promise<void>;
}

/**
 * `small` is what small trials are trained with; null where there are none.
 * Throws WidthwiseError where the kernel has not been built, or this process may not have what it needs.
 */
export async function startKernelThreads(
  count: number,
  small: SmallTrialsData | null = null,
): Promise<KernelThreads> {
  const { module, wide } = await compileKernel();
  const memory = sharedMemory();
  refuseFewAddresses(count);
  const threads = new Piscina({
    filename: new URL("./kernel-worker.js", import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: 2,
    // Of small trials little lives long: of what V8 would give a thread more is only filled, and less is swept too often.
    resourceLimits: { maxYoungGenerationSizeMb: 12 },
    workerData: { kernel: { module, wide }, memory, small },
  });
  // Each tells the library so first of all.
  const loaded = Promise.allSettled(
    threads.threads.map((thread) => Promise.race([once(thread, "message"), once(thread, "exit")])),
  );
  return {
    memory,
    run: (call) => threads.run(call) as Promise<Made<number>>,
    train: (batch) => threads.run(batch, { name: "trainBatch" }) as Promise<Made<TrainedWhole[]>>,
    measure: (call) =>
      threads.run(call, { name: "measure" }) as Promise<Made<(Float64Array | Float32Array)[]>>,
    rehearse: (call) => threads.run(call, { name: "rehearse" }) as Promise<void>,
    async close() {
      // A call that ends while its thread is being ended is nobody's any more; the library calls that an error.
      threads.on("error", () => undefined);
      // Node aborts the process now and then where a thread is ended while it loads its modules.
      for (const thread of threads.threads) thread.ref();
      await loaded;
      await threads.destroy();
    },
  };
}

/** The same for each of so many threads, at once. */
export function onEach<Value>(
  workers: number,
  work: (worker: number) => Promise<Value>,
): Promise<Value[]> {
  return Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
}
