// npm run test:queue [-- --kills N] [--seed N] [--minutes N]: the queue in a storm. Workers, the server and the coordinator are
// killed by lot, workers are stopped for longer than their lease, the server is wiped and filled up; every round's studies
// must have the fingerprints of one process. WIDTHWISE_OTHER_NODE is another node's path, by which
// every second worker runs.

import assert from "node:assert/strict";
import console from "node:console";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Redis } from "ioredis";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { expected } from "./expected.mjs";
import { RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const random = new NumpyRandomState(Number(values.seed));
/** @template Item @param {readonly Item[]} items */
const oneOf = (items) => items[random.randint(items.length)];
const until = performance.now() + 60_000 * Number(values.minutes);
const NODES = [process.execPath, process.env.WIDTHWISE_OTHER_NODE ?? process.execPath];
console.log(`seed ${values.seed}, ${cpus()[0].model}, Node ${process.versions.node}, ${NODES[1]}`);
const whole = await expected();
const tally = { rounds: 0, worker: 0, server: 0, coordinator: 0, stopped: 0, wiped: 0, full: 0 };
const kills = () => tally.worker + tally.server + tally.coordinator;

while (kills() < Number(values.kills) && performance.now() < until) await round();
console.log(`all as it should be: ${kills()} kills, ${JSON.stringify(tally)}`);

async function round() {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-storm-"));
  const redis = await new RedisServer().start();
  const run = () => new Started(["coordinator", redis.address, join(folder, "store.db")]);
  let next = 0;
  const worker = () => new Started(["worker", redis.address, "1"], { node: NODES[next++ % 2] });
  const workers = [worker(), worker()];
  let coordinator = run();
  try {
    for (;;) {
      await Promise.race([setTimeout(500 + random.randint(3500)), coordinator.ended]);
      // What is started while the server is away, or full, says so and ends.
      const isAway = /no connection|memory is full/.test(coordinator.stderr);
      if (!coordinator.isRunning && !isAway) break;
      if (!coordinator.isRunning) coordinator = run();
      workers.forEach((one, at) => {
        if (!one.isRunning) workers[at] = worker();
      });
      const what = oneOf(["worker", "worker", "server", "coordinator", "stopped", "other"]);
      const which = random.randint(workers.length);
      if (what === "worker") {
        await workers[which].end();
        workers[which] = worker();
      } else if (what === "server") {
        await redis.end();
        await setTimeout(random.randint(1500));
        await redis.start();
      } else if (what === "coordinator") {
        await coordinator.end();
        coordinator = run();
      } else if (what === "stopped") {
        workers[which].signal("SIGSTOP");
        // Twice its lease.
        await setTimeout(3000);
        workers[which].signal("SIGCONT");
      } else await mistreat(redis);
      if (what !== "other") tally[/** @type {"worker"} */ (what)]++;
    }
    assert.deepEqual(await coordinator.fingerprints(), whole, coordinator.stderr);
    assert.ok(!coordinator.stderr.includes("differs"), coordinator.stderr);
    tally.rounds++;
    console.log(`${kills()} kills: ${JSON.stringify(tally)}`);
  } finally {
    await Promise.all([...workers, coordinator].map((one) => one.end()));
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wipes the server, or leaves it no room for two seconds. @param {RedisServer} server */
async function mistreat({ port }) {
  const redis = new Redis(port, "127.0.0.1");
  try {
    if (random.randint(2) === 0) {
      await redis.flushall();
      tally.wiped++;
      return;
    }
    await redis.config("SET", "maxmemory", "1");
    await setTimeout(2000);
    await redis.config("SET", "maxmemory", "0");
    tally.full++;
  } finally {
    redis.disconnect();
  }
}
