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
import { trialKey } from "../../dist/records/fingerprint.js";
import { Merging } from "../../dist/records/sqlite/merge.node.js";
import { EXAMPLES, stub } from "./stub.mjs";

const { values: options } = parseArgs({
  options: {
    trials: { type: "string", default: "100000" },
    shards: { type: "string", default: "10" },
    passes: { type: "string", default: "20" },
  },
});
const [TRIALS, SHARDS, PASSES] = [options.trials, options.shards, options.passes].map(Number);
const WIDTH = 8;

/** @param {number} seed @returns {import("../../src/model/trial.ts").TrialSpecification} */
function specification(seed) {
  return {
    numerics: 1,
    data: { dataset: "ab".repeat(32), train_examples: EXAMPLES.train },
    model: { hidden: [WIDTH], init_std: 0.5 },
    training: { learning_rate: 0.05, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed },
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
        trials.push(stub(specification(seed), PASSES));
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
