// A worker thread: makes kernel calls over the memory that all threads share. Keeps nothing between them.

import { threadId, workerData } from "node:worker_threads";
import { instantiate, type Kernel, type KernelCall } from "../../kernel/host.ts";

/** What the function returned, and when and where it ran. */
export interface MadeCall {
  readonly result: number;
  readonly worker: number;
  /** Milliseconds since the Unix epoch, with fractions. */
  readonly start: number;
  readonly end: number;
}

const { kernel, memory } = workerData as {
  kernel: Kernel;
  memory: WebAssembly.Memory;
};

const call = instantiate(kernel, memory);
const now = () => performance.timeOrigin + performance.now();

export default (request: KernelCall): MadeCall => {
  const start = now();
  const result = call(request);
  return { result, worker: threadId, start, end: now() };
};
