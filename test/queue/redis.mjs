// A Redis of the tests' own, on the loopback, with a folder of its own; ended by its process id.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

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
  settings;

  /** @param {readonly string[]} [settings] */
  constructor(settings = KEEPING) {
    this.settings = settings;
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
    this.#process = spawn("redis-server", [...where, "--save", "", ...this.settings], {
      stdio: "ignore",
    });
    await this.isUp();
    return this;
  }

  /** Until it answers, be it with a refusal. */
  async isUp() {
    for (let tries = 0; ; tries++) {
      const socket = connect(this.port, "127.0.0.1").setEncoding("utf8");
      /** @type {Promise<unknown>} */
      const answer = new Promise((resolve) => {
        socket.once("data", resolve);
        // What wants TLS hangs up.
        socket.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
          resolve(error.code === "ECONNRESET" ? "" : error);
        });
        socket.once("connect", () => {
          socket.write("PING\r\n\r\n");
        });
        socket.once("end", () => {
          resolve("");
        });
      });
      const said = await answer;
      socket.destroy();
      if (typeof said === "string" && !said.startsWith("-LOADING")) return;
      assert.ok(tries < 400, `redis-server does not answer: ${String(said)}`);
      await setTimeout(50);
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
