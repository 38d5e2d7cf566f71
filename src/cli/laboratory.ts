// The rooms that the commands use, each entered only when a command needs it: `--help` loads none of them.

import type { DataSource } from "../data/sets/set.ts";
import type { LoadedDataset } from "../data/dataset.ts";
import type { LoadOptions } from "../data/load.node.ts";
import type { Dataset } from "../data/dataset.ts";
import type { TableWriter } from "../export/table.ts";
import type { Parameters as NetworkParameters } from "../model/network.ts";
import type { Provenance } from "../report/provenance.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { RecordStore } from "../records/store.ts";
import type { answerFromStore } from "../study/answer.ts";
import type { replayEnsemble, replayNotebook } from "../homework/replay.ts";
import type { Answered } from "../questions/asked.ts";
import type { StudyResult } from "../study/result.ts";
import type { runStudy } from "../study/run.ts";
import type { Standardization } from "../data/standardize.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { SimdChoice } from "../pool/node/compile.ts";
import type { verify } from "../study/verify.ts";
import type { calibrate } from "../pool/node/calibrate.ts";
import type { FinishedCall, NodePool } from "../pool/node/node-pool.ts";
import { hasSimd, isWritable, trainer } from "./machine.ts";
import type { Size } from "./options.ts";
import type { findOutputFolder } from "./output/output-folder.ts";

export interface Laboratory {
  loadDataset(source: DataSource, options: LoadOptions): Promise<LoadedDataset>;
  /** `onCall` is told of every kernel call that a worker has made. */
  createPool(
    dataset: Dataset,
    workers: number,
    onCall?: (call: FinishedCall) => void,
  ): Promise<NodePool>;
  readonly calibrate: typeof calibrate;
  /** Whether WebAssembly has 128-bit vectors here. */
  readonly hasSimd: () => boolean;
  /** Whether the kernel's operations are fused to 256 bits, and why. */
  readonly chooseSimd: () => Promise<SimdChoice>;
  /** The folder that keeps the data set. */
  findCache(): Promise<{ readonly directory: string; readonly writable: boolean }>;
  /**
   * Opens or makes a store; `onDamage` is told of trials and studies in it that are damaged. One that is `toRead`
   * may be one that cannot be written.
   */
  openStore(
    path: string,
    onDamage: (message: string) => void,
    toRead: boolean,
  ): Promise<RecordStore>;
  readonly runStudy: (...parameters: Parameters<typeof runStudy>) => Promise<StudyResult>;
  readonly answerFromStore: typeof answerFromStore;
  readonly verify: typeof verify;
  readonly replayNotebook: typeof replayNotebook;
  readonly replayEnsemble: typeof replayEnsemble;
  tableWriter(format: "csv" | "json" | "parquet"): Promise<TableWriter<string | Uint8Array>>;
  /** The numbers with which a trial's inputs are standardized. */
  standardization(specification: TrialSpecification, dataset: Dataset): Promise<Standardization>;
  /** A network's weights as a file of its own; `metadata` goes into what has room for it. */
  weightsFile(
    format: "npz" | "safetensors",
    parameters: NetworkParameters,
    inputs: Standardization,
    metadata: Readonly<Record<string, string>>,
  ): Promise<Uint8Array>;
  renderReport(
    found: Answered,
    provenance: Provenance,
    size: Size,
  ): Promise<ReadonlyMap<string, string | Uint8Array>>;
  readonly findOutputFolder: typeof findOutputFolder;
}

export const laboratory: Laboratory = {
  async loadDataset(source, options) {
    const { loadDataset } = await import("../data/load.node.ts");
    return loadDataset(source, undefined, options);
  },
  async createPool(dataset, workers, onCall) {
    const { createNodePool } = await import("../pool/node/node-pool.ts");
    return createNodePool({ dataset, workers, sha256, onCall });
  },
  async calibrate(options) {
    const { calibrate } = await import("../pool/node/calibrate.ts");
    return calibrate(options);
  },
  hasSimd,
  async chooseSimd() {
    const { compileKernel } = await import("../pool/node/compile.ts");
    return (await compileKernel()).simd;
  },
  async findCache() {
    const { defaultCacheDirectory } = await import("../data/sources/cache.node.ts");
    const directory = defaultCacheDirectory("fashion-mnist");
    return { directory, writable: await isWritable(directory) };
  },
  async openStore(path, onDamage, toRead) {
    const { SqliteStore } = await import("../records/sqlite/sqlite-store.node.ts");
    return new SqliteStore(path, { sha256, trainer: trainer(), onDamage, toRead });
  },
  async runStudy(study, context) {
    const { runStudy } = await import("../study/run.ts");
    return runStudy(study, context);
  },
  async answerFromStore(study, context) {
    const { answerFromStore } = await import("../study/answer.ts");
    return answerFromStore(study, context);
  },
  async verify(trials, context) {
    const { verify } = await import("../study/verify.ts");
    return verify(trials, context);
  },
  async replayNotebook(context) {
    const { replayNotebook } = await import("../homework/replay.ts");
    return replayNotebook(context);
  },
  async replayEnsemble(members, context) {
    const { replayEnsemble } = await import("../homework/replay.ts");
    return replayEnsemble(members, context);
  },
  async tableWriter(format) {
    const { COLUMNS } = await import("../export/table.ts");
    switch (format) {
      case "csv":
        return (await import("../export/csv.ts")).csvWriter(COLUMNS);
      case "json":
        return (await import("../export/json.ts")).jsonWriter(COLUMNS);
      case "parquet":
        return (await import("../export/parquet.ts")).parquetWriter(COLUMNS);
    }
  },
  async standardization(specification, dataset) {
    const { standardization } = await import("../training/standardization.ts");
    return standardization(specification, dataset, sha256);
  },
  async weightsFile(format, parameters, inputs, metadata) {
    switch (format) {
      case "npz":
        return (await import("../export/npz.ts")).npz(parameters, inputs);
      case "safetensors":
        return (await import("../export/safetensors.ts")).safetensors(parameters, inputs, metadata);
    }
  },
  async renderReport(found, provenance, size) {
    const { renderReport } = await import("../report/files.node.ts");
    return renderReport(found, provenance, size);
  },
  async findOutputFolder(path, options) {
    const { findOutputFolder } = await import("./output/output-folder.ts");
    return findOutputFolder(path, options);
  },
};
