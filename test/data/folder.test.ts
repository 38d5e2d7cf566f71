// Folders as sources: the one that the user names, and the ones that are looked into unasked.

import { mkdir, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import { InputError, WidthwiseError } from "../../src/base/errors.ts";
import { sound, startMirror } from "./mirror-server.ts";
import { temporaryFolder, tinyDataset, withoutApt, writeFiles } from "./tiny.ts";

const tiny = tinyDataset();
const images = "train-images-idx3-ubyte";

/** Replaces, renames or (null) leaves out files of the tiny data set. */
function filesBut(changes: Record<string, Uint8Array | string | null>) {
  const files = new Map<string, Uint8Array | string | null>([
    ...tiny.archives,
    ...Object.entries(changes),
  ]);
  return [...files].filter((entry): entry is [string, Uint8Array | string] => entry[1] !== null);
}

function archive(name: string): Uint8Array {
  return tiny.archives.get(`${name}.gz`) ?? new Uint8Array();
}

describe("the folder that the user names", () => {
  test("holds archives or plain files", async () => {
    const folder = await temporaryFolder();
    const plain = gunzipSync(archive(images));
    await writeFiles(folder, filesBut({ [`${images}.gz`]: null, [images]: plain }));
    const { dataset, origin } = await loadIdxDataset(tiny.description, { directory: folder });
    expect(origin).toBe(folder);
    expect(dataset.train.examples).toBe(60);
    expect(Buffer.compare(Buffer.from(dataset.train.values), plain.subarray(16))).toBe(0);
    expect(dataset.test.labels).toHaveLength(20);
  });

  test("is the environment's where the command line names none", async () => {
    const [named, ofEnvironment] = [await temporaryFolder(), await temporaryFolder()];
    await writeFiles(named, tiny.archives);
    await writeFiles(ofEnvironment, tiny.archives);
    const env = { WIDTHWISE_DATA: ofEnvironment };
    const load = (directory?: string) => loadIdxDataset(tiny.description, { directory, env });
    expect((await load()).origin).toBe(ofEnvironment);
    expect((await load(named)).origin).toBe(named);
  });

  const half = archive(images).subarray(0, 20_000);
  test.each<[string, Record<string, Uint8Array | string | null>, string]>([
    ["is empty of one file", { [`${images}.gz`]: null }, `${images} (or ${images}.gz) is missing`],
    ["has a truncated archive", { [`${images}.gz`]: half }, `${images}.gz is cut short`],
    ["has a web page", { [`${images}.gz`]: "<html>" }, "neither a gzip archive nor an IDX file"],
    ["has an empty file", { [images]: "", [`${images}.gz`]: null }, `${images} is empty`],
  ])("%s: that is bad input, and nothing else is tried", async (_, changes, message) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, filesBut(changes));
    const server = await startMirror(tiny.archives, sound);
    const description = { ...tiny.description, mirrors: [server.address] };
    for (const [option, options] of [
      ["--data", { directory: folder }],
      ["WIDTHWISE_DATA", { env: { WIDTHWISE_DATA: folder } }],
    ] as const) {
      const failure: unknown = await loadIdxDataset(description, options).catch((e: unknown) => e);
      expect(failure).toBeInstanceOf(InputError);
      expect((failure as Error).message).toContain(`${option} ${folder}: `);
      expect((failure as Error).message).toContain(message);
      expect((failure as Error).message).not.toContain("\n");
    }
    expect(server.requests).toEqual([]);
  });

  test("does not exist, or is a file", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, [["file", ""]]);
    const load = (name: string) =>
      loadIdxDataset(tiny.description, { directory: join(folder, name) });
    await expect(load("nowhere")).rejects.toThrow(`${join(folder, "nowhere")}: this folder is`);
    await expect(load("file")).rejects.toThrow(`${join(folder, "file")}: this is no folder`);
    await expect(load("nowhere")).rejects.toBeInstanceOf(InputError);
  });

  test("has something that cannot be read to its end", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, filesBut({ [`${images}.gz`]: null }));
    const load = () => loadIdxDataset(tiny.description, { directory: folder });
    await mkdir(join(folder, images));
    await expect(load()).rejects.toThrow(`${images} is no file`);
    await symlink("/dev/zero", join(folder, `${images}.gz`));
    await expect(load()).rejects.toThrow(InputError);
  });

  test("has a file too large to be read", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, tiny.archives);
    await truncate(join(folder, `${images}.gz`), 5_000_000_000); // a hole, which takes no space
    const loading = loadIdxDataset(tiny.description, { directory: folder });
    await expect(loading).rejects.toThrow(`${images}.gz has 5000000000 bytes, expected at most`);
  });
});

describe("folders that are looked into unasked", () => {
  /** The folder where Debian's package would have been installed, with `changes`. */
  async function installed(changes: Record<string, Uint8Array | string | null>) {
    const directory = await temporaryFolder();
    await writeFiles(directory, filesBut(changes));
    return { ...tiny.description, debian: { package: "dataset-tiny", directory } };
  }

  test("the cache comes before the system's", async () => {
    const cacheDirectory = await temporaryFolder();
    const description = await installed({});
    const load = () => loadIdxDataset(description, { cacheDirectory, env: withoutApt });
    expect((await load()).origin).toBe(description.debian.directory);
    await writeFiles(cacheDirectory, tiny.archives);
    expect((await load()).origin).toBe(cacheDirectory);
  });

  test("a damaged file is passed over, a sound one beside it is used", async () => {
    const cacheDirectory = await temporaryFolder();
    await writeFiles(cacheDirectory, filesBut({ [images]: "damaged" }));
    const load = () => loadIdxDataset(tiny.description, { cacheDirectory, env: withoutApt });
    expect((await load()).origin).toBe(cacheDirectory);
  });

  test("if all are damaged, one error tells why of each", async () => {
    const cacheDirectory = await temporaryFolder();
    await writeFiles(cacheDirectory, filesBut({ [`${images}.gz`]: "damaged" }));
    const description = await installed({ [`${images}.gz`]: null });
    const failure: unknown = await loadIdxDataset(description, {
      cacheDirectory,
      env: withoutApt,
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WidthwiseError);
    expect(failure).not.toBeInstanceOf(InputError);
    expect((failure as Error).message.split("\n")).toEqual([
      `Tiny was found nowhere; name a folder that has its files (${images}.gz, …) with --data, ` +
        "or install them: sudo apt-get install dataset-tiny",
      `  ${cacheDirectory}: ${images}.gz is neither a gzip archive nor an IDX file: ` +
        'it begins with "damaged"',
      `  ${description.debian.directory}: ${images} (or ${images}.gz) is missing`,
      "  Debian's package dataset-tiny: there is no apt-get here",
    ]);
  });
});
