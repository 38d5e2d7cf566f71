import { link, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/data/tiny.ts";
import { parametersOf } from "../../../test/support/updates.ts";
import { outcome } from "../../../test/support/outcomes.ts";
import { InputError } from "../../base/errors.ts";
import { laboratory } from "../laboratory.ts";
import { claimFile as claim, type ClaimOptions } from "./output-file.ts";

const claimFile = (option: string, path: string, rest: Partial<ClaimOptions> = {}) =>
  claim(option, path, { content: "trace", others: [], ...rest });

/** As the product begins it. */
const TRACE = '{"displayTimeUnit":"ms","traceEvents":[{"name":"process_name"';

test("nothing is written before the end, and the file is replaced as a whole", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "trace.json");
  const write = await claimFile("--timeline", path);
  expect(await readdir(folder)).toEqual([]);
  await write(`${TRACE}: one`);
  await write(`${TRACE}: two`);
  expect(await readFile(path, "utf8")).toBe(`${TRACE}: two`);
  expect(await readdir(folder)).toEqual(["trace.json"]);
});

test("a link stays, and what it points at is replaced", async () => {
  const folder = await temporaryFolder();
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  await writeFile(file, TRACE);
  await symlink(file, link);
  await (
    await claimFile("--timeline", link)
  )("new");
  expect(await readFile(file, "utf8")).toBe("new");
});

test("what cannot be written is told before the work", async () => {
  const folder = await temporaryFolder();
  const refusal = async (path: string): Promise<string> => {
    const error: unknown = await claimFile("--timeline", path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  };
  expect(await refusal(folder)).toBe(
    `--timeline ${folder}: expected a file, got a folder; name another file`,
  );
  expect(await refusal("/dev/null")).toBe(
    "--timeline /dev/null: expected a file, got a device; name another file",
  );
  expect(await refusal(join(folder, "none", "trace.json"))).toBe(
    `--timeline ${folder}/none/trace.json: its folder does not exist; make it or name another file`,
  );
  await writeFile(join(folder, "file"), "");
  expect(await refusal(join(folder, "file", "trace.json"))).toBe(
    `--timeline ${folder}/file/trace.json: part of this path is a file; name another file`,
  );
});

test("what cannot be written any more leaves nothing behind", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "trace.json");
  const write = await claimFile("--timeline", path);
  await mkdir(path);
  await writeFile(join(path, "content"), "");
  await expect(write("text")).rejects.toThrow(`--timeline ${path}: cannot be written (EISDIR)`);
  expect(await readdir(folder)).toEqual(["trace.json"]);
});

describe("what is there already", () => {
  async function place(name: string, content: string | Uint8Array) {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, content);
    return path;
  }

  test("stays, unless widthwise could have written it, it is empty, or --force is given", async () => {
    for (const text of ["dear diary", '{"traceEvents":[]}', "study,width"]) {
      const path = await place("trace.json", text);
      await expect(claimFile("--timeline", path)).rejects.toThrow(
        `--timeline ${path}: it is there already, and widthwise did not write it; name another file, or have it replaced with --force`,
      );
      expect(await readFile(path, "utf8")).toBe(text);
      await (
        await claimFile("--timeline", path, { force: true })
      )("new");
      expect(await readFile(path, "utf8")).toBe("new");
    }
    await claimFile("--timeline", await place("empty", ""));
  });

  test("stays, too, where it has come while the work was done", async () => {
    const path = join(await temporaryFolder(), "trace.json");
    const write = await claimFile("--timeline", path);
    await writeFile(path, "mine");
    await expect(write(TRACE)).rejects.toThrow(InputError);
    expect(await readFile(path, "utf8")).toBe("mine");
  });

  test("is known by its content, in each format of an export", async () => {
    const trial = outcome(8, [[2.3, 0.1, 2.3, 0.1]]);
    for (const format of ["csv", "json", "parquet"] as const) {
      const writer = await laboratory.tableWriter(format);
      const pieces = [writer.add({ ...trial, studies: ["s"] }), writer.end()];
      const content = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
      const path = await place(`table.${format}`, content);
      await claimFile("--out", path, { content: "export" });
      await expect(claimFile("--out", path, { content: "trace" })).rejects.toThrow(InputError);
    }
    const inputs = { mean: new Float32Array(2), deviation: new Float32Array(2) };
    for (const format of ["npz", "safetensors"] as const) {
      const metadata = { key: "ab".repeat(32), fingerprint: "cd".repeat(32), passes: "3" };
      const content = await laboratory.weightsFile(format, parametersOf(3), inputs, metadata);
      await claimFile("--out", await place(`weights.${format}`, content), { content: "export" });
    }
    for (const other of ["PAR1 somebody else's PAR1", "PK\u0003\u0004 a thesis", "a,b,c\n"])
      await expect(
        claimFile("--out", await place("other", other), { content: "export" }),
      ).rejects.toThrow(InputError);
  });
});

describe("a file that the command reads is never its output", () => {
  test.each([
    ["itself", (path: string) => Promise.resolve(path)],
    [
      "through a link",
      async (path: string) => {
        await symlink(path, `${path}.link`);
        return `${path}.link`;
      },
    ],
    [
      "under another name of the same file",
      async (path: string) => {
        await link(path, `${path}.hard`);
        return `${path}.hard`;
      },
    ],
    [
      "through a folder that is a link",
      async (path: string) => {
        await symlink(dirname(path), `${dirname(path)}.link`);
        return join(`${dirname(path)}.link`, basename(path));
      },
    ],
  ])("%s", async (_, other) => {
    const store = join(await temporaryFolder(), "store.db");
    for (const content of [null, "the store"]) {
      if (content !== null) await writeFile(store, content);
      const path = await other(store).catch(() => store);
      await expect(
        claimFile("--timeline", path, {
          others: [{ what: "the store", path: store }],
          force: true,
        }),
      ).rejects.toThrow(/this is the store of the same command|a link to what is not there/);
      if (content !== null) expect(await readFile(store, "utf8")).toBe(content);
    }
  });
});

test("a link to what is not there is refused", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "link");
  await symlink(join(folder, "nowhere"), path);
  await expect(claimFile("--timeline", path)).rejects.toThrow(
    `--timeline ${path}: this is a link to what is not there; make that, or name another path`,
  );
  await expect(claimFile("--timeline", join(path, "trace.json"))).rejects.toThrow(
    `--timeline ${path}/trace.json: ${path} is a link to what is not there`,
  );
});
