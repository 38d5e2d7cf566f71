// Worker threads that make kernel calls over one memory that they share. Knows nothing of trials.

import { Piscina } from "piscina";
import { sharedMemory, type KernelCall } from "../../kernel/host.ts";
import { refuseFewAddresses } from "./addresses.ts";
import { compileKernel } from "./compile.ts";
import type { MadeCall } from "./kernel-worker.ts";

export interface KernelThreads {
  readonly memory: WebAssembly.Memory;
  /** Makes a call on a thread that is free, or waits for one. */
  run(call: KernelCall): Promise<MadeCall>;
  /** Ends all threads at once; calls under way fail. */
  close(): Promise<void>;
}

/** Throws WidthwiseError where the kernel has not been built, or this process may not have what it needs. */
export async function startKernelThreads(count: number): Promise<KernelThreads> {
  const { module, wide } = await compileKernel();
  const memory = sharedMemory();
  refuseFewAddresses(count);
  const threads = new Piscina<KernelCall, MadeCall>({
    filename: new URL("./kernel-worker.js", import.meta.url).href,
    minThreads: count,
    maxThreads: count,
    workerData: { kernel: { module, wide }, memory },
  });
  return {
    memory,
    run: (call) => threads.run(call),
    close: () => {
      // A call that ends while its thread is being ended is nobody's any more; the library calls that an error.
      threads.on("error", () => undefined);
      return threads.destroy();
    },
  };
}
