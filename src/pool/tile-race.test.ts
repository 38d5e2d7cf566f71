import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { sharedMemory } from "../kernel/host.ts";
import { wideTilesWin } from "./tile-race.ts";

// Processors with 32 vector registers can hold them.
test.runIf(process.arch === "x64")("wide tiles lose where operations are not fused", () => {
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-lazy-compilation");
  const bytes = readFileSync(new URL("../../dist/kernel/shared.wasm", import.meta.url));
  const module = new WebAssembly.Module(bytes);
  expect(wideTilesWin(module, sharedMemory(), () => performance.now())).toBe(false);
});
