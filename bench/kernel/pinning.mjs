// One core for everybody: frameworks start threads of their own, and no setting of theirs stops all of them.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Pinning
 * @property {readonly string[]} prefix of the command
 * @property {Readonly<Record<string, string>>} env
 */

/** @type {Pinning} */
export const FREE = { prefix: [], env: {} };

/** @returns {Pinning & { core: string | null }} `core` is null where a process cannot be held on one. */
export function pinToOneCore() {
  const env = {
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
    MKL_NUM_THREADS: "1",
    XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false",
  };
  const core = lastCore();
  return { prefix: core === null ? [] : ["taskset", "--cpu-list", core], env, core };
}

/** The last of the cores that this process may use; null without Linux or its `taskset`. */
function lastCore() {
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
    const status = readFileSync("/proc/self/status", "utf8");
    return /^Cpus_allowed_list:.*?(\d+)$/m.exec(status)?.[1] ?? null;
  } catch {
    return null;
  }
}
