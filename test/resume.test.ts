// Training that goes on from a checkpoint gives the record of an uninterrupted one, to the bit: from every pass, by
// the pool and through the store.

import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryStore } from "../dist/records/memory-store.js";
import type { Dataset } from "../src/data/dataset.ts";
import { trialKey } from "../src/records/fingerprint.ts";
import type { TrialRecord } from "../src/records/record.ts";
import { sha256 } from "../src/base/sha256.node.ts";
import type { Trial, TrialSpecification } from "../src/model/trial.ts";
import type { TrainedPass } from "../src/records/record.ts";
import { trainOn } from "../src/pool/pool.ts";
import type { NodePool } from "../src/pool/node/node-pool.ts";
import { openPool } from "./support/pool.ts";

let dataset: Dataset;
let pool: NodePool;
beforeAll(async () => {
  ({ dataset, pool } = await openPool());
});
afterAll(() => pool.close());

const PASSES = 5;

function trial(changes: Partial<TrialSpecification> = {}): Trial {
  return {
    passes: PASSES,
    specification: {
      numerics: 1,
      data: { dataset: dataset.digest, train_examples: 330 },
      model: { hidden: [9], init_std: 0.05 },
      training: { learning_rate: 0.01, regularization: 0 },
      streams: { kind: "named", study_seed: 0, seed: 4 },
      ...changes,
    },
  };
}

/** All of a record but the time that it took. */
function withoutSeconds({ seconds, ...record }: TrialRecord): Omit<TrialRecord, "seconds"> {
  expect(seconds).toBeGreaterThan(0);
  return record;
}

const MOMENTUM = { kind: "sgd", momentum: 0.9 } as const;
const ADAM = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1 } as const;
const after = [{ hidden: [4], passes: 2 }];
test.each<[string, Partial<TrialSpecification>, TrialRecord["ending"]["kind"]]>([
  ["named streams", {}, "finished"],
  [
    "the notebook's streams",
    { streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0, after } },
    "finished",
  ],
  ["weight decay", { training: { learning_rate: 0.01, regularization: 1e-3 } }, "finished"],
  ...Object.entries<TrialSpecification["training"]>({
    momentum: { learning_rate: 0.005, regularization: 1e-3, optimizer: MOMENTUM },
    "batches with momentum": {
      learning_rate: 0.05,
      regularization: 0,
      optimizer: { ...MOMENTUM, nesterov: true },
      batch: 7,
      order: "shuffled",
    },
    Adam: { learning_rate: 0.001, regularization: 0, optimizer: ADAM, batch: 32 },
    "full batches": { learning_rate: 0.1, regularization: 0, batch: 330, order: "in order" },
  }).map(([name, training]): [string, Partial<TrialSpecification>, "finished"] => [
    name,
    { training },
    "finished",
  ]),
  [
    "the notebook's streams with Adam",
    {
      training: { learning_rate: 0.001, regularization: 0, optimizer: ADAM, batch: 7 },
      streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0, after },
    },
    "finished",
  ],
  ["two layers", { model: { hidden: [9, 5], init_std: 0.05, perturbation: 2 } }, "finished"],
  ["no biases", { model: { hidden: [9, 5], init_std: 0.05, bias: false } }, "finished"],
  ["a divergence", { training: { learning_rate: 0.06, regularization: 0 } }, "diverged"],
])("%s", async (_, changes, ending) => {
  const asked = trial(changes);
  const made: TrainedPass[] = [];
  const whole = await trainOn(pool, asked, { onPass: (one) => made.push(one) });
  expect(whole.ending.kind).toBe(ending);
  expect(made.map(({ row }) => row.evaluation)).toEqual(whole.trajectory);
  // A divergence in the first pass would leave nothing to go on from but the start.
  expect(made.length).toBeGreaterThanOrEqual(3);
  for (const [index, { checkpoint, row, seconds }] of made.entries()) {
    const store = new MemoryStore();
    await store.commit({
      key: trialKey(asked.specification, sha256),
      specification: asked.specification,
      rows: made.slice(0, index + 1).map((one) => one.row),
      ending: { kind: "finished" },
      fingerprint: row.evaluation.fingerprint,
      checkpoint,
      since: 0,
      seconds,
    });
    const rest: number[] = [];
    const resumed = await trainOn(pool, asked, {
      from: await store.resume(whole.key),
      onPass: ({ row }) => rest.push(row.evaluation.pass),
    });
    expect(withoutSeconds(resumed)).toEqual(withoutSeconds(whole));
    expect(rest).toEqual(made.slice(index + 1).map((one) => one.row.evaluation.pass));
  }
});
