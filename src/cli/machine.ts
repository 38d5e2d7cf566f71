// What is to be known of this machine before anything runs on it.

import { access, constants } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { packageVersion } from "./package.ts";

/** A function that makes a vector of equal bytes and counts the bits of each. */
const SIMD_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // "\0asm", version 1
  ...[1, 5, 1, 96, 0, 1, 123], // one type: () → v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11], // i32.const 0, i8x16.splat, i8x16.popcnt
);

/** Whether WebAssembly has 128-bit vectors here. */
export function hasSimd(): boolean {
  try {
    new WebAssembly.Module(SIMD_MODULE);
    return true;
  } catch {
    return false;
  }
}

/** Who trains here: what is kept beside what is trained, for people. */
export function trainer(): { machine: string; versions: string } {
  const processor = cpus().at(0)?.model ?? "unknown processor";
  return {
    machine: `${processor}, ${process.platform} ${process.arch}`,
    versions: `widthwise ${packageVersion()}, Node ${process.versions.node}`,
  };
}

/** What a newer Node than this one would gain; null where none would (measured: bench/RESULTS.md). */
export function nodeAdvice(version: string, arch: string): string | null {
  const major = Number.parseInt(version);
  return arch === "x64" && major < 24
    ? `Node 24, the version to use, trains about 1.7 times as fast as Node ${major}, with the same bits`
    : null;
}

/** Whether files could be written in `directory`, which may have to be made first. */
export async function isWritable(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK);
    return true;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return missing && dirname(directory) !== directory && isWritable(dirname(directory));
  }
}
