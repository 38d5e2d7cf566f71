// Computes fingerprints on the platform that runs this file, and prints them as JSON: the part of the suite
// that is started on every platform. Uses the compiled product; compares nothing.
//
//   node [V8 flags] test/platforms/fingerprints.mjs --workers N | --private [--cases NAME,NAME…]
//
// --workers trains in shared memory on a pool of N threads, --private in private memory on this one.

/* global WebAssembly */

import console from "node:console";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { URL } from "node:url";
import { parseArgs } from "node:util";
import { loadDataset, loadFashionMnist } from "../../dist/data/load.node.js";
import { createLocalHost, privateMemory } from "../../dist/kernel/host.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { compileKernel } from "../../dist/pool/node/compile.js";
import { ExampleCache } from "../../dist/pool/example-cache.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import { localPool } from "../../dist/pool/local-pool.js";
import { trainOn } from "../../dist/pool/pool.js";
import { GENERATED, rounds } from "./cases.mjs";

/**
 * @typedef {import("./cases.mjs").Dataset} Dataset
 * @typedef {import("../../src/pool/node/node-pool.ts").NodePool} NodePool
 */

/**
 * What this file prints.
 * @typedef {object} Computed
 * @property {string} node this Node's version
 * @property {string} arch the architecture it was compiled for
 * @property {boolean} wide whether tiles for 256-bit registers were used
 * @property {Record<string, string>} fingerprints by case
 */

const { values: options } = parseArgs({
  options: {
    workers: { type: "string" },
    private: { type: "boolean", default: false },
    cases: { type: "string" },
  },
});

/**
 * @param {Dataset} dataset
 * @returns {Promise<NodePool>}
 */
function openPool(dataset) {
  if (options.private) return Promise.resolve(privatePool(dataset));
  return createNodePool({ dataset, workers: Number(options.workers), sha256 });
}

/**
 * A "pool" of the calling thread alone.
 * @param {Dataset} dataset
 * @returns {NodePool}
 */
function privatePool(dataset) {
  const bytes = readFileSync(new URL("../../dist/kernel/private.wasm", import.meta.url));
  const kernel = { module: new WebAssembly.Module(bytes), wide: false };
  const host = createLocalHost(kernel, privateMemory());
  const examples = new ExampleCache(dataset);
  const now = () => performance.now();
  const pause = () => Promise.resolve();
  const pool = localPool({ host, dataset, examples, sha256, now, pause });
  return { ...pool, close: () => Promise.resolve() };
}

const { wide } = options.private ? { wide: false } : await compileKernel();
const { dataset: fashionMnist } = await loadFashionMnist();
const wanted = options.cases?.split(",");
/** @type {Record<string, string>} */
const fingerprints = {};
for (const { dataset, cases } of rounds(fashionMnist)) {
  const asked = cases.filter(({ name }) => wanted?.includes(name) ?? true);
  if (asked.length === 0) continue;
  const pool = await openPool(dataset);
  await Promise.all(
    asked.map(async ({ name, trial, pastDivergence }) => {
      const record = await trainOn(pool, trial, { pastDivergence });
      fingerprints[name] = record.fingerprint;
    }),
  );
  await pool.close();
}
for (const [name, settings] of Object.entries(GENERATED)) {
  if (!(wanted?.includes(name) ?? true)) continue;
  fingerprints[name] = (await loadDataset({ name, ...settings })).dataset.digest;
}
/** @type {Computed} */
const computed = { node: process.versions.node, arch: process.arch, wide, fingerprints };
// On a line of its own, whatever V8 is printing.
console.log(`\n${JSON.stringify(computed)}`);
