// Every kind of store, empty.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import type { RecordStore } from "../../src/records/store.ts";

export const folder = mkdtempSync(join(tmpdir(), "widthwise-store-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let stores = 0;

/** A store in a file, which is opened anew after every step: what it gives has been on the disk. */
function reopening(): RecordStore {
  const path = join(folder, `${++stores}.db`);
  const open = () =>
    new SqliteStore(path, {
      sha256,
      trainer: { machine: "a machine", versions: "some versions" },
      onDamage: (message) => {
        throw new Error(message);
      },
    });
  return new Proxy({} as RecordStore, {
    get:
      (_, name: keyof RecordStore) =>
      async (...args: never[]): Promise<unknown> => {
        const store = open();
        try {
          return await (store[name] as (...args: never[]) => Promise<unknown>)(...args);
        } finally {
          if (name !== "close") await store.close();
        }
      },
  });
}

export const STORES: [string, () => RecordStore][] = [
  ["in memory", () => new MemoryStore()],
  ["in a file", reopening],
];
