// npm run bench:merge: stores of shards with trials that nobody trained, and how long it takes to merge them. Prints one JSON line.
//
//     npm run bench:merge                                  100 000 trials in 10 shards; a minute or two
//     npm run bench:merge -- --trials 5000 --shards 64

import console from "node:console";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { sha256, SqliteStore } from "../../dist/node.js";
import { FingerprintChain, trialKey } from "../../dist/records/fingerprint.js";
import { packRows } from "../../dist/records/packed-rows.js";
import { Merging } from "../../dist/records/sqlite/merge.node.js";

const { values: options } = parseArgs({
  options: {
    trials: { type: "string", default: "100000" },
    shards: { type: "string", default: "10" },
    passes: { type: "string", default: "20" },
  },
});
const [TRIALS, SHARDS, PASSES] = [options.trials, options.shards, options.passes].map(Number);
const WIDTH = 8;
const [INPUTS, CLASSES] = [12, 3];
const EXAMPLES = { train: 150, test: 50 };

/** @type {(seed: number) => import("../../src/model/trial.ts").TrialSpecification} */
function specification(seed) {
  return {
    numerics: 1,
    data: { dataset: "ab".repeat(32), train_examples: EXAMPLES.train },
    model: { hidden: [WIDTH], init_std: 0.5 },
    training: { learning_rate: 0.05, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
  };
}

/** @param {number} pass */
function weightsOf(pass) {
  return {
    weights: [new Float32Array(INPUTS * WIDTH).fill(pass), new Float32Array(WIDTH * CLASSES)],
    biases: [new Float32Array(WIDTH), new Float32Array(CLASSES)],
  };
}

/** @type {(seed: number, key: string) => import("../../src/records/store.ts").WholeTrial} */
function stub(seed, key) {
  const chain = FingerprintChain.begin(key, weightsOf(0), sha256);
  /** @param {number} examples */
  const score = (examples) => ({ objective: 1 / (1 + seed), correct: 1, examples });
  const [train, test] = [score(EXAMPLES.train), score(EXAMPLES.test)];
  const rows = Array.from({ length: PASSES + 1 }, (_, pass) => {
    if (pass > 0) chain.evaluated(train, test, { parameters: weightsOf(pass), state: [] });
    const averages =
      Math.floor((pass * 150) / 100) - Math.floor((Math.max(0, pass - 1) * 150) / 100);
    return {
      evaluation: { pass, train, test, fingerprint: chain.fingerprint },
      averages: Array.from({ length: averages }, () => 0.5),
    };
  });
  return {
    ...{ key, specification: specification(seed), examples: EXAMPLES, seconds: 0.001 },
    rows: packRows(rows),
    ending: { kind: "finished" },
    fingerprint: chain.fingerprint,
    checkpoint: {
      ...{ pass: PASSES, parameters: weightsOf(PASSES), state: [], average: 0.5 },
      order: new Uint32Array(626),
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "widthwise-merge-"));
try {
  const keys = Array.from({ length: TRIALS }, (_, seed) => trialKey(specification(seed), sha256));
  /** @type {import("../../src/records/store.ts").StudyPlan} */
  const plan = {
    id: createHash("sha256").update("merge").digest("hex"),
    name: "stubs",
    specification: "{}",
    dataset: { name: "noise", digest: "ab".repeat(32), train_examples: 1000 },
    trials: keys.map((key, seed) => ({
      ...{ key, passes: PASSES, role: "sweep" },
      point: { values: { width: WIDTH }, seed },
    })),
  };
  const paths = Array.from({ length: SHARDS }, (_, shard) => join(folder, `${shard + 1}.db`));
  const trainer = { machine: "nobody's", versions: "none" };
  /** @param {string} message */
  const onDamage = (message) => {
    throw new Error(message);
  };
  for (const [shard, path] of paths.entries()) {
    const store = new SqliteStore(path, { sha256, trainer, onDamage });
    await store.plan(plan);
    for (let from = shard; from < TRIALS; from += 1000 * SHARDS) {
      const trials = [];
      for (let seed = from; seed < Math.min(TRIALS, from + 1000 * SHARDS); seed += SHARDS)
        trials.push(stub(seed, keys[seed]));
      await store.keepWhole(trials);
    }
    await store.close();
  }
  const merge = async () => {
    const [begun, before] = [performance.now(), process.cpuUsage()];
    const merging = new Merging(join(folder, "main.db"), { sha256, onDamage });
    let added = 0;
    for (const path of paths) added += (await merging.take(path)).added;
    merging.close();
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, core_seconds: (user + system) / 1e6, added };
  };
  const [first, second] = [await merge(), await merge()];
  console.log(
    JSON.stringify({
      ...{ trials: TRIALS, shards: SHARDS, passes: PASSES, first, second },
      shard_mb: paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6,
      store_mb: statSync(join(folder, "main.db")).size / 1e6,
      peak_mb: process.resourceUsage().maxRSS / 1e3,
      node: process.versions.node,
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
