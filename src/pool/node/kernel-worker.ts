// A worker thread: makes kernel calls over the memory that all threads share, and trains small trials in a part of it.
// Keeps nothing between them.

import { threadId, workerData } from "node:worker_threads";
import { sha256 } from "../../base/sha256.node.ts";
import { Arena } from "../../kernel/arena.ts";
import { instantiate, localHost, type Kernel, type KernelCall } from "../../kernel/host.ts";
import type { Trial } from "../../model/trial.ts";
import type { MeasuringCall } from "../measure.ts";
import type { TrainedWhole } from "../pool.ts";
import type { TrainingContext } from "../train-trial.ts";

/** When and where work was done. */
export interface Made<Result> {
  readonly result: Result;
  readonly worker: number;
  /** Milliseconds since the Unix epoch, with fractions. */
  readonly start: number;
  readonly end: number;
}

/** Small trials to train, and the addresses that are theirs meanwhile. */
export interface Batch {
  readonly trials: readonly Trial[];
  readonly from: number;
  readonly to: number;
}

/** What small trials are trained with. */
export type SmallTrialsData = Pick<TrainingContext, "dataset" | "given">;

const { kernel, memory, small } = workerData as {
  kernel: Kernel;
  memory: WebAssembly.Memory;
  /** null where there are no small trials. */
  small: SmallTrialsData | null;
};

const call = instantiate(kernel, memory);
const now = () => performance.timeOrigin + performance.now();

export default (request: KernelCall): Made<number> => {
  const start = now();
  const result = call(request);
  return { result, worker: threadId, start, end: now() };
};

export async function trainBatch({ trials, from, to }: Batch): Promise<Made<TrainedWhole[]>> {
  const start = now();
  if (small === null) throw new Error("a worker without a data set");
  // Other rooms, which a worker without small trials need not enter.
  const { trainWhole } = await import("../train-whole.ts");
  const { ExampleCache } = await import("../example-cache.ts");
  // Sees what other threads have added to the memory.
  memory.grow(0);
  const host = localHost({ memory, arena: new Arena(memory, from, to) }, call);
  const result = await trainWhole(trials, {
    ...{ ...small, host, sha256, now },
    examples: new ExampleCache(small.dataset),
    pause: () => Promise.resolve(),
  });
  return { result, worker: threadId, start, end: now() };
}

export async function measure(
  request: MeasuringCall,
): Promise<Made<(Float64Array | Float32Array)[]>> {
  const start = now();
  const { measureIn } = await import("../measure.ts");
  memory.grow(0);
  const result = measureIn(memory, request, sha256);
  return { result, worker: threadId, start, end: now() };
}

export async function rehearse(request: MeasuringCall): Promise<void> {
  const { rehearseIn } = await import("../measure.ts");
  memory.grow(0);
  rehearseIn(memory, request, sha256);
}
