// Runs a command and tells its wall and CPU seconds and the peak memory of all its processes.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

const SAMPLE_MILLISECONDS = 50;

/**
 * @typedef {object} Run
 * @property {number} wall seconds
 * @property {number | null} cpu seconds, user and system, of all its processes; null without bash
 * @property {number | null} peakMegabytes sum over its processes of the largest resident size of each (10⁶ bytes);
 *   null where there is no /proc
 * @property {string} stdout
 */

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<Run>} Rejects where the command fails.
 */
export function runMeasured(command, args) {
  // bash's `time` waits for the whole tree; its report is the last line of stderr.
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const began = performance.now();
  const child = spawn("bash", ["-c", script, "bash", command, ...args], {
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  /** @type {Map<number, number>} */
  const peaks = new Map();
  const sampling = setInterval(() => {
    for (const pid of descendants(child.pid ?? -1))
      peaks.set(pid, residentPeak(pid) ?? peaks.get(pid) ?? 0);
  }, SAMPLE_MILLISECONDS);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(sampling);
      const wall = (performance.now() - began) / 1000;
      if (code !== 0) {
        reject(
          new Error(
            `${[command, ...args].join(" ")} ended with ${String(code)}: ${stderr.slice(-500)}`,
          ),
        );
        return;
      }
      const times = stderr.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
      const cpu = times.length === 2 ? times[0] + times[1] : null;
      const kilobytes = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
      resolve({
        wall,
        cpu,
        peakMegabytes: kilobytes === 0 ? null : (1024 * kilobytes) / 1e6,
        stdout,
      });
    });
  });
}

/**
 * Processes below `root`; none where there is no /proc.
 * @param {number} root
 * @returns {number[]}
 */
function descendants(root) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of names("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(/^PPid:\s*(\d+)/m.exec(text(`/proc/${pid}/status`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  /**
   * @param {number} pid
   * @returns {number[]}
   */
  const below = (pid) => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

/**
 * Kilobytes; null where the process is gone.
 * @param {number} pid
 */
function residentPeak(pid) {
  const found = /^VmHWM:\s*(\d+) kB/m.exec(text(`/proc/${pid}/status`));
  return found ? Number(found[1]) : null;
}

/** @param {string} path */
function names(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** @param {string} path */
function text(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // gone since it was listed
  }
}
