// npm run bench:coordinator: what a study's trials by the hundred thousand take of the process that has them trained, in memory
// and in processor time. Prints one JSON line.
//
//     npm run bench:coordinator                          100 000 that nobody trains, from a pool of this process
//     npm run bench:coordinator -- --queue               through a server of its own, to a worker in another process
//     npm run bench:coordinator -- --queue --trained     which trains them: one pass of one unit

/* global AbortController */

import console from "node:console";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { Progress } from "../../dist/cli/view/progress.js";
import { CATALOGUE, createNodePool, runStudy, sha256, SqliteStore } from "../../dist/node.js";
import { createQueuePool } from "../../dist/pool/queue/queue-pool.node.js";
import { openServer } from "../../dist/pool/queue/server.node.js";
import { workOn } from "../../dist/pool/queue/worker.node.js";
import { RedisServer } from "../../test/queue/redis.mjs";
import { CLASSES, EXAMPLES, INPUTS, stub } from "./stub.mjs";

const { values: options } = parseArgs({
  options: {
    trials: { type: "string", default: "100000" },
    passes: { type: "string", default: "1" },
    queue: { type: "boolean", default: false },
    trained: { type: "boolean", default: false },
    /** Of the process that is measured. */
    server: { type: "string" },
    coordinate: { type: "boolean", default: false },
  },
});
const [TRIALS, PASSES] = [options.trials, options.passes].map(Number);

/** @param {number} examples */
const set = (examples) => ({
  ...{ examples, size: INPUTS, values: new Uint8Array(examples * INPUTS) },
  labels: Uint8Array.from({ length: examples }, (_, at) => at % CLASSES),
});
const dataset = {
  ...{ name: "made up", classes: CLASSES, digest: "ab".repeat(32) },
  ...{ train: set(EXAMPLES.train), test: set(EXAMPLES.test) },
};
/** @type {import("../../src/study/spec.ts").Study} */
const study = {
  name: "stubs",
  question: "What does a trial take of its coordinator?",
  dataset: { name: "fashion-mnist", fraction: 1 },
  model: { hidden: ["width"], init_std: 0.5 },
  training: { learning_rate: 0.05, regularization: 0, passes: PASSES },
  search: { width: 8, factor: 0.5 },
  sweep: { width: [1] },
  streams: {
    ...{ kind: "named", study_seed: 0 },
    seeds: Array.from({ length: TRIALS }, (_, seed) => seed),
  },
};

/** A pool that trains nothing. */
const stubs = {
  check: () => undefined,
  turn: () => Promise.reject(new Error("all are small")),
  whole: {
    batches: 2,
    isSmall: () => true,
    /** @param {readonly import("../../src/model/trial.ts").Trial[]} trials */
    train: (trials) =>
      Promise.resolve(
        trials.slice(0, 200).map(({ specification, passes }) => stub(specification, passes)),
      ),
  },
  close: () => Promise.resolve(),
};

if (options.coordinate) await coordinate();
else await measure();

async function measure() {
  const redis = options.queue ? await new RedisServer().start() : undefined;
  const end = new AbortController();
  const server = redis && (await openServer(redis.address, undefined));
  const work =
    server &&
    workOn({
      ...{ server, threads: 1, sha256, signal: end.signal },
      trainer: { machine: "this", versions: "1" },
      load: () => Promise.resolve(dataset),
      createPool: () =>
        options.trained ? createNodePool({ dataset, workers: 1, sha256 }) : Promise.resolve(stubs),
    });
  const asked = ["--coordinate", "--trials", options.trials, "--passes", options.passes];
  const where = redis ? ["--server", redis.address] : [];
  const coordinator = spawn(
    process.execPath,
    [...process.execArgv, "--expose-gc", process.argv[1], ...asked, ...where],
    { stdio: "inherit" },
  );
  const [code] = await once(coordinator, "exit");
  process.exitCode = code;
  end.abort();
  await work;
  await server?.close();
  await redis?.remove();
}

async function coordinate() {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-coordinator-"));
  const store = new SqliteStore(join(folder, "store.db"), {
    ...{ sha256, trainer: { machine: "this", versions: "1" } },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  const server = options.server ? await openServer(options.server, undefined) : undefined;
  const pool = server
    ? await createQueuePool({
        ...{ server, dataset, source: null, sha256 },
        kept: (key) => store.resume(key),
        measure: () => Promise.reject(new Error("nothing is measured")),
        onProblem: (problem) => {
          console.error(problem);
        },
        onDifferent: () => undefined,
      })
    : stubs;
  const progress = new Progress(study, performance.now());
  const [before, begun, cpu] = [held(), performance.now(), process.cpuUsage()];
  let [ended, recorded] = [0, NaN];
  const result = await runStudy(study, {
    ...{ catalogue: CATALOGUE, dataset, pool, store, sha256 },
    onEvent(event) {
      progress.observe(event, performance.now());
      if (event.kind === "ended" && ++ended === TRIALS) recorded = held() - before;
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS;
  console.log(
    JSON.stringify({
      ...{ trials: TRIALS, passes: PASSES, fingerprint: result.fingerprint.slice(0, 16) },
      peak_mb: Math.round(peak / 1e3),
      // Bytes a trial that are in use when the last one is recorded, and with the answer.
      recorded: Math.round(recorded / TRIALS),
      answered: Math.round((held() - before) / result.outcomes.length),
      core_ms: (user + system) / 1000 / TRIALS,
      seconds: (performance.now() - begun) / 1000,
      node: process.versions.node,
    }),
  );
  await pool.close();
  await server?.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Bytes that are in use. */
function held() {
  global.gc?.();
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
