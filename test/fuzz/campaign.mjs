// Watches a child process that fuzzes one reader: a crash, a hang and too much memory are failures as an unexpected
// error is, and each is told with the command that makes it again.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { clearInterval, setInterval } from "node:timers";
import { fileURLToPath, URL } from "node:url";

/** Milliseconds that one input may take; a machine may be busy with other things. */
const TIME_LIMIT = 15_000;

/** Resident bytes that a child may come to. */
const MEMORY_LIMIT = 512 * 2 ** 20;

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));

/** @typedef {import("./child.mjs").Tally} Tally */

/**
 * @param {string} reader
 * @param {number} seed
 * @param {{ from: number, to: number }} range
 * @returns {Promise<{ tally: Tally | null, failure: string | null }>} the failure names its input
 */
export async function fuzz(reader, seed, { from, to }) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-fuzz-"));
  const place = join(folder, "input");
  try {
    const { code, output, hung } = await run([reader, seed, from, to, place].map(String), place);
    const again = (/** @type {number} */ input) =>
      `npm run test:fuzz -- --reader ${reader} --seed ${seed} --input ${input}`;
    if (hung) {
      const failure = `no end after ${TIME_LIMIT / 1000} s: ${again(at(place) ?? from)}`;
      return { tally: null, failure };
    }
    if (code !== 0) {
      const failure = `crashed (${code}): ${again(at(place) ?? from)}\n${output.slice(-4000)}`;
      return { tally: null, failure };
    }
    /** @type {unknown} */
    const printed = JSON.parse(output.trim().split("\n").at(-1) ?? "");
    const tally = /** @type {Tally} */ (printed);
    if (tally.failure !== null) {
      return { tally, failure: `${again(tally.failure.input)}\n${tally.failure.error}` };
    }
    if (tally.bytes > MEMORY_LIMIT) {
      const mebibytes = Math.round(tally.bytes / 2 ** 20);
      return {
        tally,
        failure: `${mebibytes} MiB of memory in inputs ${from} to ${to}, seed ${seed}`,
      };
    }
    return { tally, failure: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} args
 * @param {string} place
 * @returns {Promise<{ code: number | string | null, output: string, hung: boolean }>}
 */
function run(args, place) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      "--max-old-space-size=256",
      "--expose-gc",
      CHILD,
      ...args,
    ]);
    let output = "";
    child.stdout.on("data", (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.stderr.on("data", (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    /** @type {number | null} */
    let last = null;
    let since = performance.now();
    let hung = false;
    const watch = setInterval(() => {
      const now = at(place);
      if (now !== last) {
        last = now;
        since = performance.now();
      } else if (performance.now() - since > TIME_LIMIT) {
        hung = true;
        child.kill("SIGKILL");
      }
    }, 250);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearInterval(watch);
      resolve({ code: code ?? signal, output, hung });
    });
  });
}

/**
 * The input that the child is at; null before the first.
 * @param {string} place
 */
function at(place) {
  try {
    const text = readFileSync(place, "utf8").trim();
    return text === "" ? null : Number(text);
  } catch {
    return null;
  }
}
