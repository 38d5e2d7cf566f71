// Studies through the queue: the bits of one process, calm or in a storm, and what cannot be said in one process.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { TRIALS } from "../../dist/pool/queue/server.node.js";
import { packed, unpacked } from "../../dist/pool/queue/payload.node.js";
import { expected } from "./expected.mjs";
import { hasRedis, RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";

const there = test.skipIf(!hasRedis);
const folder = mkdtempSync(join(tmpdir(), "widthwise-queue-"));
const servers: RedisServer[] = [];
let started: Started[] = [];
let whole: Record<string, string> = {};
let stores = 0;

beforeAll(async () => {
  if (hasRedis) whole = await expected();
});
afterEach(async () => {
  await Promise.all(started.map((one) => one.end()));
  await Promise.all(servers.map((one) => one.remove()));
  started = [];
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function server(): Promise<RedisServer> {
  const made = new RedisServer();
  servers.push(made);
  return made.start();
}

function start(args: readonly string[], env: Record<string, string> = {}): Started {
  const made = new Started(args, { env });
  started.push(made);
  return made;
}

const newStore = () => join(folder, `${++stores}.db`);
const worker = ({ address }: RedisServer, env?: Record<string, string>) =>
  start(["worker", address, "1"], env);
const coordinator = ({ address }: RedisServer, store: string, ...names: string[]) =>
  start(["coordinator", address, store, names.join(",")]);

const only = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, whole[name]]));

there("two coordinators with a store each get the fingerprints of one process", async () => {
  const redis = await server();
  const workers = [worker(redis), worker(redis)];
  const one = coordinator(redis, newStore());
  const other = coordinator(redis, newStore(), "small", "longer");
  expect(await other.fingerprints()).toEqual(only("small", "longer"));
  expect(await one.fingerprints()).toEqual(whole);
  for (const each of workers) expect(await each.end("SIGTERM")).toEqual([0, null]);
});

there("a storm changes no bit: a worker, the server and the coordinator are killed", async () => {
  const redis = await server();
  const store = newStore();
  let workers = [worker(redis), worker(redis)];
  const first = coordinator(redis, store, "small", "long");
  await workers[0].prints(/ended[^]*begun/);
  await workers[0].end();
  workers = [workers[1], worker(redis)];
  await redis.end();
  await redis.start();
  await workers[1].prints(/begun/);
  await first.end();
  const again = coordinator(redis, store, "small", "long");
  expect(await again.fingerprints()).toEqual(only("small", "long"));
});

there(
  "a worker that is asked to end hands its pass in, and another one goes on from there",
  async () => {
    const redis = await server();
    const store = newStore();
    const first = worker(redis);
    const run = coordinator(redis, store, "long");
    await first.prints(/begun/);
    await setTimeout(500);
    expect(await first.end("SIGTERM")).toEqual([0, null]);
    expect(first.stdout).toContain("given back");
    worker(redis);
    expect(await run.fingerprints()).toEqual(only("long"));
    const kept = new SqliteStore(store, {
      ...{ sha256, trainer: { machine: "", versions: "" }, onDamage: () => undefined },
    });
    const sittings = await Promise.all((await kept.trials()).map(({ key }) => kept.sittings(key)));
    await kept.close();
    const shared = sittings.filter(({ length }) => length > 1);
    expect(shared.length).toBeGreaterThan(0);
    for (const [one, two] of shared) {
      expect(two.from).toBe(one.to);
      expect(two.from).toBeGreaterThan(0);
      expect(two.machine).not.toBe(one.machine);
    }
  },
);

there(
  "a worker without the data hands back, with its reason, what another one trains",
  async () => {
    const redis = await server();
    const without = worker(redis, { NO_DATA: "1" });
    const run = coordinator(redis, newStore(), "momentum");
    await run.prints(/it has not the data set/);
    expect(without.stdout).not.toContain("begun");
    worker(redis);
    expect(await run.fingerprints()).toEqual(only("momentum"));
  },
);

there("a worker hands back a trial with a field that it does not know", async () => {
  const redis = await server();
  const run = coordinator(redis, newStore(), "momentum");
  const connection = { host: "127.0.0.1", port: redis.port };
  const queue = new Queue(TRIALS, { connection, prefix: "widthwise" });
  // The server ends before its connection.
  queue.on("error", () => undefined);
  await expect.poll(() => queue.getWaitingCount(), { timeout: 20_000 }).toBeGreaterThan(0);
  const [job] = await queue.getWaiting();
  const [head, ...rest] = unpacked(job.data) ?? [];
  const text = new TextDecoder().decode(head).replace('"momentum":', '"momentum2":0,"momentum":');
  await job.updateData(packed(new TextEncoder().encode(text), ...rest));
  const one = worker(redis);
  await one.prints(/refused a job says what this release/);
  await one.prints(/ended/);
  expect(run.isRunning).toBe(true);
  expect((await job.isDelayed()) || (await job.isActive()) || (await job.isWaiting())).toBe(true);
  await queue.close();
});

there(
  "a trial that ends its workers is told by its name, once the others are trained",
  async () => {
    const redis = await server();
    const store = newStore();
    const run = coordinator(redis, store, "diverging");
    let deaths = 0;
    while (run.isRunning) {
      const one = worker(redis, { POISON: "6" });
      const [, signal] = await Promise.race([one.ended, run.ended.then(() => one.end())]);
      if (signal === "SIGKILL") deaths++;
    }
    expect(run.stderr).toMatch(/trial [0-9a-f]{12} \(hidden layers 6, .*ended its workers/);
    expect((await run.ended)[0]).toBe(1);
    expect(deaths).toBeGreaterThan(3);
  },
);
