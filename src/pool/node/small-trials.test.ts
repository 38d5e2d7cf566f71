// That a small trial gives the same record whole, on whichever worker, as pass by pass.

import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../dist/base/sha256.node.js";
import { createNodePool, type NodePool } from "../../../dist/pool/node/node-pool.js";
import type { Dataset, LabelledExamples } from "../../data/dataset.ts";
import { specificationOf, type Trial } from "../../model/trial.ts";
import type { Stepping } from "../../model/optimizers/choice.ts";
import { NumpyRandomState } from "../../random/numpy.ts";
import { unpackRows } from "../../records/packed-rows.ts";
import { trainOn, type TrainedWhole } from "../pool.ts";

const draws = new NumpyRandomState(0);
const images = (examples: number): LabelledExamples => ({
  examples,
  size: 12,
  values: Uint8Array.from(draws.randints(256, 12 * examples)),
  labels: Uint8Array.from(draws.randints(3, examples)),
});
const dataset: Dataset = {
  name: "made up",
  classes: 3,
  train: images(48),
  test: images(24),
  digest: "ab".repeat(32),
};

const PASSES = 7;

function trial(width: number, seed: number, learning_rate = 0.05, stepping: Stepping = {}): Trial {
  return {
    passes: PASSES,
    specification: specificationOf({
      data: { dataset: dataset.digest, train_examples: 36 },
      model: { hidden: [width], init_std: 0.5 },
      training: { learning_rate, regularization: 0.01, ...stepping },
      streams: { kind: "named", study_seed: 0, seed },
    }),
  };
}

let pool: NodePool;
beforeAll(async () => {
  pool = await createNodePool({ dataset, workers: 2, sha256 });
});
afterAll(() => pool.close());

test("whole or pass by pass, a trial has the same rows, checkpoint and end", async () => {
  const { whole } = pool;
  if (whole === undefined) throw new Error("this data set has small trials");
  // The last one diverges.
  const optimizer = { kind: "sgd", momentum: 0.9 } as const;
  const stepped = trial(8, 3, 0.05, { batch: 5, optimizer });
  const trials = [trial(1, 0), trial(8, 0), trial(3, 1), stepped, trial(8, 2, 1e30)];
  const trainAll = async (batch: readonly Trial[]): Promise<TrainedWhole[]> => {
    const trained = [...(await whole.train(batch))];
    while (trained.length < batch.length)
      trained.push(...(await whole.train(batch.slice(trained.length))));
    return trained;
  };
  const batches = await Promise.all([trials, trials.toReversed(), [trials[2]]].map(trainAll));
  const found = [...batches[0], ...batches[1].toReversed(), ...batches[2]];
  expect(found).toHaveLength(11);
  for (const [index, { rows, checkpoint, ending, fingerprint, examples }] of found.entries()) {
    const asked = [...trials, ...trials, trials[2]][index];
    expect(whole.isSmall(asked)).toBe(true);
    let last: unknown;
    const record = await trainOn(pool, asked, { onPass: (pass) => (last = pass.checkpoint) });
    expect({ ending, fingerprint }).toEqual({
      ending: record.ending,
      fingerprint: record.fingerprint,
    });
    const { specification } = asked;
    const unpacked = unpackRows(rows, { specification, examples }, 0, checkpoint.pass);
    expect(unpacked.map(({ evaluation }) => evaluation)).toEqual(record.trajectory);
    expect(unpacked.flatMap(({ averages }) => averages)).toEqual(record.running_averages);
    expect(last).toMatchObject(checkpoint);
  }
});

test("what takes long or much memory is not small, and a large data set has nothing small", async () => {
  expect(pool.whole?.isSmall({ ...trial(8, 0), passes: 100_000 })).toBe(false);
  expect(pool.whole?.isSmall(trial(65_536, 0))).toBe(false);
  const train = { ...images(2), examples: 100_000, values: new Uint8Array(1_200_000) };
  const large = { ...dataset, train: { ...train, labels: new Uint8Array(100_000) } };
  const other = await createNodePool({ dataset: large, workers: 1, sha256 });
  expect(other.whole).toBeUndefined();
  await other.close();
});
