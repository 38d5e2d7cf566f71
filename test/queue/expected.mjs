// The fingerprints of one process, without a queue.

import { CATALOGUE, createNodePool, MemoryStore, runStudy, sha256 } from "../../dist/node.js";
import { dataset, STUDIES } from "./study.mjs";

/** @param {readonly string[]} [names] of studies; all where left out */
export async function expected(names) {
  const data = dataset();
  const pool = await createNodePool({ dataset: data, workers: 1, sha256 });
  const store = new MemoryStore();
  /** @type {Record<string, string>} */
  const found = {};
  for (const study of STUDIES) {
    if (names?.includes(study.name) === false) continue;
    const context = { catalogue: CATALOGUE, dataset: data, pool, store, sha256 };
    found[study.name] = (await runStudy(study, context)).fingerprint;
  }
  await pool.close();
  return found;
}
