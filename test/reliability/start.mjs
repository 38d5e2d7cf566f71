// Starts the process of process.mjs, ends it if asked to, and reads its diary.

import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { fileURLToPath, URL } from "node:url";

/**
 * @typedef {import("./process.mjs").Entry} Entry
 * @typedef {import("./process.mjs").Task} Task
 */

/**
 * @typedef {object} Ended how a process ended
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} stderr
 * @property {readonly Entry[]} diary
 * @property {number} milliseconds from when it was ready to its end; 0 where it never was
 */

const SCRIPT = fileURLToPath(new URL("process.mjs", import.meta.url));

/** Milliseconds after which a process hangs, and is ended with SIGTERM. */
const PATIENCE = 120_000;

/** So many seconds of its clock are one of ours: then a commit is due every few milliseconds. */
const SPEED = 200;

/**
 * @param {Partial<Task> & Pick<Task, "store">} task
 * @param {object} [options]
 * @param {number} [options.killAfter] milliseconds after it is ready; left out for never
 * @param {readonly string[]} [options.command] that node's path and parameters are appended to
 * @param {(output: string) => void} [options.onOutput] gets all that there is by now
 * @param {{ uid?: number, gid?: number }} [options.user]
 * @returns {Promise<Ended>}
 */
export function start(task, { killAfter, command = [], user = {}, onOutput } = {}) {
  const whole = {
    speed: SPEED,
    calendar: "forward",
    calendarOffset: 0,
    gate: null,
    fault: null,
    ...task,
  };
  const [file, ...parameters] = [...command, process.execPath, SCRIPT, JSON.stringify(whole)];
  const child = spawn(file, parameters, { stdio: ["ignore", "pipe", "pipe"], ...user });
  const patience = setTimeout(() => child.kill("SIGTERM"), PATIENCE);
  let stdout = "";
  let stderr = "";
  let ready = 0;
  child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
    stdout += text;
    onOutput?.(stdout);
  });
  child.stdout.once("data", () => {
    ready = performance.now();
    if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter).unref();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(patience);
      const milliseconds = ready === 0 ? 0 : performance.now() - ready;
      resolve({ code, signal, stderr, diary: readDiary(stdout), milliseconds });
    });
  });
}

/**
 * @param {string} text whose last line may not be whole
 * @returns {Entry[]}
 */
function readDiary(text) {
  return text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => {
      /** @type {unknown} */
      const entry = JSON.parse(line);
      return /** @type {Entry} */ (entry);
    });
}
