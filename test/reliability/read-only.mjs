// Folders and files that cannot be written: refused at once, in one sentence, and left as they are.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { start } from "./start.mjs";

/** Root may write everywhere, so that as root this is tried as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** One sentence, which says what to do; the process ends with 2 as a command, with 1 here. */
const SENTENCE =
  /: InputError: store \S+: it cannot be (written|opened for writing); name another one with --store\n$/;

/**
 * @returns {Promise<string>} what was seen
 */
export async function readOnly() {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-read-only-"));
  chmodSync(folder, 0o755);
  try {
    const place = join(folder, "place");
    mkdirSync(place);
    const store = join(place, "store.db");
    const { code, stderr } = await start({ store });
    assert.equal(code, 0, stderr);
    /** @type {[string, number, number, string][]} folder's mode, file's, and the store that is asked for */
    const cases = [
      ["a folder in which nothing may be made", 0o555, 0o444, join(place, "new.db")],
      ["a folder below it", 0o555, 0o444, join(place, "below", "new.db")],
      ["a store in it", 0o555, 0o444, store],
      ["a store that may be written, in it", 0o555, 0o666, store],
      ["a store that may only be read, in a folder that may be written", 0o777, 0o444, store],
    ];
    for (const [what, folderMode, fileMode, asked] of cases) {
      chmodSync(place, folderMode);
      chmodSync(store, fileMode);
      const before = content(place);
      const ended = await start({ store: asked }, { user: NOBODY });
      assert.match(`${what}: ${ended.stderr}`, SENTENCE);
      assert.equal(ended.code, 1, what);
      assert.deepEqual(content(place), before, what);
    }
    return `${cases.length} of ${cases.length} refused in one sentence, and left as they were`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Names and digests of a folder's files.
 * @param {string} folder
 */
function content(folder) {
  return readdirSync(folder).map((name) => [
    name,
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex"),
  ]);
}
