// Two processes that fetch into one cache folder at once: both get the data, and the folder is whole.

import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { expect, onTestFinished, test } from "vitest";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import type { Behaviour } from "./mirror-server.ts";
import { sound, startMirror } from "./mirror-server.ts";
import { temporaryFolder, tinyDataset, withoutApt } from "./tiny.ts";

const root = join(import.meta.dirname, "..", "..");
const tiny = tinyDataset();
const archiveNames = [...tiny.archives.keys()].sort();

/** The loader as plain JavaScript, so that a bare node runs it whether or not the package is built. */
async function compiledLoader(): Promise<string> {
  const folder = await temporaryFolder();
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const sources = ["base", "model", "random", "data"].map(async (room) => {
    const files = await readdir(join(root, "src", room), { recursive: true });
    return files.map((file) => join(room, file));
  });
  for (const source of (await Promise.all(sources)).flat()) {
    if (!source.endsWith(".ts") || source.endsWith(".test.ts")) continue;
    const { outputText } = ts.transpileModule(await readFile(join(root, "src", source), "utf8"), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
      },
    });
    const target = join(folder, dirname(source), `${basename(source, ".ts")}.js`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
  }
  return join(folder, "data", "load.node.js");
}

type Process = ChildProcessByStdio<null, Readable, null>;

/** A node process that loads the tiny data set and prints its digest and origin. */
function startProcess(loader: string, mirror: string, cacheDirectory: string): Process {
  const description = { ...tiny.description, mirrors: [mirror] };
  const options = { cacheDirectory, env: withoutApt };
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { loadIdxDataset } from ${JSON.stringify(pathToFileURL(loader).href)};
       const loading = loadIdxDataset(${JSON.stringify(description)}, ${JSON.stringify(options)});
       const { dataset, origin } = await loading;
       console.log(JSON.stringify({ digest: dataset.digest, origin }));`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function outputOf(child: Process): Promise<unknown> {
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(child.exitCode).toBe(0);
  return JSON.parse(output);
}

/** Keeps every request waiting until `count` have come, then answers all at once. */
function runAll(count: number): Behaviour {
  const waiting: (() => void)[] = [];
  return (response: ServerResponse, archive, name) => {
    waiting.push(() => {
      sound(response, archive, name);
    });
    if (waiting.length === count) for (const answer of waiting) answer();
  };
}

test("both get the data and leave a whole cache", async () => {
  const loader = await compiledLoader();
  const cache = join(await temporaryFolder(), "cache");
  const server = await startMirror(tiny.archives, runAll(8));
  const children = [1, 2].map(() => startProcess(loader, server.address, cache));
  const [first, second] = await Promise.all(children.map(outputOf));
  const { dataset, origin } = await loadIdxDataset(tiny.description, {
    cacheDirectory: cache,
    env: withoutApt,
  });
  expect(origin).toBe(cache);
  expect(first).toEqual({
    digest: dataset.digest,
    origin: `${server.address} (cached in ${cache})`,
  });
  expect(second).toEqual(first);
  expect(server.requests).toHaveLength(8);
  expect((await readdir(cache)).sort()).toEqual(archiveNames);
});

test("one that is killed amid its download leaves nothing in the other's way", async () => {
  const loader = await compiledLoader();
  const cache = join(await temporaryFolder(), "cache");
  let halves = 0;
  const halfSent = new EventEmitter();
  const sent = once(halfSent, "all");
  const killed = await startMirror(tiny.archives, (response, archive) => {
    response.writeHead(200, { "Content-Length": archive.length });
    response.write(archive.subarray(0, archive.length / 2), () => {
      if (++halves === 4) halfSent.emit("all");
    });
  });
  const victim = startProcess(loader, killed.address, cache);
  await sent;
  victim.kill("SIGKILL");
  await once(victim, "exit");
  const server = await startMirror(tiny.archives, sound);
  const survivor = startProcess(loader, server.address, cache);
  expect(await outputOf(survivor)).toMatchObject({
    origin: `${server.address} (cached in ${cache})`,
  });
  expect((await readdir(cache)).sort()).toEqual(archiveNames);
});
