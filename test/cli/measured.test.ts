// What the commands measure, on the real thing: the time line of a run, the forecast of one, the doctor.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calibrate } from "../../dist/pool/node/calibrate.js";
import { evaluationSeconds, stepSeconds } from "../../dist/kernel/cost.js";
import type { TrialSpecification } from "../../src/model/trial.ts";
import { defaultCacheDirectory } from "../../src/data/sources/cache.node.ts";
import { loadIdxDataset } from "../../src/data/load.node.ts";
import { temporaryFolder, tinyDataset, writeFiles } from "../data/tiny.ts";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "widthwise-measured-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(line: string): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line.split(" ")], {
    cwd: folder,
    env: { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") },
    encoding: "utf8",
  });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return { stdout, stderr };
}

describe("a run's time line", () => {
  interface Call {
    readonly ph: string;
    readonly name: string;
    readonly tid: number;
    readonly ts: number;
    readonly dur: number;
  }
  let calls: Call[];
  let told: string;

  beforeAll(() => {
    const line = "run homework --widths 8,128 --passes 3 --workers 2 --timeline t.json";
    told = widthwise(line).stderr;
    const text = readFileSync(join(folder, "t.json"), "utf8");
    const { traceEvents } = JSON.parse(text) as { traceEvents: Call[] };
    calls = traceEvents.filter(({ ph }) => ph === "X");
  });

  test("has every call: a pass of training each, and two sets at each evaluation, of narrow networks together", () => {
    const number = (name: string) => calls.filter((call) => call.name === name).length;
    expect(number("train width 8")).toBe(3);
    expect(number("train width 128")).toBe(3);
    expect(number("evaluate width 128")).toBe(2 * 4);
    // The search: three rates, one pass each; the first diverges in it, so that it is not evaluated after it.
    expect(number("train width 32")).toBe(3);
    expect(number("evaluate width 32")).toBe(2 * (1 + 1 + 1));
    expect(number("evaluate width 8")).toBe(2);
    // One subset is all trials', so it is summed up, and both sets are standardized, once.
    expect(number("sum up examples for width 32")).toBe(1);
    expect(number("standardize examples for width 32")).toBe(2);
    expect(calls).toHaveLength(3 + 3 + 3 + 3 + 2 * (1 + 4) + 2 * 3);
  });

  test("has no worker that does two things at once, and two that work side by side", () => {
    const rows = [1, 2].map((tid) => calls.filter((call) => call.tid === tid));
    for (const row of rows) {
      expect(row.length).toBeGreaterThan(0);
      row.slice(1).forEach((call, index) => {
        // The two clocks differ by the rounding of a time since 1970.
        expect(call.ts).toBeGreaterThan(row[index].ts + row[index].dur - 1);
      });
    }
    const overlap = rows[0].some((a) =>
      rows[1].some((b) => a.ts < b.ts + b.dur && b.ts < a.ts + a.dur),
    );
    expect(overlap).toBe(true);
  });

  test("is told with each worker's share", () => {
    const shares = [...told.matchAll(/^worker (\d): busy ([\d.]+) % of [\d.]+ s$/gm)];
    expect(shares.map(([, worker]) => worker)).toEqual(["1", "2"]);
    for (const [, , share] of shares) {
      expect(Number(share)).toBeGreaterThan(5);
      expect(Number(share)).toBeLessThanOrEqual(100);
    }
  });
});

test("a dry run leaves nothing, and foretells more for more work", () => {
  const before = readdirSync(folder);
  interface Forecast {
    trials: { total: number; kept: number };
    seconds: { training: number };
    bytes: { total: number };
  }
  const forecast = (options: string) => {
    const { stdout } = widthwise(`run homework --dry-run --json --store dry.db ${options}`);
    return JSON.parse(stdout) as Forecast;
  };
  const small = forecast("--widths 8 --passes 100");
  const large = forecast("--widths 512 --passes 100");
  expect(small.trials).toMatchObject({ total: 4, kept: 0 });
  // Sixty times the arithmetic; the narrow one makes worse use of the machine, and the search is in both.
  expect(large.seconds.training / small.seconds.training).toBeGreaterThan(8);
  expect(large.bytes.total).toBeGreaterThan(small.bytes.total);
  expect(readdirSync(folder)).toEqual(before);
});

test("a dry run knows what an earlier run kept", () => {
  const options = "--seeds 3 --passes 1";
  widthwise(`run homework --widths 8,16 ${options}`);
  const found = JSON.parse(
    widthwise(`run homework --widths 8,16,32 ${options} --dry-run --json`).stdout,
  ) as { trials: { search: number; sweep: number; kept: number } };
  expect(found.trials).toMatchObject({ search: 0, sweep: 1 });
  // The search's, and widths 8 and 16.
  expect(found.trials.kept).toBeGreaterThanOrEqual(4);
});

test("a calibration finds that width costs, and evaluation less than training", async () => {
  const shape = (...hidden: number[]) => ({ inputs: 784, hidden, classes: 10 });
  const shapes = [shape(8), shape(128), shape(64, 32)];
  const { alone, allBusy, preparation, handover } = await calibrate({
    shapes,
    train: 600,
    test: 1000,
    workers: 2,
  });
  for (const costs of [alone, allBusy]) {
    const [narrow, wide] = shapes.map((one) => stepSeconds(costs, one));
    expect(narrow).toBeGreaterThan(1e-7);
    expect(wide / narrow).toBeGreaterThan(2);
    expect(evaluationSeconds(costs, shapes[1])).toBeLessThan(wide);
  }
  expect(preparation).toBeGreaterThan(0);
  expect(handover).toBeGreaterThan(0);
});

test("a calibration trains as a trial like the study's does, and rehearses what is measured", async () => {
  const like: TrialSpecification = {
    numerics: 1,
    data: { dataset: "", train_examples: 100 },
    model: { hidden: [16], init_std: 1, activation: "tanh" },
    training: {
      ...{ learning_rate: 1, regularization: 0.1, batch: 7 },
      optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    },
    streams: { kind: "named", study_seed: 0, seed: 0 },
  };
  const shapes = [{ inputs: 40, hidden: [16], classes: 10 }];
  const measure = ["sharpness", "margin"] as const;
  const sizes = { train: 100, test: 20, workers: 2 };
  const { allBusy, measurements } = await calibrate({ shapes, like, measure, ...sizes });
  expect(stepSeconds(allBusy, shapes[0], like.training)).toBeGreaterThan(0);
  expect(allBusy.keeping.perMultiplyAdd).toBeGreaterThan(0);
  expect([...measurements.keys()]).toEqual(["sharpness"]);
});

test("a calibration reads no more examples than there are", async () => {
  const shapes = [{ inputs: 40, hidden: [16], classes: 10 }];
  const { alone } = await calibrate({ shapes, train: 8, test: 2, workers: 1 });
  expect(stepSeconds(alone, shapes[0])).toBeGreaterThan(0);
});

test("the doctor finds a kernel that runs", () => {
  const found = JSON.parse(widthwise("doctor --json").stdout) as {
    kernel: boolean;
    cache: { directory: string };
    gmac_per_second: { training: number };
  };
  expect(found.kernel).toBe(true);
  expect(found.gmac_per_second.training).toBeGreaterThan(0.5);
  expect(found.cache.directory).toBe(defaultCacheDirectory("fashion-mnist"));
});

test("without fetching, only this machine's folders are looked in", async () => {
  const { description, archives } = tinyDataset();
  const cacheDirectory = await temporaryFolder();
  let fetched = 0;
  const fetch = () => {
    fetched++;
    return Promise.reject(new Error("no network"));
  };
  const tiny = { ...description, mirrors: ["http://mirror.test/"] };
  const look = () => loadIdxDataset(tiny, { cacheDirectory, fetch, fetchMissing: false, env: {} });
  await expect(look()).rejects.toThrow("Tiny was found nowhere");
  expect(fetched).toBe(0);
  await writeFiles(cacheDirectory, archives);
  expect((await look()).origin).toBe(cacheDirectory);
});

describe("an interruption ends", () => {
  const WIDE = { inputs: 784, hidden: [4096, 4096, 4096, 4096], classes: 10 };

  test("a calibration, in whatever it is", { timeout: 120_000 }, async () => {
    const interruption = new AbortController();
    setTimeout(() => {
      interruption.abort(new Error("interrupted"));
    }, 1000);
    const { signal } = interruption;
    const options = { train: 100, test: 100, workers: 1, signal };
    await expect(calibrate({ shapes: [WIDE], ...options })).rejects.toThrow("interrupted");
  });

  test("a dry run, with exit code 130", { timeout: 180_000 }, async () => {
    const study = `
name: wide
question: Which?
dataset: { name: fashion-mnist, fraction: 0.01 }
model: { hidden: [${WIDE.hidden.join(", ")}], init_std: 0.01 }
training: { learning_rate: 0.001, regularization: 0, passes: 1 }
streams: { kind: named, study_seed: 1, seeds: [0] }
`;
    writeFileSync(join(folder, "wide.yaml"), study);
    const child = spawn(process.execPath, [BIN, "run", "wide.yaml", "--dry-run"], {
      cwd: folder,
      env: { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") },
    });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    setTimeout(() => child.kill("SIGTERM"), 2000);
    // Measuring such a network takes longer than that.
    const hung = setTimeout(() => child.kill("SIGKILL"), 60_000);
    const [code] = (await once(child, "close")) as [number | null];
    clearTimeout(hung);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "interrupted\n" });
  });
});
