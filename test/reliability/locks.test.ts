// A store that one process opens twice: its locks hold against other processes all the same. POSIX ends all locks
// that a process has on a file as soon as it closes any descriptor of it.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { update, keyOf } from "../support/updates.ts";

/** Opens the store's file, writes to it, and closes it: as the last one, it would take SQLite's log away. */
const OTHER_PROCESS = `
  import Database from "libsql";
  const database = new Database(process.argv[1]);
  database.exec("BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS other (a); COMMIT");
  database.close();
`;

test("a store that is open twice in one process is not taken for closed by another one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-locks-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "store.db");
  const open = () =>
    new SqliteStore(path, {
      sha256,
      trainer: { machine: "", versions: "" },
      onDamage: (message) => {
        throw new Error(message);
      },
    });
  const first = open();
  await first.commit(update(0, 2));
  const second = open();
  expect(await second.trials()).toHaveLength(1);
  execFileSync(process.execPath, ["--input-type=module", "--eval", OTHER_PROCESS, path]);
  expect(existsSync(`${path}-wal`)).toBe(true);
  await second.commit(update(3, 4));
  expect((await first.resume(keyOf()))?.checkpoint.pass).toBe(4);
  await first.close();
  await second.close();
});
