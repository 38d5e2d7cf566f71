// Batches, momentum and Adam through the whole product: the same bits with any number of workers, and a search whose
// trials take the study's own steps.

import { expect, test } from "vitest";
import { MemoryStore } from "../dist/records/memory-store.js";
import { sha256 } from "../src/base/sha256.node.ts";
import { passesToInterpolation } from "../src/analysis/interpolation.ts";
import { CATALOGUE } from "../src/questions/catalogue.ts";
import { runStudy } from "../src/study/run.ts";
import { parseStudy } from "../src/study/language/parse.ts";
import { openPool } from "./support/pool.ts";

const written = (training: string) =>
  parseStudy(
    `name: steps
question: Do steps decide?
dataset: { name: fashion-mnist, examples: 400 }
model: { hidden: [width, 6], init: he }
training: { passes: 3, learning_rate: ${training} }
sweep: { width: [5, 9] }
search: { width: 9, factor: 0.9 }
streams: { kind: named, seeds: 0..1 }
`,
    "steps.yaml",
    CATALOGUE,
  );

const STUDIES = [
  "0.05, batch: 32, order: shuffled, optimizer: { kind: sgd, momentum: 0.9, nesterov: true }",
  "0.005, regularization: 0.001, optimizer: { kind: sgd, momentum: 0.9 }",
  "0.002, batch: 50, optimizer: { kind: adam, weight_decay: 0.01 }",
  "0.1, batch: full",
  "eta_star / 2, batch: 20, optimizer: { kind: sgd, momentum: 0.5 }",
].map(written);

test("1 to 4 workers have the same bits, and the search takes the study's steps", async () => {
  const fingerprints: string[][] = [];
  for (const workers of [1, 2, 3, 4]) {
    const { dataset, pool } = await openPool(workers);
    try {
      const results = [];
      for (const study of STUDIES) {
        const store = new MemoryStore();
        results.push(await runStudy(study, { catalogue: CATALOGUE, dataset, pool, store, sha256 }));
      }
      fingerprints.push(results.map(({ fingerprint }) => fingerprint));
      for (const { outcomes } of results)
        for (const { record } of outcomes) {
          expect(record.ending).toEqual({ kind: "finished" });
          const [before, after] = [record.trajectory[0], record.trajectory[3]];
          expect(after.train.objective).toBeLessThan(before.train.objective);
          expect(passesToInterpolation(record)).toBeNull();
        }
      const { search, learning_rate, outcomes } = results[4];
      const steps = { batch: 20, optimizer: { kind: "sgd", momentum: 0.5 } };
      for (const { record, learning_rate } of search?.probes ?? []) {
        expect(record.specification.training).toEqual({
          learning_rate,
          regularization: 0,
          ...steps,
        });
        expect(record.specification.model.hidden).toEqual([9, 6]);
        expect(record.trajectory.length).toBeLessThanOrEqual(2);
      }
      expect(learning_rate).toBe((search?.eta_star ?? NaN) / 2);
      expect(outcomes.map(({ record }) => record.specification.training.learning_rate)).toEqual(
        Array(4).fill(learning_rate),
      );
    } finally {
      await pool.close();
    }
  }
  expect(fingerprints).toEqual(Array(4).fill(fingerprints[0]));
  expect(new Set(fingerprints[0]).size).toBe(STUDIES.length);
});
