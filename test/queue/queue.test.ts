// Studies through the queue, each process by itself: the bits of one process, calm or in a storm.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { SqliteStore } from "../../dist/records/sqlite/sqlite-store.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { expected } from "./expected.mjs";
import { hasRedis, RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
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

there(
  "coordinators on one store and on another get the fingerprints of one process, and workers without the data train nothing",
  async () => {
    const redis = await server();
    const store = newStore();
    const without = worker(redis, { NO_DATA: "1" });
    const one = coordinator(redis, store);
    await one.prints(/it has not the data set/);
    const same = coordinator(redis, store, "small", "momentum", "diverging");
    const other = coordinator(redis, newStore(), "longer");
    const workers = [worker(redis), worker(redis)];
    await workers[0].prints(/begun/);
    expect(await without.end("SIGTERM")).toEqual([0, null]);
    expect(await same.fingerprints()).toEqual(only("small", "momentum", "diverging"));
    expect(await other.fingerprints()).toEqual(only("longer"));
    expect(await one.fingerprints()).toEqual(whole);
    expect(without.stdout).not.toContain("begun");
    for (const each of workers) expect(await each.end("SIGTERM")).toEqual([0, null]);
  },
);

there(
  "a storm changes no bit: a worker, the server and the coordinator are killed, the server is wiped, a worker is asked to end",
  async () => {
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
    const client = new Redis(redis.port, "127.0.0.1");
    client.on("error", () => undefined);
    await setTimeout(1000);
    await client.flushall();
    client.disconnect();
    const [one] = workers;
    await one.prints(/begun/);
    expect(await one.end("SIGTERM")).toEqual([0, null]);
    expect(await again.fingerprints()).toEqual(only("small", "long"));
    // Whoever went on, each pass was kept once.
    const kept = new SqliteStore(store, {
      ...{ sha256, trainer: { machine: "", versions: "" }, onDamage: () => undefined },
    });
    const sittings = await Promise.all((await kept.trials()).map(({ key }) => kept.sittings(key)));
    await kept.close();
    for (const parts of sittings)
      for (const [at, { from }] of parts.entries()) expect(from).toBe(at && parts[at - 1].to);
  },
);

there(
  "a worker and a coordinator that are asked to end do, though the server is away",
  async () => {
    const redis = await server();
    const one = worker(redis);
    const run = coordinator(redis, newStore(), "long");
    await one.prints(/begun/);
    await redis.end();
    const ended = run.end("SIGTERM");
    expect(await one.end("SIGTERM")).toEqual([0, null]);
    expect((await ended)[0]).toBe(1);
  },
);
