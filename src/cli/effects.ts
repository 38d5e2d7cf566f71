// What commands do to the world, and what takes them long: tests put others in its place. Each is loaded when it is
// used: `--help` loads none of them.

import { sha256 } from "../base/sha256.node.ts";
import type { Dataset, LoadedDataset } from "../data/dataset.ts";
import type { LoadOptions } from "../data/load.node.ts";
import type { DataSource } from "../data/sets/set.ts";
import type { Ensemble, Replay, ReplayContext } from "../homework/replay.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import type { Parameters, Shape } from "../model/network.ts";
import type { Calibration } from "../kernel/cost.ts";
import type { CalibrationOptions } from "../pool/node/calibrate.ts";
import type { SimdChoice } from "../pool/node/compile.ts";
import type { FinishedCall, NodePool } from "../pool/node/node-pool.ts";
import type { Answered } from "../questions/asked.ts";
import type { RecordStore } from "../records/store.ts";
import type { FileContent } from "../report/files.node.ts";
import type { Provenance } from "../report/provenance.ts";
import type { StudyResult } from "../study/result.ts";
import type { StudyContext } from "../study/run.ts";
import type { Study } from "../study/spec.ts";
import { openBrowser } from "./lab/browser.ts";
import { hasSimd, isWritable, nodeAdvice, trainer } from "./machine.ts";
import type { Size } from "./options.ts";
import type { OutputFolder, OutputFolderOptions } from "./output/output-folder.ts";

type Files = ReadonlyMap<string, FileContent>;

export const effects = {
  async loadDataset(source: DataSource, options: LoadOptions): Promise<LoadedDataset> {
    return (await import("../data/load.node.ts")).loadDataset(source, undefined, options);
  },
  async loadParameters(path: string, shape: Shape, signal: AbortSignal): Promise<Parameters> {
    return (await import("../data/weights/load.node.ts")).loadParameters(path, shape, signal);
  },
  /** `onCall` is told of every kernel call that a worker has made. */
  async createPool(
    dataset: Dataset,
    workers: number,
    onCall?: (call: FinishedCall) => void,
    given?: GivenParameters,
  ): Promise<NodePool> {
    const { createNodePool } = await import("../pool/node/node-pool.ts");
    return createNodePool({ dataset, workers, sha256, given, onCall });
  },
  async calibrate(options: CalibrationOptions): Promise<Calibration> {
    return (await import("../pool/node/calibrate.ts")).calibrate(options);
  },
  hasSimd,
  /** Of all processors together, since this process began. */
  processorSeconds(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  nodeAdvice: () => nodeAdvice(process.versions.node, process.arch),
  /** Whether the kernel's operations are fused to 256 bits, and why. */
  async chooseSimd(): Promise<SimdChoice> {
    return (await (await import("../pool/node/compile.ts")).compileKernel()).simd;
  },
  /** The folder that keeps the homework's data set. */
  async findCache(): Promise<{ readonly directory: string; readonly writable: boolean }> {
    const { defaultCacheDirectory } = await import("../data/sources/cache.node.ts");
    const directory = defaultCacheDirectory("fashion-mnist");
    return { directory, writable: await isWritable(directory) };
  },
  /**
   * Opens or makes a store; `onDamage` is told of trials and studies in it that are damaged. One that is `toRead`
   * may be one that cannot be written.
   */
  async openStore(
    path: string,
    onDamage: (message: string) => void,
    toRead: boolean | "untouched",
  ): Promise<RecordStore> {
    const { SqliteStore } = await import("../records/sqlite/sqlite-store.node.ts");
    return new SqliteStore(path, { sha256, trainer: trainer(), onDamage, toRead });
  },
  async findOutputFolder(path: string, options: OutputFolderOptions): Promise<OutputFolder> {
    return (await import("./output/output-folder.ts")).findOutputFolder(path, options);
  },
  async runStudy(study: Study, context: StudyContext): Promise<StudyResult> {
    return (await import("../study/run.ts")).runStudy(study, context);
  },
  async replayNotebook(context: ReplayContext): Promise<Replay> {
    return (await import("../homework/replay.ts")).replayNotebook(context);
  },
  async replayEnsemble(members: number, context: ReplayContext): Promise<Ensemble> {
    return (await import("../homework/replay.ts")).replayEnsemble(members, context);
  },
  openBrowser,
  async renderReport(found: Answered, provenance: Provenance, size: Size): Promise<Files> {
    return (await import("../report/files.node.ts")).renderReport(found, provenance, size);
  },
};

export type Effects = typeof effects;
