// That threads end as Node bears it.

import type { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { startKernelThreads } from "../../../dist/pool/node/threads.js";

test("a thread that is ended at once has loaded first: Node may abort where it still loads", async () => {
  const seen: string[][] = [];
  const watch = (worker: Worker) => {
    const events: string[] = [];
    seen.push(events);
    worker.once("message", () => events.push("loaded"));
    worker.once("exit", () => events.push("ended"));
  };
  process.on("worker", watch);
  try {
    const threads = await startKernelThreads(2);
    await threads.close();
  } finally {
    process.off("worker", watch);
  }
  expect(seen).toEqual([
    ["loaded", "ended"],
    ["loaded", "ended"],
  ]);
});
