// A disk that fills up: a small file system of its own where this process may mount one, and in any case a limit on
// the size of files. What a full disk leaves is whole, and with room again the studies come to their end.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { examine, examineWhole } from "./examine.mjs";
import { start } from "./start.mjs";

/** @typedef {import("./expected.mjs").Expected} Expected */

/** Bytes of the file system: the whole store and what SQLite writes beside it fit several times. */
const DISK = 32 * 2 ** 20;

/** KiB that a store of all studies grows to, at least. */
const STORE = 1800;

/** One sentence, which says what to do; the process ends with 1. */
const FULL =
  /^WidthwiseError: store \S+: the disk is full; make room there, or name another one with --store; what it kept before is whole\n$/;
const LIMITED =
  /^WidthwiseError: store \S+: reading or writing it failed \(SQLITE_\w+\): its disk may be full, limited or broken; what it kept before is whole\n$/;

/**
 * @typedef {object} Attempts
 * @property {number} tries
 * @property {number} failures that were told in one sentence
 * @property {number} afterFirstCheckpoint of these, with a trial's checkpoint in the store
 */

/**
 * A disk with less and less room, down to none.
 * @param {{ seed: number, expected: Expected, tries: number }} given
 * @returns {Promise<Attempts | string>} or why it cannot be tried here
 */
export async function fullDisk({ seed, expected, tries }) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-full-"));
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", disk], {
      stdio: "ignore",
    });
  } catch {
    rmSync(folder, { recursive: true });
    return "this process may not mount a file system";
  }
  try {
    const ballast = join(disk, "ballast");
    return await attempts(disk, { seed, expected, tries }, async (store, share) => {
      const { bavail, bsize } = statfsSync(disk);
      const room = Math.floor(share * 3 * STORE * 1024);
      writeFileSync(ballast, new Uint8Array(Math.max(0, bavail * bsize - room)));
      const ended = await start({ store });
      rmSync(ballast);
      return { ended, sentence: FULL };
    });
  } finally {
    execFileSync("umount", [disk]);
    rmSync(folder, { recursive: true });
  }
}

/**
 * A limit on the size of the files that the process writes: SQLite meets an error that it has no name for.
 * @param {{ seed: number, expected: Expected, tries: number }} given
 * @returns {Promise<Attempts | string>}
 */
export async function limitedFiles({ seed, expected, tries }) {
  if (process.platform === "win32") return "this platform has no limit on the size of files";
  const folder = mkdtempSync(join(tmpdir(), "widthwise-limited-"));
  try {
    return await attempts(folder, { seed, expected, tries }, async (store, share) => {
      const limit = `ulimit -f ${Math.floor(share * STORE)}; exec "$@"`;
      const ended = await start({ store }, { command: ["bash", "-c", limit, "bash"] });
      return { ended, sentence: LIMITED };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} disk where stores are
 * @param {{ seed: number, expected: Expected, tries: number }} given
 * @param {(store: string, share: number) => Promise<{ ended: import("./start.mjs").Ended, sentence: RegExp }>} run
 *   a process that has room for about this share of what it is going to write
 * @returns {Promise<Attempts>}
 */
async function attempts(disk, { seed, expected, tries }, run) {
  const random = new NumpyRandomState(seed);
  const seen = { tries: 0, failures: 0, afterFirstCheckpoint: 0 };
  while (seen.tries < tries) {
    const store = join(disk, `store-${seen.tries}.db`);
    const { ended, sentence } = await run(store, random.random());
    if (ended.code !== 0) {
      assert.match(ended.stderr, sentence);
      assert.equal(ended.code, 1);
      seen.failures++;
      const kept = await examine(store, expected);
      seen.afterFirstCheckpoint += kept.size > 0 ? 1 : 0;
      for (const entry of ended.diary)
        if (entry.event === "kept") assert.ok((kept.get(entry.key) ?? -1) >= entry.pass);
      const { code, stderr } = await start({ store });
      assert.equal(code, 0, stderr);
    }
    await examineWhole(store, expected);
    rmSync(store);
    seen.tries++;
  }
  return seen;
}
