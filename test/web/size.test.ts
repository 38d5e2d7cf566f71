// How much script the page loads before anything is trained.

import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";

const PAGE = new URL("../../dist/web/", import.meta.url);

/** The bundle and all that it imports at once; what it may import later is left out. */
function loadedWith(name: string, seen = new Map<string, number>()): Map<string, number> {
  if (seen.has(name)) return seen;
  const script = readFileSync(new URL(name, PAGE), "utf8");
  seen.set(name, brotliCompressSync(script).length);
  for (const [, next] of script.matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g))
    loadedWith(next, seen);
  return seen;
}

test("is less than 150 kB, compressed, for the page and the worker that reads its study", () => {
  const loaded = loadedWith("study-worker.js", loadedWith("lab.js"));
  const bytes = [...loaded.values()].reduce((sum, length) => sum + length, 0);
  expect(loaded.size).toBeGreaterThan(2);
  expect(bytes).toBeLessThan(150_000);
});
