// Worker threads that make kernel calls over one memory that they share. Knows nothing of trials.

import { readFile } from "node:fs/promises";
import { Piscina } from "piscina";
import { WidthwiseError } from "../errors.ts";
import { sharedMemory, type KernelCall } from "../kernel/host.ts";
import type { MadeCall } from "./kernel-worker.node.ts";

export interface KernelThreads {
  readonly memory: WebAssembly.Memory;
  /** Makes a call on a thread that is free, or waits for one. */
  run(call: KernelCall): Promise<MadeCall>;
  /** Ends all threads at once; calls under way fail. */
  close(): Promise<void>;
}

/** Throws WidthwiseError where the kernel has not been built. */
export async function startKernelThreads(count: number): Promise<KernelThreads> {
  const module = new WebAssembly.Module(await readKernel());
  const memory = sharedMemory();
  const threads = new Piscina<KernelCall, MadeCall>({
    filename: new URL("./kernel-worker.node.js", import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    workerData: { module, memory },
  });
  return {
    memory,
    run: (call) => threads.run(call),
    close: () => threads.destroy(),
  };
}

function readKernel(): Promise<Uint8Array> {
  return readFile(new URL("../kernel/shared.wasm", import.meta.url)).catch((cause: unknown) => {
    throw new WidthwiseError("the kernel is missing: run `npm run build`", { cause });
  });
}
