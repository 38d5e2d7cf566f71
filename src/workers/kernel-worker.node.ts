// A worker thread: makes kernel calls over the memory that all threads share. Keeps nothing between them.

import { workerData } from "node:worker_threads";
import { instantiate, type KernelCall } from "../kernel/host.ts";

const { module, memory } = workerData as {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
};

const call = instantiate(module, memory);

export default (request: KernelCall): number => call(request);
