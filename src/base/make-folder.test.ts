import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "./make-folder.node.ts";

const root = mkdtempSync(join(tmpdir(), "widthwise-"));

test("makes all folders of a path, and none twice", () => {
  const path = join(root, "a", "b", "c");
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test("says what stands in the way", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => {
    makeFolder(join(root, "file"));
  }).toThrow("EEXIST");
  expect(() => {
    makeFolder(join(root, "file", "below"));
  }).toThrow("ENOTDIR");
});

test.runIf(existsSync("/proc"))("comes to an end where no folder can be made", () => {
  expect(() => {
    makeFolder("/proc/widthwise/below");
  }).toThrow("ENOENT");
});
