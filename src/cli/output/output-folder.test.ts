import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { findOutputFolder, type OutputFolderOptions } from "./output-folder.ts";

const HTML = '<meta name="generator" content="widthwise">';
const MD = "# Why?\n\nwidthwise · mine\n";
const summary = (text: string) => `{\n  "study": "mine",\n  "eta_star": ${text}\n}\n`;
const OLD = new Map([
  ["report.html", `${HTML} old`],
  ["summary.json", summary("0.01")],
]);
const NEW = new Map([
  ["report.md", `${MD} new`],
  ["summary.json", summary("0.02")],
]);

// The file system as it is, unless a test makes one operation fail.
const failing = vi.hoisted(() => ({
  writeFile: null as ((path: string) => Error | null) | null,
  rename: null as ((from: string, to: string) => Error | Promise<never> | null) | null,
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
      const error = await failing.rename?.(from, to);
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

/** Every file under `folder` with its content, but for the list of what widthwise wrote. */
async function tree(): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile() && entry.name !== ".widthwise.sha256")
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return Object.fromEntries(
    files.map((file, index) => [file.slice(folder.length + 1), contents[index]]),
  );
}

async function run(files = OLD, rest: Partial<OutputFolderOptions> = {}): Promise<void> {
  await (await find(files, rest)).replace(files);
}

function find(files = OLD, rest: Partial<OutputFolderOptions> = {}) {
  return findOutputFolder(out, { names: [...files.keys()], others: [], ...rest });
}

const CSV = "width,seed,pass,train_loss,\r\n8,0,0,2.3,\r\n";

const AFTER_OLD = {
  "mine/report.html": `${HTML} old`,
  "mine/summary.json": summary("0.01"),
};
const AFTER_NEW = {
  "mine/report.md": `${MD} new`,
  "mine/summary.json": summary("0.02"),
};

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

test("is filled, and the next time what was written is replaced", async () => {
  await run(OLD);
  expect(await tree()).toEqual(AFTER_OLD);
  await run(NEW);
  expect(await tree()).toEqual(AFTER_NEW);
  expect(await readdir(folder)).toEqual(["mine"]);
});

test("lists what was written, as sha256sum does", async () => {
  await run(OLD);
  await run(NEW);
  const sums = [...NEW].map(
    ([name, content]) => `${createHash("sha256").update(content).digest("hex")}  ${name}\n`,
  );
  expect(await readFile(join(out, ".widthwise.sha256"), "utf8")).toBe(sums.join(""));
  expect(await readdir(out)).toEqual([".widthwise.sha256", ...NEW.keys()]);
});

test("takes a file in pieces as it takes it whole", async () => {
  function* pieces() {
    yield CSV.slice(0, 20);
    yield CSV.slice(20);
  }
  const folder = await findOutputFolder(out, { names: ["t.csv"], others: [] });
  await folder.replace(new Map([["t.csv", pieces()]]));
  const whole = await readFile(join(out, ".widthwise.sha256"), "utf8");
  expect(await tree()).toEqual({ "mine/t.csv": CSV });
  await folder.replace(new Map([["t.csv", CSV]]));
  expect(await readFile(join(out, ".widthwise.sha256"), "utf8")).toBe(whole);
});

test("is left as it was by an interruption in the midst of a file", async () => {
  await run(OLD);
  const interruption = new AbortController();
  function* pieces() {
    yield CSV;
    interruption.abort(new Error("interrupted"));
    yield "never written";
  }
  const next = await find(OLD);
  const replaced = next.replace(new Map([["report.html", pieces()]]), interruption.signal);
  await expect(replaced).rejects.toThrow(/^interrupted$/);
  expect(await tree()).toEqual(AFTER_OLD);
});

describe("the user's own files", () => {
  const MINE = { "mine/answers.md": "mine", "mine/w/width8.npz": "weights", "mine/store.db": "s" };

  async function placeMine(files: Record<string, string> = MINE): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }

  test.each(["before the first run", "after it"])("stay, put there %s", async (when) => {
    if (when === "after it") await run(OLD);
    await placeMine();
    await run(OLD);
    await run(NEW);
    expect(await tree()).toEqual({ ...AFTER_NEW, ...MINE });
  });

  test("stay where a run is cut off by a full disk", async () => {
    await placeMine();
    failing.writeFile = (path) => (path.endsWith("summary.json") ? systemError("ENOSPC") : null);
    await expect(run(OLD)).rejects.toThrow(/disk is full/);
    expect(await tree()).toEqual(MINE);
  });

  test("stay where they have changed what a run had written, and --force replaces that", async () => {
    await run(OLD);
    await placeMine({ "mine/summary.json": `${summary("0.01")} my remark` });
    await expect(run(NEW)).rejects.toThrow(
      `--out ${out}: it holds summary.json as widthwise did not write it; move that away, name another folder, or have it replaced with --force`,
    );
    expect((await tree())["mine/summary.json"]).toContain("my remark");
    await run(NEW, { force: true });
    expect(await tree()).toEqual(AFTER_NEW);
  });

  test("stay where they are a changed file that the next run does not write, and after that one", async () => {
    await run(OLD);
    await placeMine({ "mine/report.html": `${HTML} mine` });
    await run(NEW);
    await run(NEW);
    expect(await tree()).toEqual({ ...AFTER_NEW, "mine/report.html": `${HTML} mine` });
    await expect(run(OLD)).rejects.toThrow(/holds report\.html as widthwise did not write it/);
  });

  test("stay where a list from elsewhere names them", async () => {
    await run(OLD);
    await placeMine();
    const line = (name: string) =>
      `${createHash("sha256").update("mine").digest("hex")}  ${name}\n`;
    await writeFile(join(folder, "outside.md"), "mine");
    await writeFile(join(out, ".widthwise.sha256"), line("answers.md") + line("../outside.md"));
    await run(NEW, { force: true });
    expect(await tree()).toMatchObject({ ...MINE, "outside.md": "mine" });
  });

  // Whatever they begin with: a report that the user has gone on with begins as ours.
  test.each([
    ["report.html", `${HTML} and my remark`],
    ["report.md", `${MD} my remark`],
    ["summary.json", `${summary("0.01")} my remark`],
    ["curves.png", "\x89PNG\r\n\x1a\n and mine"],
    [
      "curves.svg",
      '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="curves-title curves-description" >mine',
    ],
    ["trajectories.csv", "width,seed,pass,train_loss,my_column\r\n"],
    ["report.html", "<h1>my report</h1>"],
  ])("stay where no list tells that they are ours: %s %j", async (name, text) => {
    await placeMine({ [`mine/${name}`]: text });
    const files = new Map([[name, "new"]]);
    for (const list of [null, ""]) {
      if (list !== null) await writeFile(join(out, ".widthwise.sha256"), list);
      const error: unknown = await find(files).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toBe(
        `--out ${out}: it holds ${name}, and no list .widthwise.sha256 there tells that widthwise wrote it; name another folder with --out, or have it replaced with --force`,
      );
      expect(await tree()).toEqual({ [`mine/${name}`]: text });
    }
    await run(files, { force: true });
    expect(await tree()).toEqual({ [`mine/${name}`]: "new" });
  });

  test("stay where they come into a name's place while the study is trained", async () => {
    const found = await find(OLD);
    await placeMine({ "mine/report.html": "mine" });
    await expect(found.replace(OLD)).rejects.toThrow(/; what was trained is kept$/);
    expect(await tree()).toEqual({ "mine/report.html": "mine" });
  });

  test("that a command reads are not replaced, even with --force", async () => {
    const store = join(out, "summary.json");
    const others = [{ what: "the store", path: store }];
    await expect(run(OLD, { others, force: true })).rejects.toThrow(
      `--out ${out}: summary.json in it: this is the store of the same command; name another folder`,
    );
    const inside = [{ what: "the store", path: join(out, ".widthwise", "staged", "store.db") }];
    await expect(run(OLD, { others: inside })).rejects.toThrow(/may not lie in the folder/);
    expect(await readdir(folder)).toEqual([]);
  });
});

test("looking at it makes nothing", async () => {
  out = join(folder, "one", "two");
  await find();
  expect(await readdir(folder)).toEqual([]);
});

test("runs that end at once take turns: one of them is there whole", async () => {
  const found = await Promise.all([OLD, NEW, OLD, NEW].map((files) => find(files)));
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
    const error: unknown = await find(OLD).then(
      () => new Error("not refused"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }

  test.each([
    [{ "summary.json": "{}", "thesis.tex": "x" }, /it holds summary\.json, and no list/],
    [
      { "report.html": "x", "summary.json": "{}" },
      /it holds report\.html, summary\.json, and no list/,
    ],
    [{ "report.html/mine.txt": "x" }, /report\.html in it is no plain file/],
    [{ ".widthwise": "x" }, /\.widthwise in it is no folder/],
  ])("a folder with other files in the places of a run's (%#)", async (content, message) => {
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

  test("a link in the place of a file", async () => {
    await mkdir(out);
    await writeFile(join(folder, "mine.html"), HTML);
    await symlink(join(folder, "mine.html"), join(out, "report.html"));
    expect(await refusal()).toMatch(/report\.html in it is no plain file/);
  });

  test("a link to what is not there, and a path through one", async () => {
    await symlink(join(folder, "nowhere"), out);
    const sentence = "is a link to what is not there; make that, or name another path";
    expect(await refusal()).toBe(`--out ${out}: this ${sentence}`);
    const link = out;
    out = join(link, "below");
    expect(await refusal()).toBe(`--out ${out}: ${link} ${sentence}`);
    expect(await readdir(folder)).toEqual(["mine"]);
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
  test.each([0, 1, 2, 3])("by a rename that fails (%i), leaves every file whole", async (index) => {
    await run(OLD);
    let renames = 0;
    failing.rename = () => (renames++ === index ? systemError("EIO") : null);
    await expect(run(NEW)).rejects.toThrow(WidthwiseError);
    failing.rename = null;
    const all = [...Object.entries(AFTER_OLD), ...Object.entries(AFTER_NEW)];
    for (const [name, content] of Object.entries(await tree()))
      expect(all).toContainEqual([name, content]);
    if (index === 0) expect(await tree()).toEqual(AFTER_OLD);
    expect(await readdir(folder)).toEqual(["mine"]);
    await run(NEW);
    expect(await tree()).toEqual(AFTER_NEW);
  });

  test.each([0, 1, 2, 3, 4])(
    "by a kill before a rename (%i), is put right by the next one",
    async (index) => {
      await run(OLD);
      // As a kill: nothing is done after it, not even tidying up.
      let renames = 0;
      let killed: () => void = () => undefined;
      const kill = new Promise<void>((resolve) => (killed = resolve));
      failing.rename = () => {
        if (renames++ < index) return null;
        killed();
        return new Promise(() => undefined);
      };
      const found = await find(NEW);
      void found.replace(NEW);
      await Promise.race([kill, new Promise((resolve) => setTimeout(resolve, 300))]);
      failing.rename = null;
      // The system ends the lock of a killed process.
      await rm(join(out, ".widthwise", "lock"), { force: true });
      await run(NEW);
      expect(await tree()).toEqual(AFTER_NEW);
      expect(await readdir(out)).toEqual([".widthwise.sha256", ...NEW.keys()]);
    },
  );
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
