// Starts the processes of process.mjs, and ends them.

import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, URL } from "node:url";

const PROCESS = fileURLToPath(new URL("process.mjs", import.meta.url));

export class Started {
  stdout = "";
  stderr = "";
  #process;
  ended;

  /**
   * @param {readonly string[]} args
   * @param {{ env?: Record<string, string>, node?: string }} [options]
   */
  constructor(args, { env = {}, node = process.execPath } = {}) {
    this.#process = spawn(node, [PROCESS, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    const { stdout, stderr } = this.#process;
    stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => (this.stdout += text));
    stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => (this.stderr += text));
    this.ended = this.#closed();
  }

  /** @returns {Promise<[number | null, NodeJS.Signals | null]>} */
  #closed() {
    return new Promise((resolve) => {
      this.#process.once("close", (code, name) => {
        resolve([code, name]);
      });
    });
  }

  get isRunning() {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** @param {NodeJS.Signals} name */
  signal(name) {
    this.#process.kill(name);
  }

  /** @param {NodeJS.Signals} [name] */
  end(name = "SIGKILL") {
    if (this.isRunning) this.#process.kill(name);
    return this.ended;
  }

  /** Until what it has printed fits. @param {RegExp} pattern */
  async prints(pattern) {
    for (let tries = 0; !pattern.test(this.stdout + this.stderr); tries++) {
      if (tries > 4800 || !this.isRunning)
        throw new Error(`it does not print ${String(pattern)}: ${this.stdout}${this.stderr}`);
      await setTimeout(25);
    }
  }

  /** The fingerprints that a coordinator prints at its end. @returns {Promise<unknown>} */
  async fingerprints() {
    await this.ended;
    const line = this.stdout.split("\n").find((one) => one.startsWith("{"));
    if (line === undefined) throw new Error(`no fingerprints: ${this.stdout}${this.stderr}`);
    const found = /** @type {unknown} */ (JSON.parse(line));
    return found;
  }
}
