// A Redis of the tests' own, on the loopback, with a folder of its own; ended by its process id.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";

/** Whether this machine has one. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** What docs/many-machines.md tells users to run it with. */
export const KEEPING = [
  ...["--appendonly", "yes", "--appendfsync", "everysec"],
  ...["--maxmemory-policy", "noeviction"],
];

export class RedisServer {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;
  #folder = mkdtempSync(join(tmpdir(), "widthwise-redis-"));
  port = 0;
  /** @type {readonly string[]} */
  #settings;

  /** @param {readonly string[]} [settings] */
  constructor(settings = KEEPING) {
    this.#settings = settings;
  }

  get folder() {
    return this.#folder;
  }

  get address() {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** On the port that it had before, if it had one. */
  async start() {
    this.port ||= await freePort();
    const where = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder];
    this.#process = spawn("redis-server", [...where, "--save", "", ...this.#settings], {
      stdio: "ignore",
    });
    await this.isUp();
    return this;
  }

  /** Until it answers. */
  async isUp() {
    for (let tries = 0; ; tries++) {
      const socket = new Redis(this.port, "127.0.0.1", { lazyConnect: true, retryStrategy: null });
      socket.on("error", () => undefined);
      try {
        await socket.connect();
        return;
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        if (/NOAUTH|SSL|closed/i.test(message)) return;
        assert.ok(tries < 100, `redis-server does not answer: ${message}`);
        await setTimeout(50);
      } finally {
        socket.disconnect();
      }
    }
  }

  /** @param {NodeJS.Signals} [signal] */
  async end(signal = "SIGKILL") {
    const server = this.#process;
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  }

  async remove() {
    await this.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  server.close();
  await once(server, "close");
  return address.port;
}
