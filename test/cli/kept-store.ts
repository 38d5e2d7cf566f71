// A store in memory that keeps a few made-up trials, and commands on it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach } from "vitest";
import { stage, type Stage } from "./fakes.ts";
import { update, plan } from "../support/updates.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import type { Effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";

export const folder = mkdtempSync(join(tmpdir(), "widthwise-kept-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two studies of one name and one of another. Trial 3 has more passes than asked for, 4 has diverged, 5 fewer. */
export let store: MemoryStore;
export const FIRST = plan(2, [3, 4]);
export const SECOND = plan(6, [3, 5]);
export const OTHER = { ...plan(4, [3]), name: "other", id: "0f".repeat(32) };

beforeEach(async () => {
  store = new MemoryStore();
  for (const study of [FIRST, SECOND, OTHER]) await store.plan(study);
  await store.commit(update(0, 2, { seed: 3 }));
  await store.commit(update(3, 4, { seed: 3 }));
  await store.commit(update(5, 6, { seed: 3 }));
  await store.commit(update(0, 1, { seed: 4, ending: { kind: "diverged", pass: 2, step: 7 } }));
  await store.commit(update(0, 5, { seed: 5 }));
  await store.commit(update(0, 1, { seed: 6 }));
  await store.finish(FIRST.id, "ab".repeat(32));
});

/** A file that is there: the commands look before they open. */
export const THERE = fileURLToPath(import.meta.url);

export function run(...args: string[]): Promise<Stage & { code: number }> {
  return runWith({}, ...args);
}

export async function runWith(changes: Partial<Effects>, ...args: string[]) {
  const staged = stage({ openStore: () => Promise.resolve(store), ...changes });
  const code = await main([...args, "--store", THERE], staged.context);
  return { ...staged, code };
}
