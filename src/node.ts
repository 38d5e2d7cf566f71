/**
 * widthwise as a library for Node: the core (index.ts), and what it needs of files, threads and the network.
 *
 * @example
 * const study = parseStudy(await readFile("mine.yaml", "utf8"), "mine.yaml", CATALOGUE);
 * const { dataset } = await loadDataset(study.dataset);
 * const pool = await createNodePool({ dataset, workers: 2, sha256 });
 * const result = await runStudy(study, {
 *   ...{ catalogue: CATALOGUE, dataset, pool, store: new MemoryStore(), sha256 },
 * });
 * for (const { point, record } of result.outcomes) console.log(point.values, passesToInterpolation(record));
 * await pool.close();
 *
 * @module
 */

export * from "./index.ts";
export { loadDataset, loadFashionMnist, type LoadOptions } from "./data/load.node.ts";
export { loadParameters } from "./data/weights/load.node.ts";
export { loadPath } from "./data/load-path.node.ts";
export type { PathOptions } from "./data/formats/csv-files.ts";
export type { TestShare } from "./data/split-off.ts";
export { makeDataset } from "./data/make-dataset.node.ts";
export { createNodePool, type NodePool } from "./pool/node/node-pool.ts";
export { SqliteStore, type SqliteStoreOptions } from "./records/sqlite/sqlite-store.node.ts";
export { sha256 } from "./base/sha256.node.ts";
export { png } from "./figures/png.node.ts";
export { renderReport } from "./report/files.node.ts";
