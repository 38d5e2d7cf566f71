// Ctrl-C on the real command, in the middle of its training, and a run that goes on.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, URL } from "node:url";
import { sha256, SqliteStore } from "../../dist/node.js";

const WIDTHWISE = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

/** Trained in a few seconds, of which each pass is a small part. */
const STUDY = `
name: interrupted
question: Is what was trained kept?
dataset: { name: fashion-mnist, fraction: 0.01 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 40 }
sweep: { width: [8, 16] }
streams: { kind: named, study_seed: 0, seeds: [0, 1] }
`;

/** @returns {Promise<string>} what was seen */
export async function ctrlC() {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-interrupt-"));
  const study = join(folder, "study.yaml");
  writeFileSync(study, STUDY);
  /**
   * @param {string} name of the store
   * @param {(passes: number) => boolean} [stop] whether to interrupt it, asked again and again
   */
  const run = async (name, stop) => {
    const store = join(folder, `${name}.db`);
    const out = join(folder, name);
    const args = ["run", study, "--workers", "1", "--store", store, "--out", out, "--json"];
    const child = spawn(process.execPath, [WIDTHWISE, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => (stderr += text));
    /** @type {Promise<number | null>} */
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (stop !== undefined && child.exitCode === null) {
      if (stop(await passesIn(store))) {
        child.kill("SIGINT");
        break;
      }
      await setTimeout(100);
    }
    return { code: await ended, stdout, stderr, passes: await passesIn(store) };
  };
  try {
    const whole = await run("whole");
    assert.equal(whole.code, 0, whole.stderr);
    const interrupted = await run("interrupted", (passes) => passes > 0);
    assert.equal(interrupted.code, 130, interrupted.stderr);
    assert.match(
      interrupted.stderr,
      /interrupted; what was trained is kept in \S+, and the same command goes on from there\n$/,
    );
    assert.ok(interrupted.passes > 0 && interrupted.passes < whole.passes);
    const after = await run("interrupted");
    assert.equal(after.code, 0, after.stderr);
    assert.equal(fingerprintOf(after.stdout), fingerprintOf(whole.stdout));
    assert.equal(after.passes, whole.passes);
    return `exit code 130, ${interrupted.passes} of ${whole.passes} passes kept, the same fingerprint in the end`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} summary */
function fingerprintOf(summary) {
  /** @type {unknown} */
  const parsed = JSON.parse(summary);
  return /** @type {{ fingerprint: string }} */ (parsed).fingerprint;
}

/**
 * Passes of all trials in the store, looked at while it is being written.
 * @param {string} path
 */
async function passesIn(path) {
  const store = new SqliteStore(path, {
    sha256,
    trainer: { machine: "", versions: "" },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  try {
    const trials = await store.trials();
    return trials.reduce((sum, { passes }) => sum + passes, 0);
  } finally {
    await store.close();
  }
}
