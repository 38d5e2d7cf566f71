import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError, WidthwiseError } from "../errors.ts";
import { claimOutputFolder } from "./output-folder.node.ts";

const KEY = "a".repeat(64);
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

/** A whole run: a record, then the report. */
async function run(files = OLD, key = KEY): Promise<void> {
  const claimed = await claimOutputFolder(out);
  await writeFile(join(claimed.records, `${key}.json`), "record");
  await claimed.replace(files);
  await claimed.release();
}

const AFTER_OLD = {
  [`mine/records/${KEY}.json`]: "record",
  "mine/report.html": "old",
  "mine/summary.json": '{ "fingerprints": {} }',
};
const AFTER_NEW = {
  [`mine/records/${KEY}.json`]: "record",
  "mine/report.md": "new",
  "mine/summary.json": '{ "fingerprints": { "8": "f" } }',
};

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

test("is filled, and the next time replaced as a whole but for the records", async () => {
  await run(OLD);
  expect(await tree()).toEqual(AFTER_OLD);
  await run(NEW, "b".repeat(64));
  expect(await tree()).toEqual({ ...AFTER_NEW, [`mine/records/${"b".repeat(64)}.json`]: "record" });
});

test("a record is there at once, and stays when the run ends early", async () => {
  const claimed = await claimOutputFolder(out);
  await writeFile(join(claimed.records, `${KEY}.json`), "record");
  await claimed.release();
  expect(await tree()).toEqual({ [`mine/records/${KEY}.json`]: "record" });
  await run(NEW);
  expect(await tree()).toEqual(AFTER_NEW);
});

test("a run that came to nothing leaves nothing", async () => {
  await (await claimOutputFolder(out)).release();
  expect(await readdir(folder)).toEqual([]);
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
    const error: unknown = await claimOutputFolder(out).then(
      () => new Error("not refused"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }

  test.each([
    [{ "letter.txt": "dear" }, /holds what is not a run's \(letter\.txt\)/],
    [{ "summary.json": "{}", "thesis.tex": "x" }, /summary\.json, thesis\.tex/],
    [{ "records/holiday.mp3": "la" }, /\(records\)/],
    [{ "records/x.json": "{}", "notes.md": "x" }, /notes\.md, records/],
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

  test("a folder in which another run is at work", async () => {
    const first = await claimOutputFolder(out);
    expect(await refusal()).toContain("another run is at work there");
    await first.release();
    await run();
  });

  test("a folder in which another living process is at work", async () => {
    await mkdir(join(folder, ".mine.widthwise"));
    await writeFile(join(folder, ".mine.widthwise", "process"), String(process.ppid));
    expect(await refusal()).toContain("another run is at work there");
  });
});

describe("after a kill", () => {
  test.each([
    [0, AFTER_OLD],
    [1, AFTER_OLD],
    [2, AFTER_NEW],
  ])("a rename that fails (%i) leaves the old or the new content whole", async (index, after) => {
    await run(OLD);
    const claimed = await claimOutputFolder(out);
    let renames = 0;
    failing.rename = () => (renames++ >= index ? systemError("EIO") : null);
    await expect(claimed.replace(NEW)).rejects.toThrow(WidthwiseError);
    failing.rename = null;
    // release recovers just as a later claim does.
    await claimed.release();
    expect(await tree()).toEqual(after);
    expect(await readdir(folder)).toEqual(["mine"]);
  });

  test.each([
    ["before the exchange", { mine: ["old", "records"], staged: ["new"] }, AFTER_OLD],
    ["with the records moved", { mine: ["old"], staged: ["new", "records"] }, AFTER_OLD],
    ["with the old content moved", { staged: ["new", "records"], previous: ["old"] }, AFTER_NEW],
    ["before the old content goes", { mine: ["new", "records"], previous: ["old"] }, AFTER_NEW],
  ])("killed %s, the next run finds the old or the new content whole", async (_, places, after) => {
    const work = join(folder, ".mine.widthwise");
    const contents = { old: OLD, new: NEW, records: new Map([[`records/${KEY}.json`, "record"]]) };
    for (const [place, names] of Object.entries(places)) {
      for (const name of names as (keyof typeof contents)[]) {
        for (const [file, content] of contents[name]) {
          const path = place === "mine" ? join(out, file) : join(work, place, file);
          await mkdir(join(path, ".."), { recursive: true });
          await writeFile(path, content);
        }
      }
    }
    await writeFile(join(work, "process"), "999999999");
    await (await claimOutputFolder(out)).release();
    expect(await tree()).toEqual(after);
    expect(await readdir(folder)).toEqual(["mine"]);
  });

  test("leftovers go: a dead process's claim, its staging, its half-written record", async () => {
    await run(OLD);
    const work = join(folder, ".mine.widthwise");
    await mkdir(join(work, "staged"), { recursive: true });
    await writeFile(join(work, "staged", "report.html"), "half");
    await writeFile(join(work, "process"), "999999999");
    await writeFile(join(out, "records", `${KEY}.json.123.tmp`), "half");
    await (await claimOutputFolder(out)).release();
    expect(await tree()).toEqual(AFTER_OLD);
    expect(await readdir(folder)).toEqual(["mine"]);
  });
});

describe("a full disk", () => {
  test("is one sentence, and leaves the old content and the records", async () => {
    await run(OLD);
    const claimed = await claimOutputFolder(out);
    failing.writeFile = (path) => (path.endsWith("summary.json") ? systemError("ENOSPC") : null);
    const error: unknown = await claimed.replace(NEW).catch((reason: unknown) => reason);
    await claimed.release();
    expect(error).toBeInstanceOf(WidthwiseError);
    expect(error).not.toBeInstanceOf(InputError);
    expect((error as Error).message).toBe(
      `--out ${out}: the disk is full; make room there or name a folder on another disk; the finished trials are kept`,
    );
    expect(await tree()).toEqual(AFTER_OLD);
    expect(await readdir(folder)).toEqual(["mine"]);
  });
});
