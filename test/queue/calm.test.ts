// That a study through the queue has the fingerprint of one process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createNodePool, CATALOGUE, MemoryStore, runStudy, sha256 } from "../../dist/node.js";
import { hasRedis, RedisServer } from "./redis.mjs";
import { dataset, STUDIES } from "./study.mjs";

const PROCESS = fileURLToPath(new URL("process.mjs", import.meta.url));

async function fingerprintsHere(): Promise<Record<string, string>> {
  const data = dataset();
  const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
  const store = new MemoryStore();
  const found: Record<string, string> = {};
  for (const study of STUDIES) {
    const context = { catalogue: CATALOGUE, dataset: data, pool, store, sha256 };
    found[study.name] = (await runStudy(study, context)).fingerprint;
  }
  await pool.close();
  return found;
}

test.skipIf(!hasRedis)(
  "studies through the queue have the fingerprints of one process",
  async () => {
    const server = await new RedisServer().start();
    const folder = mkdtempSync(join(tmpdir(), "widthwise-queue-"));
    const start = (...args: string[]) =>
      spawn(process.execPath, [PROCESS, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const worker = start("worker", server.address, "2");
    const coordinator = start("coordinator", server.address, join(folder, "store.db"));
    try {
      const [printed, expected] = await Promise.all([text(coordinator.stdout), fingerprintsHere()]);
      expect(JSON.parse(printed)).toEqual(expected);
      worker.kill("SIGTERM");
      expect(await once(worker, "exit")).toEqual([0, null]);
    } finally {
      worker.kill("SIGKILL");
      coordinator.kill("SIGKILL");
      await server.remove();
      rmSync(folder, { recursive: true });
    }
  },
);
