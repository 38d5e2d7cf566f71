// The 128-bit multiply-then-add peak of one core: compiles the loop in assembly/, and times it.

import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ITERATIONS = 4_000_000;
const MULTIPLY_ADDS = 24 * ITERATIONS;

/** @param {string} file */
export function compilePeak(file) {
  const asc = fileURLToPath(new URL("../bin/asc.js", import.meta.resolve("assemblyscript/asc")));
  const options = ["-O3", "--runtime", "stub", "--noAssert", "--enable", "simd", "--outFile", file];
  const cwd = fileURLToPath(new URL("./assembly/", import.meta.url));
  execFileSync(process.execPath, [asc, "index.ts", ...options], { cwd, stdio: "inherit" });
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes The compiled loop.
 * @returns {() => number} Measures the peak once, in GMAC/s; the first calls may run in the baseline compiler.
 */
export function peakMeter(bytes) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { chains } =
    /** @type {{ chains: (iterations: number, factor: number, term: number) => number }} */ (
      /** @type {unknown} */ (exports)
    );
  return () => {
    const began = performance.now();
    // The chains keep far from denormal numbers.
    chains(ITERATIONS, 1, 2 ** -20);
    return MULTIPLY_ADDS / (performance.now() - began) / 1e6;
  };
}
