// Downloads from mirrors on loopback: whatever a mirror does, files land whole and right or not at all.

import { EventEmitter, once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { LoadOptions } from "../../src/data/load.node.ts";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import type { DownloadProgress } from "../../src/data/sources/source.ts";
import { InputError, WidthwiseError } from "../../src/base/errors.ts";
import type { Behaviour } from "./mirror-server.ts";
import * as mirror from "./mirror-server.ts";
import { temporaryFolder, tinyDataset, withoutApt } from "./tiny.ts";

const tiny = tinyDataset();
const archiveNames = [...tiny.archives.keys()].sort();
const firstName = "train-images-idx3-ubyte.gz";

/** Loads from mirrors alone: no folder, no apt, and patiently, since tests may run on a busy machine. */
function load(mirrors: readonly string[], cacheDirectory: string, options: LoadOptions = {}) {
  return loadIdxDataset(
    { ...tiny.description, mirrors },
    { cacheDirectory, env: withoutApt, idleTimeout: 3000, ...options },
  );
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("was loaded"),
    (error: unknown) => error,
  );
}

describe("a sound mirror", () => {
  test("fills the cache, which is enough the next time", async () => {
    const cache = join(await temporaryFolder(), "not", "there", "yet");
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const first = await load([server.address], cache);
    expect(first.origin).toBe(`${server.address} (cached in ${cache})`);
    expect((await readdir(cache)).sort()).toEqual(archiveNames);
    for (const [name, archive] of tiny.archives) {
      expect(Buffer.compare(await readFile(join(cache, name)), archive)).toBe(0);
    }
    const second = await load([server.address], cache);
    expect(second).toEqual({ dataset: first.dataset, origin: cache });
    expect([...server.requests].sort()).toEqual(archiveNames);
  });

  test("may redirect", async () => {
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const moved = server.address.replace("/data/", "/moved/");
    const { origin } = await load([moved], await temporaryFolder());
    expect(origin).toContain(moved);
    expect(server.requests).toHaveLength(4);
  });

  test("shows its progress", async () => {
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const seen: DownloadProgress[] = [];
    await load([server.address], await temporaryFolder(), { onProgress: (p) => seen.push(p) });
    for (const [file, { length }] of tiny.archives) {
      const steps = seen.filter((progress) => progress.file === file);
      const received = steps.map((progress) => progress.received);
      expect(received).toEqual([...received].sort((a, b) => a - b));
      expect(steps[0]).toEqual({ source: server.address, file, received: 0, total: null });
      expect(steps.at(-1)).toEqual({
        source: server.address,
        file,
        received: length,
        total: length,
      });
    }
  });

  test("may compress once more on the way", async () => {
    const doubly: Behaviour = (response, archive) => {
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(archive));
    };
    const server = await mirror.startMirror(tiny.archives, doubly);
    const cache = await temporaryFolder();
    await load([server.address], cache);
    expect((await readdir(cache)).sort()).toEqual(archiveNames);
  });

  test("repairs what is damaged in the cache, and asks for nothing else", async () => {
    const cache = await temporaryFolder();
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const { dataset } = await load([server.address], cache);
    await writeFile(join(cache, firstName), "garbage");
    const repaired = await load([server.address], cache);
    expect(repaired.dataset).toEqual(dataset);
    expect(repaired.origin).toBe(`${cache} and ${server.address} (cached in ${cache})`);
    expect(server.requests.slice(4)).toEqual([firstName]);
    expect((await load([], cache)).origin).toBe(cache);
  });

  test("is enough where nothing can be cached", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const { dataset, origin } = await load([server.address], join(file, "cache"));
    expect(dataset.train.examples).toBe(60);
    expect(origin).toBe(
      `${server.address} (not cached: ${join(file, "cache")} cannot be written (ENOTDIR))`,
    );
  });
});

const archiveLength = tiny.archives.get(firstName)?.length ?? 0;

describe("a mirror that fails is told from the others and leaves nothing", () => {
  test.each<[string, Behaviour, string | RegExp]>([
    ["silent", mirror.silent, `${firstName}: silent for 0.3 s`],
    ["stalling", mirror.stalling, `${firstName}: silent for 0.3 s`],
    ["breaking", mirror.breaking, new RegExp(`${firstName}: broke off after \\d+ bytes \\(`)],
    ["truncating", mirror.truncating, `${firstName} is cut short: its gzip stream ends early`],
    ["missing", mirror.missing, `${firstName}: answered 404 Not Found`],
    [
      "page",
      mirror.page,
      `is neither a gzip archive nor an IDX file: it begins with "<html>Please`,
    ],
    ["endless", mirror.endless, /sends more than the 112592 bytes that are possible/],
    [
      "altered",
      (response, archive) => {
        const copy = archive.slice();
        copy[copy.length - 9] ^= 1;
        mirror.sound(response, copy, "");
      },
      `${firstName} is damaged: its gzip stream is invalid`,
    ],
    [
      "another's",
      (response, _, name) => {
        const other = archiveNames[(archiveNames.indexOf(name) + 1) % archiveNames.length];
        mirror.sound(response, tiny.archives.get(other) ?? new Uint8Array(), "");
      },
      `${firstName} holds 68 bytes, expected 47056`,
    ],
    ["circular", (response) => response.writeHead(302, { Location: "" }).end(), "(redirect count"],
  ])("%s", async (kind, behaviour, reason) => {
    expect(archiveLength).toBeGreaterThan(40_000);
    const cache = await temporaryFolder();
    const failing = await mirror.startMirror(tiny.archives, behaviour);
    const isSilent = kind === "silent" || kind === "stalling";
    const failure = await failureOf(
      load([failing.address], cache, isSilent ? { idleTimeout: 300 } : {}),
    );
    expect(failure).toBeInstanceOf(WidthwiseError);
    expect(failure).not.toBeInstanceOf(InputError);
    const [advice, ...reasons] = (failure as Error).message.split("\n");
    expect(advice).toContain("--data");
    expect(advice).toContain("sudo apt-get install dataset-tiny");
    const told = reasons.find((line) => line.startsWith(`  ${failing.address}: `));
    expect(told).toMatch(reason);
    expect(await readdir(cache)).toEqual([]);

    const sound = await mirror.startMirror(tiny.archives, mirror.sound);
    const { origin } = await load([failing.address, sound.address], cache);
    expect(origin).toBe(`${sound.address} (cached in ${cache})`);
    expect((await readdir(cache)).sort()).toEqual(archiveNames);
  });

  test("refusing connections", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const failure = await failureOf(load([`http://127.0.0.1:${port}/`], await temporaryFolder()));
    expect((failure as Error).message).toContain("could not be reached (ECONNREFUSED)");
  });

  test("in one file alone: only that one is asked of the next mirror", async () => {
    const cache = await temporaryFolder();
    const failing = await mirror.startMirror(tiny.archives, { [firstName]: mirror.stalling });
    const sound = await mirror.startMirror(tiny.archives, mirror.sound);
    const { origin } = await load([failing.address, sound.address], cache);
    expect(sound.requests).toEqual([firstName]);
    expect(origin).toContain(failing.address);
    expect(origin).toContain(sound.address);
    expect((await readdir(cache)).sort()).toEqual(archiveNames);
  });
});

test("a slow mirror is not a silent one", async () => {
  const slow: Behaviour = (response, archive) => {
    response.writeHead(200, { "Content-Length": archive.length });
    const step = Math.ceil(archive.length / 10);
    let sent = 0;
    const timer = setInterval(() => {
      response.write(archive.subarray(sent, sent + step));
      sent += step;
      if (sent >= archive.length) {
        clearInterval(timer);
        response.end();
      }
    }, 200);
  };
  const server = await mirror.startMirror(tiny.archives, slow);
  await load([server.address], await temporaryFolder(), { idleTimeout: 1500 });
});

test("a silent mirror is given up after ten seconds unless told otherwise", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  let asked = 0;
  const requests = new EventEmitter();
  const allAsked = once(requests, "all");
  const silent = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? expect.fail("no signal");
    if (++asked === 4) requests.emit("all");
    await once(signal, "abort");
    throw signal.reason;
  };
  const cache = await temporaryFolder();
  const options = { fetch: silent, idleTimeout: undefined };
  const failure = failureOf(load(["http://a/"], cache, options));
  await allAsked;
  await vi.advanceTimersByTimeAsync(9_999);
  expect(vi.getTimerCount()).toBe(4);
  await vi.advanceTimersByTimeAsync(1);
  expect(((await failure) as Error).message).toContain("silent for 10 s");
  expect(vi.getTimerCount()).toBe(0);
});

describe("an abort", () => {
  test.each(["silent", "stalling"] as const)("ends a %s download at once", async (kind) => {
    const cache = await temporaryFolder();
    const server = await mirror.startMirror(tiny.archives, mirror[kind]);
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const { signal } = controller;
    const failed = failureOf(
      load([server.address, server.address], cache, { signal, idleTimeout: 10_000 }),
    );
    await vi.waitUntil(() => server.requests.length === 4, { timeout: 30_000 });
    controller.abort(reason);
    const failure = await failed;
    expect(failure).toBe(reason);
    expect(await readdir(cache)).toEqual([]);
    expect(server.requests).toHaveLength(4);
  });

  test("before the start asks for nothing", async () => {
    const server = await mirror.startMirror(tiny.archives, mirror.sound);
    const signal = AbortSignal.abort(new Error("interrupted"));
    const failure = await failureOf(load([server.address], await temporaryFolder(), { signal }));
    expect((failure as Error).message).toBe("interrupted");
    expect(server.requests).toEqual([]);
  });
});
