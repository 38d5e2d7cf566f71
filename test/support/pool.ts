// What tests that train need: the real data set and the built pool (its worker threads need compiled files).

import { loadFashionMnist } from "../../dist/data/load.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool, type NodePool } from "../../dist/pool/node/node-pool.js";
import type { Dataset } from "../../src/data/dataset.ts";

export async function openPool(workers = 2): Promise<{ dataset: Dataset; pool: NodePool }> {
  const { dataset } = await loadFashionMnist();
  const pool = await createNodePool({ dataset, workers, sha256 });
  return { dataset, pool };
}
