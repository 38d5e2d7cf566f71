// What every store must come to: the studies' results of a run that nothing interrupts and that keeps nothing on
// disk, with the digest of every checkpoint on the way.

import { CATALOGUE, createNodePool, MemoryStore, runStudy, sha256 } from "../../dist/node.js";
import { watchedPool } from "./watched-pool.mjs";
import { hex } from "../../dist/base/sha256.js";
import { dataset, STUDIES } from "./study.mjs";

/**
 * @typedef {import("../../src/index.ts").Checkpoint} Checkpoint
 * @typedef {import("../../src/index.ts").TrialRecord} TrialRecord
 */

/**
 * @typedef {object} ExpectedTrial
 * @property {TrialRecord} record of as many passes as the studies ask for at most
 * @property {readonly string[]} checkpoints digest of the one after each pass, from 0
 */

/**
 * @typedef {object} Expected
 * @property {ReadonlyMap<string, ExpectedTrial>} trials by key
 * @property {Readonly<Record<string, string>>} fingerprints of the studies, by name
 */

/** @returns {Promise<Expected>} */
export async function expected() {
  const data = dataset();
  const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
  const store = new MemoryStore();
  /** @type {Map<string, string[]>} */
  const checkpoints = new Map();
  /** @type {Map<string, ExpectedTrial>} */
  const trials = new Map();
  /** @type {Record<string, string>} */
  const fingerprints = {};
  try {
    for (const study of STUDIES) {
      const { search, outcomes, fingerprint } = await runStudy(study, {
        catalogue: CATALOGUE,
        dataset: data,
        store,
        sha256,
        pool: watchedPool(pool, (key, { checkpoint }) => {
          const digests = checkpoints.get(key) ?? [];
          checkpoints.set(key, digests);
          digests[checkpoint.pass] = checkpointDigest(checkpoint);
        }),
      });
      fingerprints[study.name] = fingerprint;
      for (const { record } of [...(search?.probes ?? []), ...outcomes])
        trials.set(record.key, { record, checkpoints: checkpoints.get(record.key) ?? [] });
    }
  } finally {
    await pool.close();
  }
  return { trials, fingerprints };
}

/** @param {Checkpoint} checkpoint */
export function checkpointDigest({ pass, parameters, state, order, average }) {
  const layers = [parameters, ...state].flatMap(({ weights, biases }) => [...weights, ...biases]);
  const arrays = [...layers, order, Float64Array.of(pass, average)];
  return hex(
    sha256(
      ...arrays.map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      ),
    ),
  );
}
