// What the numbers were measured on.

import { readFileSync } from "node:fs";
import os from "node:os";

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores that this process may use
 * @property {number} memoryGigabytes
 * @property {string} system
 * @property {number} load runnable processes over the last minute, before anything was measured
 */

/** @returns {Machine} */
export function machine() {
  const [cpu] = os.cpus();
  return {
    processor: `${cpu.model.trim()} (${os.arch()})`,
    cores: os.availableParallelism(),
    memoryGigabytes: os.totalmem() / 1e9,
    system: `${distribution()}${os.type()} ${os.release()}`,
    load: os.loadavg()[0],
  };
}

function distribution() {
  try {
    const found = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"));
    return found ? `${found[1]}, ` : "";
  } catch {
    return ""; // not a Linux
  }
}
