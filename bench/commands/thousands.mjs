// npm run bench:thousands: small trials by the thousand, and what each takes beside its training. Prints one JSON line.
//
//     npm run bench:thousands                 80 000 trials: widths 1 to 8, 10 000 seeds; some minutes
//     npm run bench:thousands -- --seeds 500  fewer

import console from "node:console";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { hex } from "../../dist/base/sha256.js";
import { Progress } from "../../dist/cli/view/progress.js";
import { createLocalHost, sharedMemory } from "../../dist/kernel/host.js";
import { CATALOGUE, createNodePool, runStudy, sha256, SqliteStore } from "../../dist/node.js";
import { ExampleCache } from "../../dist/pool/example-cache.js";
import { compileKernel } from "../../dist/pool/node/compile.js";
import { evaluatedPasses } from "../../dist/pool/train-trial.js";
import { NumpyRandomState } from "../../dist/random/numpy.js";
import { sweepPlan } from "../../dist/study/plans/sweep.js";

const { values: options } = parseArgs({
  options: { seeds: { type: "string", default: "10000" }, passes: { type: "string" } },
});

const [INPUTS, CLASSES] = [12, 3];
/** So many that the training of a trial takes about 5 ms. */
const PASSES = Number(options.passes ?? 180);
const LEARNING_RATE = 0.05;
const WORKERS = 2;
const WIDTHS = [1, 2, 3, 4, 5, 6, 7, 8];
const SEEDS = Number(options.seeds);
const TRIALS = WIDTHS.length * SEEDS;
/** Trials that are trained bare, of all widths, and of these each thread's first ones, which are not counted. */
const BARE = Math.min(TRIALS, 8000);
const WARM_UP = 200;

const dataset = madeUp();
/** @type {import("../../src/study/spec.ts").Study} */
const study = {
  name: "thousands",
  question: "What does a small trial take beside its training?",
  dataset: { name: "fashion-mnist", fraction: 0.75 },
  model: { hidden: ["width"], init_std: 0.5 },
  training: { learning_rate: LEARNING_RATE, regularization: 0, passes: PASSES },
  search: { width: 8, factor: 0.5 },
  sweep: { width: WIDTHS },
  streams: {
    kind: "named",
    study_seed: 0,
    seeds: Array.from({ length: SEEDS }, (_, seed) => seed),
  },
};

if (isMainThread) await measure();
else await trainBare(workerData);

async function measure() {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-thousands-"));
  try {
    const path = join(folder, "store.db");
    const progress = new Progress(study, performance.now());
    let progressLines = 0;
    const run = await timed(async () => {
      const store = new SqliteStore(path, {
        sha256,
        trainer: { machine: "bench", versions: "bench" },
        onDamage: (message) => {
          throw new Error(message);
        },
      });
      const pool = await createNodePool({ dataset, workers: WORKERS, sha256 });
      const { fingerprint } = await runStudy(study, {
        ...{ catalogue: CATALOGUE, dataset, pool, store, sha256 },
        onEvent: (event) => {
          progressLines += progress.observe(event, performance.now()).length;
        },
      });
      await pool.close();
      await store.close();
      return fingerprint;
    });
    // Before the same trials are trained bare, which takes memory, too.
    const peakMegabytes = process.resourceUsage().maxRSS / 1000;
    const bare = await trainedBare();
    console.log(
      JSON.stringify({
        trials: TRIALS,
        passes: PASSES,
        cores: availableParallelism(),
        fingerprint: run.result,
        // Milliseconds of the processors' time a trial: that of the run has its start in it, the bare one has not.
        bare,
        run: run.cpu / TRIALS,
        overhead: run.cpu / TRIALS - bare,
        seconds: run.seconds,
        progressLines,
        peakMegabytes,
        storeMegabytes: statSync(path).size / 1e6,
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @template Result
 * @param {() => Promise<Result>} work
 */
async function timed(work) {
  const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpuBegan);
  return {
    result,
    seconds: (performance.now() - began) / 1000,
    cpu: (user + system) / 1000,
  };
}

/** Milliseconds of a trial's training on as many threads, kept nowhere, once they are warm. */
async function trainedBare() {
  const threads = Array.from({ length: WORKERS }, (_, workerData) => {
    return new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData });
  });
  await Promise.all(threads.map((thread) => once(thread, "message")));
  const { cpu } = await timed(async () => {
    for (const thread of threads) thread.postMessage("go");
    await Promise.all(threads.map((thread) => once(thread, "exit")));
  });
  return cpu / (WORKERS * Math.floor(BARE / WORKERS));
}

async function trainBare(/** @type {number} */ thread) {
  const { module, wide } = await compileKernel();
  const host = createLocalHost({ module, wide }, sharedMemory());
  const examples = new ExampleCache(dataset);
  const clock = { now: () => performance.now(), pause: () => Promise.resolve() };
  const train = async (/** @type {(typeof all)[0]["trial"]} */ trial) => {
    const passes = evaluatedPasses(trial, null, { host, dataset, examples, sha256, ...clock }, {});
    while ((await passes.next()).done !== true);
  };
  const next = sweepPlan(study, dataset, LEARNING_RATE)(() => undefined);
  const all = "trials" in next ? [...next.trials] : [];
  const trials = Array.from({ length: Math.floor(BARE / WORKERS) }, (_, index) => {
    const { trial } = all[Math.floor(((index * WORKERS + thread) * TRIALS) / BARE)];
    return trial;
  });
  for (const trial of trials.slice(0, WARM_UP)) await train(trial);
  parentPort?.postMessage("warm");
  if (parentPort) await once(parentPort, "message");
  for (const trial of trials) await train(trial);
  parentPort?.close();
}

/** Three clouds of points. */
function madeUp() {
  const draws = new NumpyRandomState(0);
  const images = (/** @type {number} */ examples) => {
    const labels = Uint8Array.from(draws.randints(CLASSES, examples));
    const values = Uint8Array.from({ length: examples * INPUTS }, (_, at) => {
      const center = 64 + ((labels[Math.floor(at / INPUTS)] + at) % CLASSES) * 48;
      return Math.round(Math.max(0, Math.min(255, center + 48 * draws.standardNormal())));
    });
    return { examples, size: INPUTS, values, labels };
  };
  const [train, test] = [images(48), images(24)];
  const digest = hex(sha256(train.values, train.labels, test.values, test.labels));
  return { name: "made up", classes: CLASSES, train, test, digest };
}
