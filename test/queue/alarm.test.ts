// The commands at a queue: workers that hand in other bits, have other data, or are of another release.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { deferred } from "../../src/base/deferred.ts";
import { effects } from "../../src/cli/effects.ts";
import { main } from "../../src/cli/main.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { Pool } from "../../src/pool/pool.ts";
import type { TrainedPass } from "../../src/records/record.ts";
import { stage } from "../cli/fakes.ts";
import { CONTRACT_TRIALS } from "../support/pool-contract.ts";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { jobOf, jobPayload, stretchPayload } from "../../dist/pool/queue/messages.node.js";
import { beThere } from "../../dist/pool/queue/presence.node.js";
import {
  gainsOf,
  openServer,
  RELEASE,
  TRIALS,
  type QueueServer,
} from "../../dist/pool/queue/server.node.js";
import { workOn } from "../../dist/pool/queue/worker.node.js";
import { hasRedis, RedisServer } from "./redis.mjs";
import { dataset, TIMES } from "./study.mjs";

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
const there = test.skipIf(!hasRedis);
const DATA: Dataset = { ...dataset(), name: "fashion-mnist" };
const folder = mkdtempSync(join(tmpdir(), "widthwise-alarm-"));
const ends: (() => Promise<unknown>)[] = [];
let redis: RedisServer;
let server: QueueServer;
let runs = 0;

beforeAll(async () => {
  if (!hasRedis) return;
  redis = await new RedisServer(["--appendonly", "no"]).start();
  server = await openServer(redis.address, undefined);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  if (hasRedis) {
    await server.close();
    await redis.remove();
  }
  rmSync(folder, { recursive: true });
});

/** A study of two seeds of one width. */
function study(name: string, width: number, passes: number): string {
  const path = join(folder, `${name}.yaml`);
  const lines = [
    ...[`name: ${name}`, "question: Who is right?", "dataset: { name: fashion-mnist }"],
    ...["model: { hidden: [width], init_std: 0.1 }", `sweep: { width: [${width}] }`],
    ...[`training: { learning_rate: 0.01, passes: ${passes} }`, "evaluate: { every: 100 }"],
    "streams: { kind: named, seeds: 0..1 }",
  ];
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** A command on the made-up data, with what it writes, and a store of its own. */
function command(...args: readonly string[]) {
  const { context, out, err, interruption } = stage({
    openStore: (...asked) => effects.openStore(...asked),
    runStudy: (...asked) => effects.runStudy(...asked),
    loadDataset: () => Promise.resolve({ dataset: DATA, origin: "a made-up place" }),
    createPool: (data, workers) => createNodePool({ dataset: data, workers, sha256 }),
  });
  const store = join(folder, `${++runs}.db`);
  const env = { WIDTHWISE_STORE: store };
  const code = main([...args, "--queue", redis.address], { ...context, env });
  const end = (): Promise<unknown> => {
    interruption.abort(new Error("ended"));
    return code;
  };
  ends.push(end);
  return { code, out, err, store, end };
}

/** A worker that trains on `data`, whatever it is asked for; `each` is waited for before it goes on after a pass. */
function worker(
  data: Dataset,
  each: (pass: TrainedPass, key: string) => unknown = () => undefined,
): void {
  const end = new AbortController();
  const work = workOn({
    ...{ server, threads: 1, sha256, times: { ...TIMES, stretch: 0 }, signal: end.signal },
    trainer: { machine: "this", versions: "1" },
    load: () => Promise.resolve(DATA),
    async createPool() {
      const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
      const turn: Pool["turn"] = async (...asked) => {
        const made = await pool.turn(...asked);
        return {
          ...made,
          async *train(from) {
            const training = made.train(from);
            for (;;) {
              const { done, value } = await training.next();
              if (done === true) return value;
              yield value;
              await each(value, made.key);
            }
          },
        };
      };
      return { ...pool, turn };
    },
  });
  ends.push(() => {
    end.abort();
    return work;
  });
}

there(
  "other bits than those that are kept raise an alarm: both are kept, the run answers and ends with 1",
  async () => {
    const run = command("run", study("long", 256, 700), "--verify", "100%");
    const first = new Map<string, TrainedPass>();
    const both = deferred();
    let isTold = false;
    worker(DATA, async (pass, key) => {
      if (pass.checkpoint.pass > 0) return;
      first.set(key, pass);
      if (first.size === 2) both.resolve(undefined);
      await both.promise;
      if (isTold) return;
      isTold = true;
      const [id] = await server.redis.smembers("widthwise:coordinators");
      const gains = new Queue(gainsOf(id), server.shared);
      gains.on("error", () => undefined);
      const lying = async () => (await gains.getJobs(["waiting", "active", "delayed"])).length;
      await vi.waitUntil(async () => (await lying()) === 0, { timeout: 120_000 });
      const { row, checkpoint } = pass;
      const fingerprint = row.evaluation.fingerprint.replace(/^./, (digit) =>
        digit === "0" ? "1" : "0",
      );
      const other = { ...row, evaluation: { ...row.evaluation, fingerprint } };
      // Of a job that is under way, and of one that is not.
      for (const job of [`${id}_1`, `${id}_2`, `${id}_99`]) {
        const sender = { job, worker: { name: "liar", machine: "that", versions: "1" } };
        const stretch = { after: -1, rows: [other], checkpoint, since: 0, seconds: 0, end: null };
        await gains.add("gain", stretchPayload(sender, key, stretch));
      }
      await vi.waitUntil(async () => (await lying()) === 0, { timeout: 120_000 });
      await gains.close();
    });
    expect(await run.code).toBe(1);
    expect(run.out()).toContain("fingerprint: ");
    expect(run.err()).toContain(
      "the queue's server keeps nothing when it ends (append-only files are off); what is lost is offered again",
    );
    // What is kept is right.
    expect(run.err()).toContain("2 of 2 trials, trained here again, match to the bit");
    const beside = readdirSync(folder).filter((name) => name.includes("-differs-"));
    expect(beside).toHaveLength(2);
    for (const name of beside) {
      const path = join(folder, name);
      const told = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      expect(told).toMatchObject({ pass: 0, worker: "liar", data: { version: 1 } });
      expect([...first.keys()]).toContain(told.trial);
      expect(run.err()).toContain(
        `differs from pass 0 on between what ${run.store} keeps and what worker liar handed in, which is in ${path}; `,
      );
    }
  },
);

there("what a worker has made up is found where trials are trained here again", async () => {
  const labels = DATA.train.labels.map((label, at) => (at === 0 ? (label + 1) % 4 : label));
  worker({ ...DATA, train: { ...DATA.train, labels } });
  const run = command("run", study("short", 3, 5), "--verify", "100%");
  expect(await run.code).toBe(1);
  expect(run.err()).toMatch(/differ/);
  expect(run.out()).toBe("");
});

there("a worker with other data of that name hands back, and says so at either end", async () => {
  const run = command("run", study("others", 3, 5));
  const other = stage({
    loadDataset: () =>
      Promise.resolve({ dataset: { ...DATA, digest: "e".repeat(64) }, origin: "elsewhere" }),
  });
  const work = main(["worker", "--queue", redis.address, "--threads", "1"], other.context);
  const digest = DATA.digest.slice(0, 12);
  const said = `it has not the data set fashion-mnist (${digest}), but another one (eeeeeeeeeeee)`;
  const told = ` hands back what is trained on ${DATA.name} (${digest}): ${said}`;
  await vi.waitUntil(() => run.err().includes(told), { timeout: 120_000 });
  expect(other.err()).toContain(`handed back: ${said}`);
  other.interruption.abort();
  expect(await work).toBe(0);
  expect(other.err()).toContain("0 trials trained");
  worker(DATA);
  expect(await run.code).toBe(0);
});

there("where a file of the user's lies, no job says, but how it is read", async () => {
  const path = study("own", 3, 5);
  const own = "path: /theirs/mine.csv, label: kind, test: /theirs/tests.csv";
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("name: fashion-mnist", own));
  const run = command("run", path);
  const jobs = new Queue(TRIALS, server.shared);
  ends.push(() => jobs.close());
  const waiting = () => jobs.getJobs(["wait", "prioritized"]);
  await vi.waitUntil(async () => (await waiting()).length > 0, { timeout: 120_000 });
  for (const { data } of await waiting())
    expect(jobOf(data)).toMatchObject({
      source: { path: "mine.csv", label: "kind", test: "tests.csv" },
    });
  const read: unknown[] = [];
  const { context, interruption, err } = stage({
    loadDataset: (source) => {
      read.push(source);
      return Promise.resolve({ dataset: DATA, origin: "here" });
    },
    createPool: (data, workers) => createNodePool({ dataset: data, workers, sha256 }),
  });
  const args = ["--queue", redis.address, "--threads", "1", "--data", "/here/file.csv"];
  let minutes = 0;
  const work = main(["worker", ...args], { ...context, now: () => 60_000 * minutes++ });
  expect(await run.code).toBe(0);
  expect(err()).toMatch(/^\d+ trials? trained so far$/m);
  interruption.abort();
  expect(await work).toBe(0);
  expect(read).toEqual([{ path: "/here/file.csv", label: "kind", test: "/here/tests.csv" }]);
});

there("two files of one name are refused, since workers look for both in one folder", async () => {
  const path = study("twins", 3, 5);
  const own = "path: /theirs/train/data.csv, test: /theirs/test/data.csv";
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("name: fashion-mnist", own));
  const run = command("run", path);
  expect(await run.code).toBe(2);
  expect(run.err()).toContain("both are called data.csv");
});

there("a job names no file of its worker's", async () => {
  const read: unknown[] = [];
  const { context, err, interruption } = stage({
    loadDataset: (source) => {
      read.push(source);
      return Promise.resolve({ dataset: DATA, origin: "here" });
    },
  });
  const [specification, id] = [CONTRACT_TRIALS[0].specification, "mine"];
  ends.push(
    await beThere(
      server.redis,
      "coordinator",
      { id, name: id, release: RELEASE, threads: 0 },
      60_000,
    ),
  );
  const trials = new Queue(TRIALS, server.shared);
  const sources = [
    { name: "fashion-mnist", path: "/etc/passwd" },
    { path: "/etc/shadow", test: "/etc/passwd" },
  ];
  const put = async () => {
    for (const [at, source] of sources.entries()) {
      const dataset = String(at).repeat(64);
      const trial = {
        passes: 1,
        specification: { ...specification, data: { ...specification.data, dataset } },
      };
      const asked = { coordinator: id, dataset, source, given: [], from: null, trials: [trial] };
      await trials.add("job", jobPayload({ ...asked, isWhole: false, everyPass: false }));
    }
  };
  await put();
  await put();
  ends.push(() => trials.obliterate({ force: true }).then(() => trials.close()));
  const args = ["--queue", redis.address, "--threads", "1"];
  const without = stage();
  const other = main(["worker", ...args], without.context);
  const lacking = `handed back: it has not the data set "shadow" (111111111111), which is a file of the user's; give it there with --data\n`;
  await vi.waitUntil(async () => (await trials.getDelayedCount()) === 4, { timeout: 120_000 });
  expect(without.err().split(lacking), "once of two jobs").toHaveLength(2);
  without.interruption.abort();
  expect(await other).toBe(0);
  await trials.obliterate({ force: true });
  await put();
  const work = main(["worker", ...args, "--data", "/here/file.csv"], context);
  const said = "handed back: a job names no data set that this release of widthwise knows\n";
  await vi.waitUntil(() => err().includes(said) && read.length > 0, { timeout: 120_000 });
  expect(read).toContainEqual({ path: "/here/file.csv", test: "/here/passwd" });
  expect(read.filter((one) => JSON.stringify(one).includes("/etc/"))).toEqual([]);
  await trials.obliterate({ force: true });
  interruption.abort();
  expect(await work).toBe(0);
});
