// A lock on a file, among processes and within one. The operating system ends it with the process, however that
// ends: no clock and no process number is asked.

import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { makeFolder } from "./make-folder.node.ts";

export interface Lock {
  /** Takes the file away, too. */
  release(): void;
}

/** Takes the lock at `path`, whose file and folder are made; null where another one has it. */
export function tryLock(path: string): Lock | null {
  for (;;) {
    makeFolder(dirname(path));
    const lock = lockFile(path);
    // Between opening and locking it, its last owner may have taken the file away: then it locks nothing.
    if (lock === null || existsSync(path)) return lock;
    lock.release();
  }
}

/** SQLite knows how to lock a file on every platform; nothing is ever written into it. */
function lockFile(path: string): Lock | null {
  const database = new Database(path, { timeout: 0 });
  try {
    // Without a journal file, which a killed process would leave: there is nothing to roll back.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((error as { code?: unknown }).code === "SQLITE_BUSY") return null;
    throw error;
  }
  return {
    release() {
      // As long as the lock holds, so that it is nobody else's.
      rmSync(path, { force: true });
      database.exec("ROLLBACK");
      database.close();
    },
  };
}
