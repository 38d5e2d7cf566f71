// Debian's archive as a source, with commands of our own in the place of apt-get and dpkg-deb: what they
// are told, and what becomes of their failures.

import { chmod, readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import { WidthwiseError } from "../../src/base/errors.ts";
import { temporaryFolder, tinyDataset, writeFiles } from "./tiny.ts";

const tiny = tinyDataset();

const fetchPackage = `
echo "$@" >> "$LOG"
case "$*" in
  *" update") test -d lists/partial ;;
  *" download dataset-tiny") echo "$PWD" >> "$LOG"; echo archive > dataset-tiny_1_all.deb ;;
  *) exit 9 ;;
esac`;

const unpackPackage = `
test "$1" = -x && test "$(cat "$2")" = archive &&
mkdir -p "$3$DATASETS" && cp "$ARCHIVES"/* "$3$DATASETS"`;

/** Loads from apt alone, with these scripts as its commands. */
async function start(scripts: { "apt-get"?: string; "dpkg-deb"?: string }) {
  const bin = await temporaryFolder();
  const archives = await temporaryFolder();
  const cache = join(await temporaryFolder(), "cache");
  const temporary = await temporaryFolder();
  const log = join(bin, "log");
  await writeFiles(archives, tiny.archives);
  for (const [name, script] of Object.entries(scripts)) {
    await writeFiles(bin, [[name, `#!/bin/sh\n${script}\n`]]);
    await chmod(join(bin, name), 0o755);
  }
  vi.stubEnv("TMPDIR", temporary);
  const { directory } = tiny.description.debian;
  const PATH = [bin, "/usr/bin", "/bin"].join(delimiter);
  return {
    cache,
    temporary,
    readLog: () => readFile(log, "utf8"),
    load: (signal?: AbortSignal) =>
      loadIdxDataset(tiny.description, {
        cacheDirectory: cache,
        env: { PATH, LOG: log, ARCHIVES: archives, DATASETS: directory },
        signal,
      }),
  };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

const sound = { "apt-get": fetchPackage, "dpkg-deb": unpackPackage };

describe.skipIf(process.platform === "win32")("Debian's archive", () => {
  test("is asked with lists and cache of our own, and fills the cache folder", async () => {
    const { load, cache, temporary, readLog } = await start(sound);
    const { dataset, origin } = await load();
    expect(dataset.train.examples).toBe(60);
    expect(origin).toBe(`Debian's package dataset-tiny (cached in ${cache})`);
    expect((await readdir(cache)).sort()).toEqual([...tiny.archives.keys()].sort());
    const [update, download, folder] = (await readLog()).split("\n");
    expect(folder).toContain(join(temporary, "widthwise-apt-"));
    for (const command of [update, download]) {
      expect(command).toContain(
        `-o Dir::State::Lists=${folder}/lists -o Dir::Cache=${folder}/cache`,
      );
    }
    expect(await readdir(temporary)).toEqual([]);
  });

  test("matters though another archive fails to update", async () => {
    const failing = fetchPackage.replace("test -d lists/partial", "exit 100");
    const { load, cache } = await start({ ...sound, "apt-get": failing });
    expect((await load()).origin).toContain(cache);
  });

  test.each([
    [
      "has no such package",
      {
        ...sound,
        "apt-get": 'case "$*" in *" download "*) echo "E: no such" >&2; exit 100;; esac',
      },
      "apt-get failed (E: no such)",
    ],
    [
      "cannot be reached",
      {
        ...sound,
        "apt-get": `case "$*" in
          *" update") echo "W: hm" >&2; echo "E: Failed to fetch" >&2 ;;
          *) echo "E: Unable to locate package" >&2 ;;
        esac
        exit 100`,
      },
      "apt-get failed (E: Failed to fetch)",
    ],
    ["fails without a word", { ...sound, "apt-get": "exit 7" }, "apt-get failed (exit code 7)"],
    ["gives nothing", { ...sound, "apt-get": "true" }, "apt-get downloaded no package"],
    [
      "gives something else",
      { ...sound, "dpkg-deb": "echo 'dpkg-deb: error: not a Debian archive' >&2; exit 2" },
      "dpkg-deb failed (dpkg-deb: error: not a Debian archive)",
    ],
    [
      "gives other files",
      {
        ...sound,
        "dpkg-deb": `${unpackPackage} && echo altered > "$3$DATASETS/t10k-labels-idx1-ubyte.gz"`,
      },
      "t10k-labels-idx1-ubyte.gz is neither a gzip archive nor an IDX file",
    ],
  ])("%s: that is told, and nothing is left", async (_, scripts, message) => {
    const { load, temporary } = await start(scripts);
    const failure: unknown = await load().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WidthwiseError);
    expect((failure as Error).message).toContain(`  Debian's package dataset-tiny: ${message}`);
    expect(await readdir(temporary)).toEqual([]);
  });

  test("is left at an abort", async () => {
    const { load, temporary } = await start({ ...sound, "apt-get": "exec sleep 30" });
    const reason = new Error("interrupted");
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(reason);
    }, 200);
    await expect(load(controller.signal)).rejects.toBe(reason);
    expect(await readdir(temporary)).toEqual([]);
  });

  test("is passed over where no temporary folder can be made", async () => {
    const { load } = await start(sound);
    vi.stubEnv("TMPDIR", join(await temporaryFolder(), "missing"));
    await expect(load()).rejects.toThrow(
      "Debian's package dataset-tiny: no temporary folder (ENOENT",
    );
  });
});
