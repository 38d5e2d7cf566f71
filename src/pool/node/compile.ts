// Compiles the kernel for this process: with pairs of 128-bit operations fused to 256 bits where this Node is known
// to have V8's revectorization and a self-test sees the same bits; else as V8 does by itself.

import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { WidthwiseError } from "../../base/errors.ts";
import { kernelFunctions, sharedMemory, type Kernel } from "../../kernel/host.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { SELF_TEST_FINGERPRINT, selfTestFingerprint } from "../self-test.ts";
import { NO_WEBASSEMBLY } from "../no-webassembly.ts";
import { wideTilesWin } from "../tile-race.ts";

/** For memory that threads share; wide where 256-bit operations are in use. */
export interface CompiledKernel extends Kernel {
  readonly simd: SimdChoice;
}

export interface SimdChoice {
  /** Whether 256-bit operations are in use. */
  readonly revectorized: boolean;
  /** Why, or why not. */
  readonly reason: string;
}

/** Major versions of Node on which the flags below have been tried. */
const REVECTORIZING_NODES = ["24", "25", "26"];

/** Everything is compiled at once and by the optimizing compiler, so that the self-test meets the code that will run. */
const REVECTORIZE = [
  "experimental-wasm-revectorize",
  "no-liftoff",
  "no-wasm-lazy-compilation",
  // Inlining is guided by what the baseline compiler has counted.
  "no-wasm-inlining",
];

/** Options of Node that decide how WebAssembly is compiled. */
const COMPILER_OPTION = /--(no-)?(liftoff|wasm|experimental-wasm|enable-avx)[\w-]*/;

let compiled: Promise<CompiledKernel> | undefined;

/** The same for the whole process. Throws WidthwiseError where the kernel has not been built, or cannot run. */
export function compileKernel(): Promise<CompiledKernel> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<CompiledKernel> {
  if (!("WebAssembly" in globalThis)) throw new WidthwiseError(NO_WEBASSEMBLY);
  const bytes = await readKernel();
  const obstacle = obstacleToRevectorization();
  if (obstacle !== null) return compiledPlainly(bytes, obstacle);
  const kernel = {
    module: withFlags(REVECTORIZE, () => new WebAssembly.Module(bytes)),
    wide: true,
  };
  const objection = await objectionTo(examinationOf(kernel));
  // V8 finds compiled code by a module's bytes: with a custom section more it is compiled anew.
  if (objection !== null) return compiledPlainly(withCustomSection(bytes), objection);
  return {
    ...kernel,
    simd: { revectorized: true, reason: "the self-test gave the same bits, and sooner" },
  };
}

/** What a revectorized kernel is examined by, in this order. */
interface Examination {
  isOptimized(): boolean;
  fingerprint(): Promise<string>;
  wideTilesWin(): boolean;
}

export function examinationOf(kernel: Kernel): Examination {
  return {
    isOptimized: () => isOptimized(kernel),
    fingerprint: () => selfTestFingerprint(kernel, sharedMemory(), sha256),
    wideTilesWin: () => wideTilesWin(kernel.module, sharedMemory(), () => performance.now()),
  };
}

/** Why a revectorized kernel is not used, or null. */
export async function objectionTo(kernel: Examination): Promise<string | null> {
  if (!kernel.isOptimized()) return "revectorized code was not in use in the self-test";
  if ((await kernel.fingerprint()) !== SELF_TEST_FINGERPRINT)
    return "revectorized code gave other bits in the self-test";
  if (!kernel.wideTilesWin()) return "tiles for 256 bits were not faster here";
  return null;
}

function readKernel(): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(new URL("../../kernel/shared.wasm", import.meta.url)).then(
    (buffer) => new Uint8Array(buffer),
    (cause: unknown) => {
      throw new WidthwiseError("the kernel is missing: run `npm run build`", { cause });
    },
  );
}

function compiledPlainly(bytes: Uint8Array<ArrayBuffer>, reason: string): CompiledKernel {
  const module = new WebAssembly.Module(bytes);
  return { module, wide: false, simd: { revectorized: false, reason } };
}

/** Why revectorization is not tried, or null. */
function obstacleToRevectorization(): string | null {
  const [major] = process.versions.node.split(".");
  const options = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  const option = COMPILER_OPTION.exec(options)?.[0];
  if (process.arch !== "x64") return `V8 does not revectorize on ${process.arch}`;
  if (!REVECTORIZING_NODES.includes(major))
    return `Node ${major} is not known to revectorize (${REVECTORIZING_NODES.join(", ")} are)`;
  if (option !== undefined) return `Node was started with ${option}`;
  return null;
}

/** Flags of V8 are the process's: they are taken back as soon as `compile` has returned. */
export function withFlags<Value>(flags: readonly string[], compile: () => Value): Value {
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  try {
    return compile();
  } finally {
    for (const flag of flags)
      setFlagsFromString(flag.startsWith("no-") ? `--${flag.slice(3)}` : `--no-${flag}`);
  }
}

/** Whether the kernel's exported functions, all tiles among them, are the optimizing compiler's, as V8 itself says. */
export function isOptimized(kernel: Kernel): boolean {
  const functions = Object.values<unknown>(kernelFunctions(kernel, sharedMemory())).filter(
    (value) => typeof value === "function",
  );
  return withFlags(["allow-natives-syntax"], () => {
    const script = new Script("(functions) => functions.every((f) => %IsTurboFanFunction(f))");
    const areOptimized = script.runInThisContext() as (functions: unknown[]) => boolean;
    return areOptimized(functions);
  });
}

const CUSTOM_SECTION = 0;

/** The same module with an empty custom section at its end. */
function withCustomSection(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const section = [CUSTOM_SECTION, 2, 1, "-".charCodeAt(0)];
  const longer = new Uint8Array(bytes.length + section.length);
  longer.set(bytes);
  longer.set(section, bytes.length);
  return longer;
}
