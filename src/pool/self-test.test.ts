// That the self-test, on which the choice of instructions rests, has the bits of every platform and would notice others.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { privateMemory, sharedMemory } from "../kernel/host.ts";
import { sha256 } from "../base/sha256.node.ts";
import { sampled } from "../../test/support/extent.ts";
import { SELF_TEST_FINGERPRINT, selfTestFingerprint, selfTestFingerprints } from "./self-test.ts";

const SHARED = kernel("shared");
/** One for all wrong kernels: a memory of its own for each would take gigabytes before they are given back. */
const MEMORY = sharedMemory();

/** Opcodes as LEB128: f32x4.add, f32x4.sub and f32x4.mul. */
const ADD = [0xfd, 0xe4, 0x01];
const SUBTRACT = [0xfd, 0xe5, 0x01];
const MULTIPLY = [0xfd, 0xe6, 0x01];

describe.each([{ wide: false }, { wide: true }])("wide tiles: $wide", ({ wide }) => {
  test.each([
    { name: "shared", bytes: SHARED, memory: sharedMemory() },
    { name: "private", bytes: kernel("private"), memory: privateMemory() },
  ])("the $name kernel has the self-test's fingerprint", async ({ bytes, memory }) => {
    expect(await fingerprintOf(bytes, wide, memory)).toBe(SELF_TEST_FINGERPRINT);
  });
});

test("a single wrong operation anywhere in the kernel changes the fingerprint", async () => {
  const wrong = [ADD, SUBTRACT, MULTIPLY].flatMap((operation) =>
    occurrences(SHARED, operation).map((at) => replaced(SHARED, at, operation)),
  );
  const right: string[] = [];
  for await (const fingerprint of fingerprintsOf(SHARED, false)) right.push(fingerprint);
  /** Up to the first trial that is another one. */
  const isUnnoticed = async (bytes: Uint8Array<ArrayBuffer>, wide: boolean) => {
    let trial = 0;
    for await (const fingerprint of fingerprintsOf(bytes, wide))
      if (fingerprint !== right[trial++]) return false;
    return true;
  };
  const unnoticed: string[] = [];
  for (const { bytes, what } of sampled(wrong, 5)) {
    // Some of the kernel is used for tiles of one size only.
    if ((await isUnnoticed(bytes, false)) && (await isUnnoticed(bytes, true))) unnoticed.push(what);
  }
  expect(wrong.length).toBeGreaterThan(100);
  expect(unnoticed).toEqual([]);
}, 600_000);

function kernel(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../dist/kernel/${name}.wasm`, import.meta.url)));
}

function fingerprintOf(bytes: Uint8Array<ArrayBuffer>, wide: boolean, memory: WebAssembly.Memory) {
  return selfTestFingerprint({ module: new WebAssembly.Module(bytes), wide }, memory, sha256);
}

function fingerprintsOf(bytes: Uint8Array<ArrayBuffer>, wide: boolean) {
  const kernel = { module: new WebAssembly.Module(bytes), wide };
  return selfTestFingerprints(kernel, MEMORY, sha256);
}

function occurrences(bytes: Uint8Array, operation: readonly number[]): number[] {
  const places: number[] = [];
  bytes.forEach((_, at) => {
    if (operation.every((byte, index) => bytes[at + index] === byte)) places.push(at);
  });
  return places;
}

/** An addition becomes a subtraction, everything else an addition. */
function replaced(bytes: Uint8Array<ArrayBuffer>, at: number, operation: readonly number[]) {
  const copy = bytes.slice();
  copy.set(operation === ADD ? SUBTRACT : ADD, at);
  return { bytes: copy, what: `operation ${operation[1].toString(16)} at byte ${at}` };
}
