// The kernel as its callers see it: one linear memory, and named calls whose arguments are numbers. Who
// makes the calls (this thread or another one that shares the memory) is not known here.

import { WidthwiseError } from "../base/errors.ts";
import { Arena } from "./arena.ts";

/** One call of an exported kernel function. */
export interface KernelCall {
  readonly name: "train" | "trainBatches" | "evaluate" | "measureNorms" | "sums" | "standardize";
  readonly args: readonly number[];
}

/** Makes a call somewhere and gives what the function returned. */
export type Execute = (call: KernelCall) => Promise<number>;

/** The memory alone: where data lies, whoever makes the calls. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly arena: Arena;
}

export interface KernelHost extends KernelMemory {
  readonly execute: Execute;
  /** Whether calls are made on the calling thread, so that nothing goes on beside them; left out for others. */
  readonly isAlone?: true;
}

/** First address above the kernel's static data, of which it has none: a page is kept free all the same. */
const BASE = 65536;

const PAGES = 65536;

/** Bytes: WebAssembly's addresses have 32 bits. */
export const KERNEL_MEMORY_LIMIT = PAGES * 65536;

/** Throws WidthwiseError where there is no room for its addresses. */
export function sharedMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 2, maximum: PAGES, shared: true });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new WidthwiseError(
      "the kernel's memory cannot be made: this process may not have enough addresses (about 10 GB, most of them never used); raise its limit (ulimit -v unlimited), or set NODE_OPTIONS=--disable-wasm-trap-handler, which takes fewer and trains 0.7 times as fast",
      { cause },
    );
  }
}

export function privateMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 2, maximum: PAGES });
}

/** A compiled kernel. */
export interface Kernel {
  readonly module: WebAssembly.Module;
  /** Whether its tiles are to fill 256-bit registers; the results are the same. */
  readonly wide: boolean;
}

/** The exported functions of a kernel instance over `memory`; `module` must fit its kind of memory. */
export function kernelFunctions(
  { module, wide }: Kernel,
  memory: WebAssembly.Memory,
): Record<KernelCall["name"], (...args: number[]) => number> {
  const abort = () => {
    throw new Error("the kernel aborted");
  };
  const { exports } = new WebAssembly.Instance(module, {
    env: { memory, abort, wide: Number(wide) },
  });
  return exports as ReturnType<typeof kernelFunctions>;
}

/** Makes calls of a kernel instance over `memory` on the calling thread. */
export function instantiate(
  kernel: Kernel,
  memory: WebAssembly.Memory,
): (call: KernelCall) => number {
  const functions = kernelFunctions(kernel, memory);
  return ({ name, args }) => functions[name](...args);
}

export function kernelMemory(memory: WebAssembly.Memory): KernelMemory {
  return { memory, arena: new Arena(memory, BASE) };
}

/** A host that makes every call at once on the calling thread. */
export function createLocalHost(kernel: Kernel, memory: WebAssembly.Memory): KernelHost {
  return localHost(kernelMemory(memory), instantiate(kernel, memory));
}

export function localHost(memory: KernelMemory, call: (call: KernelCall) => number): KernelHost {
  return { ...memory, execute: (request) => Promise.resolve(call(request)), isAlone: true };
}
