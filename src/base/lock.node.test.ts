import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tryLock } from "./lock.node.ts";

test("a lock is one file, held by one, and leaves nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-lock-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, "new", "lock");
  const lock = tryLock(path);
  expect(lock).not.toBeNull();
  // No journal either: a killed process would leave it for good.
  expect(readdirSync(join(folder, "new"))).toEqual(["lock"]);
  expect(tryLock(path)).toBeNull();
  lock?.release();
  expect(existsSync(path)).toBe(false);
  const next = tryLock(path);
  expect(next).not.toBeNull();
  next?.release();
});
