// Stores under several names, at addresses that are none, and where nothing can be written.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { storePath } from "../../src/cli/store.ts";
import { InputError } from "../../src/base/errors.ts";
import { MIGRATIONS } from "../../src/records/sqlite/schema.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { StoreFile } from "../../src/records/sqlite/store-file.node.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { chained, update, keyOf, plan } from "../support/updates.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "widthwise-paths-"));
  path = join(folder, "store.db");
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

function open(at: string, toRead = false): SqliteStore {
  const trainer = { machine: "", versions: "" };
  return new SqliteStore(at, { sha256, trainer, onDamage: () => undefined, toRead });
}

describe("a link to a store", () => {
  test.each([
    ["there", true],
    ["not there yet", false],
  ])("that is %s is that store, its claims with it", async (_, isThere) => {
    const link = join(folder, "link.db");
    mkdirSync(join(folder, "place"));
    const real = join(folder, "place", "real.db");
    symlinkSync(join("place", "real.db"), link);
    if (isThere) await open(real).close();
    const [one, other] = [open(link), open(real)];
    const claim = await one.claim(keyOf());
    expect(claim).not.toBeNull();
    expect(await other.claim(keyOf())).toBeNull();
    await one.commit(update(0, 2));
    expect((await other.collect()).trials).toBe(0);
    await claim?.release();
    expect((await other.collect()).trials).toBe(1);
    await one.close();
    await other.close();
    expect(readdirSync(folder).sort()).toEqual(["link.db", "place"]);
  });

  test("that leads to itself is refused", () => {
    symlinkSync(path, path);
    expect(() => open(path)).toThrow(`store ${path}: its links lead in a circle`);
  });
});

describe("an address", () => {
  test.each(["http://here/s.db", "libsql://here/s.db", "file:new/s.db", ":memory:", ""])(
    "that is none of a file's is refused: %s",
    (address) => {
      expect(() => open(address)).toThrow(InputError);
      expect(() => open(address)).toThrow("expected the path of a file; name one with --store");
      expect(existsSync("http:") || existsSync("libsql:") || existsSync("file:new")).toBe(false);
    },
  );

  test.each([
    ["a folder", "new/below/", InputError],
    ["too long a name", `new/below/${"x".repeat(300)}`, InputError],
    ["a folder's too long a name", `new/${"x".repeat(300)}/s.db`, Error],
    ["a file's part", "file/new/s.db", InputError],
  ])("that is refused leaves nothing: %s", (_, name, kind) => {
    writeFileSync(join(folder, "file"), "");
    expect(() => open(`${folder}/${name}`)).toThrow(kind);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test("of nothing in the environment is none", () => {
    expect(storePath(undefined, { WIDTHWISE_STORE: "" })).toBe(storePath(undefined, {}));
    expect(storePath(undefined, { WIDTHWISE_STORE: "a.db" })).toBe("a.db");
    expect(() => storePath("", {})).toThrow("--store: expected a file, got an empty name");
  });
});

/** Root may write everywhere: as root, what is to be read alone is tried as nobody, by the built program. */
const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const IS_ROOT = process.getuid?.() === 0;
const NOBODY = IS_ROOT ? { uid: 65534, gid: 65534 } : {};

function widthwise(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args, "--store", path], {
    ...{ cwd: tmpdir(), encoding: "utf8", ...NOBODY },
  });
  return { status, stdout, stderr };
}

describe.runIf(process.platform !== "win32")("a store that can only be read", () => {
  beforeEach(async () => {
    const store = open(path);
    await store.plan(plan(4, [1]));
    await store.commit(chained(4, 1));
    await store.finish(plan(4, [1]).id, "ab".repeat(32));
    await store.close();
  });

  const seal = (folderMode = 0o555) => {
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, folderMode);
  };

  test.each([0o555, 0o755])("is listed, shown and exported; its folder has mode %o", (mode) => {
    seal(mode);
    const before = readdirSync(folder);
    expect(widthwise("list")).toMatchObject({ status: 0, stderr: "" });
    expect(widthwise("show", "mine").stdout).toContain(keyOf(1).slice(0, 12));
    const { stdout } = widthwise("export", "mine");
    expect(stdout.trimEnd().split("\r\n")).toHaveLength(1 + 5);
    for (const words of [["remove", "mine"], ["gc"]]) {
      const { status, stderr } = widthwise(...words);
      expect([status, stderr]).toEqual([
        2,
        `store ${path}: it cannot be written; name another one with --store\n`,
      ]);
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  test("that another process is writing is read with what its log has", async () => {
    const store = open(path);
    await store.commit(chained(2, 5));
    seal();
    expect(widthwise("list").stdout).toMatch(/1 study, 2 trials/);
    await store.close();
  });

  test("whose log cannot be read is refused", async () => {
    const store = open(path);
    await store.commit(chained(2, 5));
    const copy = mkdtempSync(join(tmpdir(), "widthwise-copy-"));
    for (const side of ["", "-wal"]) copyFileSync(path + side, join(copy, `store.db${side}`));
    await store.close();
    for (const side of ["", "-wal"]) copyFileSync(join(copy, `store.db${side}`), path + side);
    rmSync(copy, { recursive: true });
    rmSync(`${path}-shm`, { force: true });
    seal();
    const { status, stderr } = widthwise("list");
    expect([status, stderr]).toEqual([
      2,
      `store ${path}: its newest content is in ${path}-wal, which cannot be read where nothing may be written; copy both files to a folder of yours, and name that store\n`,
    ]);
  });

  test("of the first schema is read as it is", () => {
    const old = join(folder, "old.db");
    StoreFile.open(old, MIGRATIONS.slice(0, 1)).close();
    chmodSync(folder, 0o555);
    path = old;
    chmodSync(old, 0o444);
    expect(widthwise("list").stdout).toBe(`nothing is kept yet in ${old}\n`);
    expect(widthwise("verify")).toMatchObject({ status: 0 });
  });
});

test.runIf(process.platform === "linux")("too few open files are told in one sentence", () => {
  const run = (limit: number) => {
    const script = `ulimit -n ${limit}; exec "$0" "$@"`;
    const words = [BIN, "list", "--store", path];
    return spawnSync("/bin/sh", ["-c", script, process.execPath, ...words], { encoding: "utf8" });
  };
  for (const limit of [24, 32, 48, 64]) {
    const { status, stderr } = run(limit);
    if (status === 0) continue;
    expect(stderr).toBe(
      `too many open files: this process may have ${limit} open; allow more (ulimit -n 1024), and run again\n`,
    );
    expect(status).toBe(1);
  }
  expect(run(24).status).toBe(1);
});
