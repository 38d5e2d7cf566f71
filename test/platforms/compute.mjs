// Runs fingerprints.mjs on one platform. Compares nothing.

import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath, URL } from "node:url";
import { CASE_NAMES, SMALL_NAMES } from "./cases.mjs";
import { emulatedNode, node } from "./runtimes.mjs";

/**
 * @typedef {import("./fingerprints.mjs").Computed} Computed
 * @typedef {import("./platforms.mjs").Platform} Platform
 * @typedef {import("./runtimes.mjs").Runtime} Runtime
 */

/**
 * What a platform came to. "not available" is what this machine cannot have, "failed" what it has and broke.
 * @typedef {object} Outcome
 * @property {Platform} platform
 * @property {"computed" | "not available" | "failed"} state
 * @property {string} version Node's; only the major one where it was not computed
 * @property {readonly string[]} command that computes all cases
 * @property {readonly string[]} cases that it was asked for
 * @property {number} seconds
 * @property {Computed["fingerprints"]} fingerprints by case
 * @property {string} reason why it was not computed
 */

const SCRIPT = fileURLToPath(new URL("fingerprints.mjs", import.meta.url));

/** Milliseconds after which a platform has failed. */
const TIMEOUT = 600_000;

/** Node's exit code for an option that it does not know. */
const UNKNOWN_OPTION = 9;

/** @type {Map<string, Runtime | Error>} */
const runtimes = new Map();

/**
 * Finds each runtime once: what could not be fetched is not tried again.
 * @param {Platform} platform
 * @returns {Runtime | Error}
 */
function runtimeOf({ major, emulated }) {
  const name = `${major} ${emulated}`;
  let runtime = runtimes.get(name);
  if (runtime === undefined) {
    try {
      runtime = emulated ? emulatedNode(major) : node(major);
    } catch (error) {
      runtime = /** @type {Error} */ (error);
    }
    runtimes.set(name, runtime);
  }
  return runtime;
}

/**
 * @param {Platform} platform
 * @returns {Outcome}
 */
export function compute(platform) {
  const cases = platform.emulated ? SMALL_NAMES : CASE_NAMES;
  const version = String(platform.major);
  const none = { platform, version, command: [], cases, seconds: 0, fingerprints: {} };
  const runtime = runtimeOf(platform);
  if (runtime instanceof Error) {
    return { ...none, state: "not available", reason: explain(runtime) };
  }
  const [file, ...before] = runtime;
  const parameters = [...before, ...platform.flags, SCRIPT, ...platform.memory];
  const begun = performance.now();
  try {
    const printed = execFileSync(file, [...parameters, "--cases", cases.join(",")], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT,
    });
    const seconds = (performance.now() - begun) / 1000;
    const { node: version, fingerprints } = read(printed);
    const command = [file, ...parameters];
    if (platform.proof && !platform.proof.test(printed)) {
      const reason = `nothing printed was ${String(platform.proof)}`;
      return { ...none, state: "not available", version, reason };
    }
    return { ...none, state: "computed", version, command, seconds, fingerprints, reason: "" };
  } catch (error) {
    const { status } = /** @type {{ status?: number | null }} */ (error);
    const state = status === UNKNOWN_OPTION ? "not available" : "failed";
    return { ...none, state, reason: explain(/** @type {Error} */ (error)) };
  }
}

/**
 * @param {string} printed one line of it is the result; others may be V8's
 * @returns {Computed}
 */
function read(printed) {
  const line = printed.split("\n").find((text) => text.startsWith('{"')) ?? "";
  /** @type {unknown} */
  const computed = JSON.parse(line);
  return /** @type {Computed} */ (computed);
}

/**
 * The line of a failed command's words that says most.
 * @param {Error} error
 */
function explain({ message }) {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line, index) => index > 0 && /error|bad option|^E: /i.test(line)) ?? lines[0];
}
