// That Node's pool keeps to what every pool promises.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { sha256 } from "../../../dist/base/sha256.node.js";
import { createNodePool, type NodePool } from "../../../dist/pool/node/node-pool.js";
import { CONTRACT_DATASET as dataset, POOL_CONTRACT } from "../../../test/support/pool-contract.ts";
import { createLocalHost, privateMemory } from "../../kernel/host.ts";
import { ExampleCache } from "../example-cache.ts";
import { localPool } from "../local-pool.ts";

let pool: NodePool;
beforeAll(async () => {
  pool = await createNodePool({ dataset, workers: 2, sha256 });
});
afterAll(() => pool.close());

const module = new WebAssembly.Module(
  readFileSync(new URL("../../../dist/kernel/private.wasm", import.meta.url)),
);
const host = createLocalHost({ module, wide: false }, privateMemory());
const pause = () => Promise.resolve();
const examples = new ExampleCache(dataset);
const local = localPool({ host, dataset, examples, sha256, now: () => 0, pause });

test.each(Object.entries(POOL_CONTRACT))("%s", (_, keeps) => keeps(pool, local));
