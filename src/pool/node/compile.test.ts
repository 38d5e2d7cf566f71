// That a kernel with 256-bit operations is used only after all that is asked of it.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { instantiate, sharedMemory } from "../../kernel/host.ts";
import { examinationOf, isOptimized, objectionTo, withFlags } from "./compile.ts";
import { SELF_TEST_FINGERPRINT } from "../self-test.ts";

const BYTES = new Uint8Array(
  readFileSync(new URL("../../../dist/kernel/shared.wasm", import.meta.url)),
);

/** A kernel whose code V8 has not met yet: it finds what is compiled by a module's bytes. */
function compiled(mark: number, ...flags: string[]) {
  const bytes = Uint8Array.of(...BYTES, 0, 3, 1, "-".charCodeAt(0), mark);
  return withFlags(flags, () => ({ module: new WebAssembly.Module(bytes), wide: true }));
}

test("V8 is asked whether it has optimized the functions", () => {
  const eager = ["no-wasm-lazy-compilation", "no-wasm-inlining"];
  expect(isOptimized(compiled(1, "no-liftoff", ...eager))).toBe(true);
  expect(isOptimized(compiled(2, "liftoff-only", ...eager))).toBe(false);
});

test("it is asked about the tiles, too", () => {
  const kernel = compiled(3);
  const memory = sharedMemory();
  // Compiled when called; with nothing to train or to evaluate the tiles are not.
  withFlags(["no-liftoff"], () => {
    const call = instantiate(kernel, memory);
    call({ name: "train", args: [0, 0, 0, 0, 0, 0] });
    call({ name: "evaluate", args: [0, 0, 0, 0, 0, 0, 0, 0] });
    call({ name: "measureNorms", args: [0] });
  });
  expect(isOptimized(kernel)).toBe(false);
});

test("a kernel is examined by what V8 says of its own code", () => {
  const eager = ["no-wasm-lazy-compilation", "no-wasm-inlining"];
  expect(examinationOf(compiled(4, "no-liftoff", ...eager)).isOptimized()).toBe(true);
  expect(examinationOf(compiled(5, "liftoff-only", ...eager)).isOptimized()).toBe(false);
});

const PASSING = {
  isOptimized: () => true,
  fingerprint: () => Promise.resolve(SELF_TEST_FINGERPRINT),
  wideTilesWin: () => true,
};

test.each([
  [{ isOptimized: () => false }, "revectorized code was not in use in the self-test"],
  [
    { fingerprint: () => Promise.resolve("00".repeat(32)) },
    "revectorized code gave other bits in the self-test",
  ],
  [{ wideTilesWin: () => false }, "tiles for 256 bits were not faster here"],
  [{}, null],
])("every examination counts: %j, %s", async (failing, objection) => {
  expect(await objectionTo({ ...PASSING, ...failing })).toBe(objection);
});
