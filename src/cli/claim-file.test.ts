import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/data/tiny.ts";
import { InputError } from "../errors.ts";
import { claimFile } from "./claim-file.ts";

test("nothing is written before the end, and the file is replaced as a whole", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "trace.json");
  const write = await claimFile("--timeline", path);
  expect(await readdir(folder)).toEqual([]);
  await write("one");
  await write("two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["trace.json"]);
});

test("a link stays, and what it points at is replaced", async () => {
  const folder = await temporaryFolder();
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  await writeFile(file, "old");
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
