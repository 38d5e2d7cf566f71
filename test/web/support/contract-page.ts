// Runs in the browser: every case of the contract on a pool of Web Workers.

import { createLocalHost, privateMemory } from "../../../src/kernel/host.ts";
import { ExampleCache } from "../../../src/pool/example-cache.ts";
import { localPool } from "../../../src/pool/local-pool.ts";
import { pause } from "../../../src/pool/web/pause.ts";
import { sha256 } from "../../../src/pool/web/sha256.ts";
import { createWebPool, mayShareMemory } from "../../../src/pool/web/web-pool.ts";
import { trainOn, type Pool } from "../../../src/pool/pool.ts";
import {
  CONTRACT_DATASET as dataset,
  CONTRACT_TRIALS,
  POOL_CONTRACT,
} from "../../support/pool-contract.ts";

const kernel = async (memory: "shared" | "private") =>
  WebAssembly.compile(await (await fetch(`${memory}.wasm`)).arrayBuffer());

const crashes: string[] = [];
const open = () =>
  createWebPool({
    ...{ dataset, kernel, workers: 2, availableMemory: 4e9 },
    workerUrl: new URL("kernel-worker.js", location.href),
    onCrash: ({ message }) => crashes.push(message),
  });

async function openLocal(): Promise<Pool> {
  const module = await kernel("private");
  const host = createLocalHost({ module, wide: false }, privateMemory());
  const examples = new ExampleCache(dataset);
  return localPool({ host, dataset, examples, sha256, now: () => 0, pause });
}

/** What each case failed with; null where it did not. */
async function keep(): Promise<{ shares: boolean; cases: Record<string, string | null> }> {
  const [local, pool] = [await openLocal(), await open()];
  const cases: Record<string, string | null> = {};
  for (const [name, keeps] of Object.entries(POOL_CONTRACT))
    cases[name] = await keeps(pool, local).then(
      () => null,
      (error: unknown) => String(error),
    );
  pool.close();
  return { shares: pool.sharesMemory && mayShareMemory(), cases };
}

/**
 * Trials without an end; `meet` tells what they ended with, what was told of it, and what trials come to afterwards. On
 * shared memory a worker that ends between two calls has nothing of a trial, which then goes on with another.
 */
async function beginEndless(): Promise<void> {
  const pool = await open();
  const endless = { ...CONTRACT_TRIALS[0], passes: 1e9 };
  const ends = [1, 2].map(() => trainOn(pool, endless).then(String, String));
  const meet = async () => {
    while (crashes.length < 2) await pause();
    const ended = pool.sharesMemory ? null : await Promise.race(ends);
    const trained = await trainOn(pool, CONTRACT_TRIALS[1]);
    const { fingerprint } = await trainOn(await openLocal(), CONTRACT_TRIALS[1]);
    pool.close();
    return { ended, crashes, isSame: trained.fingerprint === fingerprint };
  };
  /** Where no worker can be started any more. */
  const miss = async () => {
    const told = await Promise.all(ends);
    const asked = await trainOn(pool, CONTRACT_TRIALS[1]).then(String, String);
    // Time for more to be tried.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { told, asked, crashes: crashes.length };
  };
  Object.assign(globalThis, { meet, miss });
}

Object.assign(globalThis, { keep, beginEndless });
