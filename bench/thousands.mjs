// npm run bench:thousands: small trials by the thousand, and what each takes beside its training. Prints one JSON line.
//
//     npm run bench:thousands                 80 000 trials: widths 1 to 8, 10 000 seeds; some minutes
//     npm run bench:thousands -- --seeds 500  fewer

import console from "node:console";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";
import { parseArgs } from "node:util";
import { hex } from "../dist/base/sha256.js";
import { Progress } from "../dist/cli/view/progress.js";
import { createLocalHost, privateMemory } from "../dist/kernel/host.js";
import { CATALOGUE, createNodePool, runStudy, sha256, SqliteStore } from "../dist/node.js";
import { ExampleCache } from "../dist/pool/example-cache.js";
import { localPool } from "../dist/pool/local-pool.js";
import { trainOn } from "../dist/pool/pool.js";
import { NumpyRandomState } from "../dist/random/numpy.js";
import { sweepPlan } from "../dist/study/plans/sweep.js";

const { values: options } = parseArgs({
  options: { seeds: { type: "string", default: "10000" }, passes: { type: "string" } },
});

const [INPUTS, CLASSES] = [12, 3];
/** So many that the training of a trial takes about 5 ms. */
const PASSES = Number(options.passes ?? 180);
const SAMPLE_SEEDS = 50;
const WORKERS = 2;

const dataset = madeUp();
/** @type {import("../src/study/spec.ts").Study} */
const study = {
  name: "thousands",
  question: "What does a small trial take beside its training?",
  dataset: { name: "fashion-mnist", fraction: 0.75 },
  model: { hidden: ["width"], init_std: 0.5 },
  training: { learning_rate: 0.05, regularization: 0, passes: PASSES },
  search: { width: 8, factor: 0.5 },
  sweep: { width: [1, 2, 3, 4, 5, 6, 7, 8] },
  streams: {
    kind: "named",
    study_seed: 0,
    seeds: Array.from({ length: Number(options.seeds) }, (_, seed) => seed),
  },
};

const folder = mkdtempSync(join(tmpdir(), "widthwise-thousands-"));
try {
  const before = await bareTraining();
  const path = join(folder, "store.db");
  const store = new SqliteStore(path, {
    sha256,
    trainer: { machine: "bench", versions: "bench" },
    onDamage: (message) => {
      throw new Error(message);
    },
  });
  const pool = await createNodePool({ dataset, workers: WORKERS, sha256 });
  const progress = new Progress(study, performance.now());
  let lines = 0;
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const { outcomes, fingerprint } = await runStudy(study, {
    ...{ catalogue: CATALOGUE, dataset, pool, store, sha256 },
    onEvent: (event) => {
      lines += progress.observe(event, performance.now()).length;
    },
  });
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBegan);
  await pool.close();
  await store.close();
  const after = await bareTraining();
  const trials = outcomes.length;
  const least = (/** @type {keyof typeof before} */ what) => Math.min(before[what], after[what]);
  console.log(
    JSON.stringify({
      trials,
      passes: PASSES,
      cores: availableParallelism(),
      fingerprint,
      // Milliseconds a trial: of training on one thread, of the kernel's calls in it, and what comes on top of training,
      // by the clock on so many cores and by the processors' time.
      training: least("training"),
      kernel: least("kernel"),
      overhead: (wall * WORKERS) / trials - least("training"),
      cpuTraining: least("cpu"),
      cpuOverhead: (user + system) / 1000 / trials - least("cpu"),
      seconds: wall / 1000,
      progressLines: lines,
      peakMegabytes: process.resourceUsage().maxRSS / 1000,
      storeMegabytes: statSync(path).size / 1e6,
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds of a trial on this thread alone, kept nowhere: the mean over a sample, the best of some rounds. */
async function bareTraining() {
  const module = new WebAssembly.Module(
    readFileSync(new URL("../dist/kernel/private.wasm", import.meta.url)),
  );
  const host = createLocalHost({ module, wide: false }, privateMemory());
  let kernel = 0;
  const execute = (/** @type {import("../src/kernel/host.ts").KernelCall} */ call) => {
    const from = performance.now();
    const result = host.execute(call);
    kernel += performance.now() - from;
    return result;
  };
  const timed = { ...host, execute };
  const context = { dataset, sha256, now: () => performance.now(), pause: () => Promise.resolve() };
  const pool = localPool({ ...context, host: timed, examples: new ExampleCache(timed, dataset) });
  const seeds = Array.from({ length: SAMPLE_SEEDS }, (_, seed) => seed);
  const sample = { ...study, streams: { ...study.streams, seeds } };
  const next = sweepPlan(sample, dataset, 0.05)(() => undefined);
  const trials = "trials" in next ? next.trials : [];
  const best = { training: Infinity, kernel: Infinity, cpu: Infinity };
  for (let round = 0; round < 3; round++) {
    kernel = 0;
    const from = performance.now();
    const cpuFrom = process.cpuUsage();
    for (const { trial } of trials) await trainOn(pool, trial);
    const { user, system } = process.cpuUsage(cpuFrom);
    best.training = Math.min(best.training, (performance.now() - from) / trials.length);
    best.cpu = Math.min(best.cpu, (user + system) / 1000 / trials.length);
    best.kernel = Math.min(best.kernel, kernel / trials.length);
  }
  return best;
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
