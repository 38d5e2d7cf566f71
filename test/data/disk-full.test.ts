// A full disk under the cache folder: no test can fill one, so writing fails as it would there.

import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import { InputError, WidthwiseError } from "../../src/base/errors.ts";
import { sound, startMirror } from "./mirror-server.ts";
import { temporaryFolder, tinyDataset, withoutApt } from "./tiny.ts";

/** How the next write fails, and what the folder shows at that moment. */
const disk = vi.hoisted(() => ({ code: "", names: [] as string[] }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const writeFile = async (path: string, content: Uint8Array) => {
    await original.writeFile(path, content.subarray(0, 1000));
    disk.names = await original.readdir(dirname(path));
    throw Object.assign(new Error("no space left on device, write"), { code: disk.code });
  };
  return { ...original, writeFile };
});

async function load() {
  const tiny = tinyDataset();
  const cacheDirectory = await temporaryFolder();
  const { address } = await startMirror(tiny.archives, sound);
  const description = { ...tiny.description, mirrors: [address] };
  const loading = loadIdxDataset(description, { cacheDirectory, env: withoutApt });
  return { cacheDirectory, loading };
}

test.each(["ENOSPC", "EDQUOT"])("%s is told with the folder, and leaves nothing", async (code) => {
  disk.code = code;
  const { cacheDirectory, loading } = await load();
  const failure: unknown = await loading.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WidthwiseError);
  expect(failure).not.toBeInstanceOf(InputError);
  expect((failure as Error).message).toBe(
    `the disk is full: the data could not be kept in ${cacheDirectory}; make room there, or put ` +
      `the files into another folder and name it with --data`,
  );
  expect(await readdir(cacheDirectory)).toEqual([]);
});

test("a file that is not all written does not bear its name yet", async () => {
  disk.code = "EIO";
  await (
    await load()
  ).loading;
  expect(disk.names).toHaveLength(1);
  expect(disk.names[0]).toMatch(/^train-images-idx3-ubyte\.gz\..+\.part$/);
});

test("any other reason not to be written leaves nothing either, and the data is there", async () => {
  disk.code = "EIO";
  const { cacheDirectory, loading } = await load();
  const { origin, dataset } = await loading;
  expect(dataset.train.examples).toBe(60);
  expect(origin).toContain(`(not cached: ${cacheDirectory} cannot be written (EIO))`);
  expect(await readdir(cacheDirectory)).toEqual([]);
});
