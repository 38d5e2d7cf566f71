// Several processes at one store: each trial is trained once, by one of them, and a killed one's work is taken over.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";

// Each test runs two or three processes that train.
vi.setConfig({ testTimeout: 240_000 });

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

const STUDY = `
name: small
question: Does it matter how many train it?
dataset: { name: fashion-mnist, fraction: 0.02 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 8 }
sweep: { width: [32, 40, 48, 56, 64] }
streams: { kind: named, seeds: [1] }
`;

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "widthwise-processes-"));
  store = join(folder, "store.db");
  writeFileSync(join(folder, "small.yaml"), STUDY);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly told: () => string;
  /** Exit code and standard output. */
  readonly end: Promise<[number | null, string]>;
}

function start(out: string, ...options: string[]): Run {
  const args = ["run", "./small.yaml", "--out", out, "--json", "--workers", "1"];
  if (!options.includes("--store")) args.push("--store", store);
  const child = spawn(process.execPath, [BIN, ...args, ...options], { cwd: folder });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => {
    told += chunk.toString();
  });
  const ended = once(child, "close");
  const end = text(child.stdout).then(async (output): Promise<[number | null, string]> => {
    const [code] = (await ended) as [number | null];
    return [code, output];
  });
  return { child, told: () => told, end };
}

async function until(run: Run, words: RegExp): Promise<void> {
  while (!words.test(run.told())) {
    if (run.child.exitCode !== null) throw new Error(`it ended before: ${run.told()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** From which to which pass each trial was trained, in the order of widths. */
async function sittings(): Promise<Record<number, [number, number][]>> {
  const kept = new SqliteStore(store, {
    sha256,
    trainer: { machine: "", versions: "" },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  const trials = await kept.trials();
  const found: Record<number, [number, number][]> = {};
  for (const { key, specification } of trials) {
    const all = await kept.sittings(key);
    found[specification.model.hidden[0]] = all.map(({ from, to }) => [from, to]);
  }
  await kept.close();
  return found;
}

const fingerprintOf = (json: string) => (JSON.parse(json) as { fingerprint: string }).fingerprint;

test("two that run the same study train each trial once, share them, and give the same report", async () => {
  const runs = [start("one"), start("two")];
  const [first, second] = await Promise.all(runs.map(({ end }) => end));
  expect([first[0], second[0]]).toEqual([0, 0]);
  expect(fingerprintOf(first[1])).toBe(fingerprintOf(second[1]));
  expect(readdirSync(folder).sort()).toEqual(["one", "small.yaml", "store.db", "two"]);
  const whole = [[0, 8]];
  expect(await sittings()).toEqual({ 32: whole, 40: whole, 48: whole, 56: whole, 64: whole });
  const started = runs.map(({ told }) => [...told().matchAll(/^width (\d+): started/gm)].length);
  expect(started[0] + started[1]).toBe(5);
  expect(Math.min(...started)).toBeGreaterThan(0);
  expect(runs.some(({ told }) => told().includes("another process is training it"))).toBe(true);
  for (const name of ["trajectories.csv", "curves.svg"])
    expect(readFileSync(join(folder, "one", name), "utf8")).toBe(
      readFileSync(join(folder, "two", name), "utf8"),
    );
});

test("two names of one store are one store, before it is there", async () => {
  const link = join(folder, "link.db");
  symlinkSync(store, link);
  const runs = [start("one"), start("two", "--store", link)];
  const [first, second] = await Promise.all(runs.map(({ end }) => end));
  expect([first[0], second[0]], runs.map(({ told }) => told()).join()).toEqual([0, 0]);
  expect(fingerprintOf(first[1])).toBe(fingerprintOf(second[1]));
  const whole = [[0, 8]];
  expect(await sittings()).toEqual({ 32: whole, 40: whole, 48: whole, 56: whole, 64: whole });
});

test("a run whose store is taken away ends with 1, and says so", async () => {
  const run = start("one");
  await until(run, /^width 64: started/m);
  rmSync(store);
  expect((await run.end)[0]).toBe(1);
  expect(run.told()).toContain(`store ${store}: its file was removed while it was used`);
});

describe("one that is killed", () => {
  test("leaves its trial to the one that waits for it", async () => {
    const owner = start("one", "--widths", "64", "--passes", "120");
    await until(owner, /width 64: pass 10 of 120/);
    const heir = start("two", "--widths", "64", "--passes", "120");
    await until(heir, /another process is training it/);
    // Late enough for a commit on a fast machine, too.
    await until(owner, /width 64: pass 90 of 120/);
    owner.child.kill("SIGKILL");
    const [code, output] = await heir.end;
    expect(code).toBe(0);
    expect(heir.told()).toMatch(/^width 64: goes on from pass \d+ of 120/m);
    const [[from, between], [since, to]] = (await sittings())[64];
    expect([from, since, to]).toEqual([0, between, 120]);
    expect(between).toBeGreaterThan(0);

    rmSync(store);
    const [, uninterrupted] = await start("three", "--widths", "64", "--passes", "120").end;
    expect(fingerprintOf(output)).toBe(fingerprintOf(uninterrupted));
  });

  test("leaves no claim in the way of the next one", async () => {
    const killed = start("one");
    await until(killed, /width 64: started/);
    killed.child.kill("SIGKILL");
    await killed.end;
    expect(existsSync(`${store}-claims`)).toBe(true);
    expect((await start("one").end)[0]).toBe(0);
    expect(existsSync(`${store}-claims`)).toBe(false);
  });
});
