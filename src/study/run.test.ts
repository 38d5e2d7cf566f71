import { expect, test } from "vitest";
import { DATASET_SIZES, study } from "../../test/support/studies.ts";
import { InputError } from "../base/errors.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { sha256 } from "../base/sha256.node.ts";
import { IDLE_POOL } from "../../test/support/pools.ts";
import type { Dataset } from "../data/dataset.ts";
import type { ExampleChoices, Trial } from "../model/trial.ts";
import type { Pool } from "../pool/pool.ts";
import { FASHION_MNIST_DIGEST } from "../data/sets/fashion-mnist.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { runStudy } from "./run.ts";

/** Blank images, all of the first class. */
const SET = { examples: 20, size: 4, values: new Uint8Array(80), labels: new Uint8Array(20) };
const dataset = { ...DATASET_SIZES, train: SET, test: SET };

test("what exceeds the machine is refused before the search begins", async () => {
  const checked: (readonly Trial[])[] = [];
  let ran = 0;
  const pool: Pool = {
    check(trials) {
      checked.push(trials);
      throw new InputError("too much");
    },
    turn() {
      ran++;
      return Promise.reject(new Error("nothing is trained here"));
    },
  };
  const asked = study({ widths: [8, 65_536], learning_rate: "eta_star / 2" });
  const running = runStudy(asked, {
    catalogue: CATALOGUE,
    dataset,
    pool,
    store: new MemoryStore(),
    sha256,
  });
  await expect(running).rejects.toThrow("too much");
  const widths = checked[0].map(({ specification: { model } }) => model.hidden[0]);
  expect([widths, ran]).toEqual([[32, 32, 32, 8, 65_536], 0]);
});

const FLOATS = { ...SET, values: Float32Array.from(SET.values) };

test.each<[string, Partial<Dataset>, ExampleChoices, string]>([
  [
    "whose labels are no classes",
    { test: { ...SET, labels: SET.labels.slice().fill(10) } },
    {},
    "label 10 of example 0",
  ],
  ["of floats, as bytes", { train: FLOATS, test: FLOATS }, { standardize: "unit" }, "bytes by 255"],
  ["of one class, with noise", { classes: 1 }, { label_noise: { share: 0.1 } }, "needs another"],
])("a data set %s is refused before anything is planned", async (_, changes, choices, problem) => {
  const pool = IDLE_POOL;
  const wrong = { ...dataset, ...changes };
  const store = new MemoryStore();
  const asked = study({ widths: [8] });
  const running = runStudy(
    { ...asked, dataset: { ...asked.dataset, ...choices } },
    {
      catalogue: CATALOGUE,
      dataset: wrong,
      pool,
      store,
      sha256,
    },
  );
  const error: unknown = await running.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  expect(String(error)).toContain(problem);
  expect(await store.studies()).toEqual([]);
});

test("a file of other data than the notebook's is refused under its streams, before anything is planned", async () => {
  const store = new MemoryStore();
  const asked = {
    ...study({ widths: [8] }),
    dataset: { path: "mine.npz", fraction: 1 },
    streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
  } as const;
  const context = { catalogue: CATALOGUE, pool: IDLE_POOL, store, sha256 };
  await expect(runStudy(asked, { ...context, dataset })).rejects.toThrow(
    /dataset\.path: .*--seeds 0/,
  );
  expect(await store.studies()).toEqual([]);
  const same = runStudy(asked, {
    ...context,
    dataset: { ...dataset, digest: FASHION_MNIST_DIGEST },
  });
  await expect(same).rejects.not.toThrow(/--seeds/);
});
