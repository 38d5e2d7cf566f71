import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError, WidthwiseError } from "../errors.ts";
import { findOutputFolder } from "./output-folder.node.ts";

const OLD = new Map([
  ["report.html", "old"],
  ["summary.json", '{ "fingerprints": {} }'],
]);
const NEW = new Map([
  ["report.md", "new"],
  ["summary.json", '{ "fingerprints": { "8": "f" } }'],
]);

// The file system as it is, unless a test makes one operation fail.
const failing = vi.hoisted(() => ({
  writeFile: null as ((path: string) => Error | null) | null,
  rename: null as ((from: string, to: string) => Error | null) | null,
}));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    writeFile: async (path: string, content: string) => {
      const error = failing.writeFile?.(path);
      // A full disk takes the beginning.
      await real.writeFile(path, error ? content.slice(0, 1) : content);
      if (error) throw error;
    },
    rename: async (from: string, to: string) => {
      const error = failing.rename?.(from, to);
      if (error) throw error;
      await real.rename(from, to);
    },
  };
});

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "widthwise-output-"));
  out = join(folder, "mine");
});
afterEach(async () => {
  failing.writeFile = failing.rename = null;
  await rm(folder, { recursive: true, force: true });
});

/** Every file under `folder` with its content. */
async function tree(): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return Object.fromEntries(
    files.map((file, index) => [file.slice(folder.length + 1), contents[index]]),
  );
}

async function run(files = OLD): Promise<void> {
  await (await findOutputFolder(out)).replace(files);
}

const AFTER_OLD = {
  "mine/report.html": "old",
  "mine/summary.json": '{ "fingerprints": {} }',
};
const AFTER_NEW = {
  "mine/report.md": "new",
  "mine/summary.json": '{ "fingerprints": { "8": "f" } }',
};

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

test("is filled, and the next time replaced as a whole", async () => {
  await run(OLD);
  expect(await tree()).toEqual(AFTER_OLD);
  await run(NEW);
  expect(await tree()).toEqual(AFTER_NEW);
  expect(await readdir(folder)).toEqual(["mine"]);
});

test("looking at it makes nothing", async () => {
  out = join(folder, "one", "two");
  await findOutputFolder(out);
  expect(await readdir(folder)).toEqual([]);
});

test("runs that end at once take turns: one of them is there whole", async () => {
  const found = await Promise.all([OLD, NEW, OLD, NEW].map(() => findOutputFolder(out)));
  await Promise.all(found.map((one, index) => one.replace(index % 2 === 0 ? OLD : NEW)));
  expect([AFTER_OLD, AFTER_NEW]).toContainEqual(await tree());
  expect(await readdir(folder)).toEqual(["mine"]);
});

test("makes the folders above it, and follows a link", async () => {
  await mkdir(join(folder, "elsewhere"));
  await symlink(join(folder, "elsewhere"), out);
  await run(OLD);
  expect(Object.keys(await tree())).toContain("elsewhere/report.html");
  out = join(folder, "one", "two", "three");
  await run(OLD);
  expect(Object.keys(await tree())).toContain("one/two/three/report.html");
});

describe("refuses", () => {
  async function refusal(): Promise<string> {
    const error: unknown = await findOutputFolder(out).then(
      () => new Error("not refused"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }

  test.each([
    [{ "letter.txt": "dear" }, /holds what is not a run's \(letter\.txt\)/],
    [{ "summary.json": "{}", "thesis.tex": "x" }, /summary\.json, thesis\.tex/],
    [{ a: "", b: "", c: "", d: "" }, /\(a, b, c, …\)/],
  ])("a folder with other content (%#)", async (content, message) => {
    for (const [name, text] of Object.entries(content)) {
      await mkdir(join(out, name, ".."), { recursive: true });
      await writeFile(join(out, name), text);
    }
    const before = await tree();
    expect(await refusal()).toMatch(message);
    expect(await tree()).toEqual(before);
    expect(await readdir(folder)).toEqual(["mine"]);
  });

  test("a file, and a path through one", async () => {
    await writeFile(out, "x");
    expect(await refusal()).toBe(`--out ${out}: expected a folder, got a file`);
    out = join(out, "below");
    expect(await refusal()).toBe(`--out ${out}: part of this path is a file; name another folder`);
  });

  test("the root of the file system", async () => {
    out = "/";
    expect(await refusal()).toMatch(/^--out \/: /);
  });

  test("a folder without permission, by the nearest one that there is", async () => {
    // Root may write everywhere.
    if (process.getuid?.() === 0) return;
    out = "/usr/widthwise/one";
    expect(await refusal()).toContain("no permission to write there");
  });
});

describe("an exchange that is cut off", () => {
  test.each([0, 1])("a rename that fails (%i) leaves the old content whole", async (index) => {
    await run(OLD);
    let renames = 0;
    failing.rename = () => (renames++ === index ? systemError("EIO") : null);
    await expect(run(NEW)).rejects.toThrow(WidthwiseError);
    failing.rename = null;
    expect(await tree()).toEqual(AFTER_OLD);
    expect(await readdir(folder)).toEqual(["mine"]);
  });

  test.each([
    ["while the new content is made", { mine: OLD, "work/staged": NEW }, AFTER_OLD],
    ["between the renames", { "work/previous": OLD, "work/staged": NEW }, AFTER_OLD],
    ["before the old content goes", { mine: NEW, "work/previous": OLD }, AFTER_NEW],
  ])("by a kill %s, is put right by the next one", async (_, places, after) => {
    for (const [place, files] of Object.entries(places))
      for (const [file, content] of files) {
        const path = join(folder, place.replace("work", ".mine.widthwise"), file);
        await mkdir(join(path, ".."), { recursive: true });
        await writeFile(path, content);
      }
    await writeFile(join(folder, ".mine.widthwise", "lock"), "");
    // One that fails shows what it has put right before.
    failing.writeFile = () => systemError("EIO");
    await expect(run(NEW)).rejects.toThrow(WidthwiseError);
    expect(await tree()).toEqual(after);
    failing.writeFile = null;
    await run(NEW);
    expect(await tree()).toEqual(AFTER_NEW);
    expect(await readdir(folder)).toEqual(["mine"]);
  });
});

describe("a full disk", () => {
  test("is one sentence, and leaves the old content", async () => {
    await run(OLD);
    failing.writeFile = (path) => (path.endsWith("summary.json") ? systemError("ENOSPC") : null);
    const error: unknown = await run(NEW).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WidthwiseError);
    expect(error).not.toBeInstanceOf(InputError);
    expect((error as Error).message).toBe(
      `--out ${out}: the disk is full; make room there or name a folder on another disk; what was trained is kept`,
    );
    expect(await tree()).toEqual(AFTER_OLD);
    expect(await readdir(folder)).toEqual(["mine"]);
  });
});
