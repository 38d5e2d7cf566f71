// npm run bench:queue: what a queue takes beside training. Processor time of a worker for each small trial, through the queue
// and without one; and the share of two workers' time that is spent training where trials take about 50 milliseconds.

/* global AbortController */

import console from "node:console";
import { cpus } from "node:os";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { createNodePool, MemoryStore, CATALOGUE, runStudy, sha256 } from "../../dist/node.js";
import { createQueuePool } from "../../dist/pool/queue/queue-pool.node.js";
import { openServer } from "../../dist/pool/queue/server.node.js";
import { workOn } from "../../dist/pool/queue/worker.node.js";
import { RedisServer } from "../../test/queue/redis.mjs";
import { dataset, STUDIES } from "../../test/queue/study.mjs";

const DATA = dataset();
/** @type {(name: string, width: number, passes: number, seeds: number) => import("../../src/study/spec.ts").Study} */
const study = (name, width, passes, seeds) => ({
  ...STUDIES[0],
  name,
  training: { learning_rate: 0.05, regularization: 0, passes },
  sweep: { width: [width] },
  streams: {
    kind: "named",
    study_seed: 1,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
  },
});
const SMALL = study("small", 4, 4, 10_000);
const LONGER = study("longer", 32, 400, 600);

/** @param {import("../../src/study/spec.ts").Study} asked @param {import("../../src/pool/pool.ts").Pool} pool */
const run = (asked, pool) =>
  runStudy(asked, { catalogue: CATALOGUE, dataset: DATA, pool, store: new MemoryStore(), sha256 });

const [, script, address, name] = process.argv;
if (address !== undefined) await coordinate(address, name === SMALL.name ? SMALL : LONGER);
else await measure();

/** @param {string} where @param {import("../../src/study/spec.ts").Study} asked */
async function coordinate(where, asked) {
  const server = await openServer(where, undefined);
  const pool = await createQueuePool({
    ...{ server, dataset: DATA, source: null, sha256 },
    kept: () => Promise.resolve(null),
    measure: () => Promise.reject(new Error("nothing is measured")),
    onProblem: () => undefined,
    onDifferent: () => undefined,
  });
  await run(asked, pool);
  await pool.close();
  await server.close();
}

async function measure() {
  console.log(`${cpus()[0].model}, Node ${process.versions.node}`);
  const small = await through(SMALL, 1);
  const local = await createNodePool({ dataset: DATA, workers: 1, sha256 });
  const before = process.cpuUsage();
  for (const batch of small.batches)
    for (let at = 0; at < batch.length;)
      at += (await local.whole?.train(batch.slice(at)))?.length ?? Infinity;
  const alone = sumOf(process.cpuUsage(before)) / small.count;
  await local.close();
  const queued = small.processor / small.count;
  console.log(
    `a small trial: ${queued.toFixed(3)} ms of its worker's processor time through a queue, ${alone.toFixed(3)} ms without`,
  );
  const { trained, share, count } = await through(LONGER, 2);
  console.log(
    `trials of ${(trained / count).toFixed(0)} ms: two workers spend ${(100 * share).toFixed(1)} % of their time training`,
  );
}

/** @param {NodeJS.CpuUsage} usage */
function sumOf({ user, system }) {
  return (user + system) / 1000;
}

/** Milliseconds, and the share of time with trials under way, from the first one on. @param {import("../../src/study/spec.ts").Study} asked @param {number} workers */
async function through(asked, workers) {
  const redis = await new RedisServer().start();
  const server = await openServer(redis.address, undefined);
  const end = new AbortController();
  let [trained, count, busy, began, ended] = [0, 0, 0, 0, 0];
  /** @type {(readonly import("../../src/model/trial.ts").Trial[])[]} */
  const batches = [];
  /** @type {NodeJS.CpuUsage | undefined} */
  let before;
  const works = Array.from({ length: workers }, () =>
    workOn({
      ...{ server, threads: 1, sha256, signal: end.signal },
      trainer: { machine: "this", versions: "1" },
      load: () => Promise.resolve(DATA),
      async createPool(data) {
        const { whole, ...pool } = await createNodePool({ dataset: data, workers: 1, sha256 });
        if (whole === undefined) return pool;
        let [underWay, since] = [0, 0];
        /** @type {typeof whole.train} */
        const train = async (trials) => {
          before ??= process.cpuUsage();
          if (underWay++ === 0) since = performance.now();
          began ||= since;
          const made = await whole.train(trials);
          ended = performance.now();
          if (--underWay === 0) busy += ended - since;
          for (const { seconds } of made) trained += 1000 * seconds;
          count += made.length;
          batches.push(trials.slice(0, made.length));
          return made;
        };
        return { ...pool, whole: { ...whole, train } };
      },
    }),
  );
  const coordinator = spawn(process.execPath, [script, redis.address, asked.name], {
    stdio: "inherit",
  });
  await once(coordinator, "exit");
  const processor = sumOf(process.cpuUsage(before));
  end.abort();
  await Promise.all(works);
  await server.close();
  await redis.remove();
  return { trained, count, processor, batches, share: busy / workers / (ended - began) };
}
