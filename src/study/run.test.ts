import { expect, test } from "vitest";
import { DATASET_SIZES, study } from "../../test/support/studies.ts";
import { InputError } from "../base/errors.ts";
import { MemoryStore } from "../records/memory-store.ts";
import { sha256 } from "../base/sha256.node.ts";
import { IDLE_POOL } from "../../test/support/pools.ts";
import type { Trial } from "../model/trial.ts";
import type { Pool } from "../pool/pool.ts";
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

test("a data set whose labels are no classes is refused before anything is planned", async () => {
  const pool = IDLE_POOL;
  const wrong = { ...dataset, test: { ...SET, labels: SET.labels.slice().fill(10) } };
  const store = new MemoryStore();
  const running = runStudy(study({ widths: [8] }), {
    catalogue: CATALOGUE,
    dataset: wrong,
    pool,
    store,
    sha256,
  });
  await expect(running).rejects.toThrow(InputError);
  expect(await store.studies()).toEqual([]);
});
