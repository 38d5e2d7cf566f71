// A study's data and the workers that train it, for commands.

import type { Dataset } from "../../../data/dataset.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { GivenParameters } from "../../../model/initializations/initialization.ts";
import type { FinishedCall, NodePool } from "../../../pool/node/node-pool.ts";
import type { RecordStore } from "../../../records/store.ts";
import { datasetWarnings, mostMisleadingPixels, subsetWarning } from "../../../study/misleading.ts";
import { searchTrial } from "../../../study/plans/learning-rate.ts";
import type { StudyContext } from "../../../study/run.ts";
import type { Study } from "../../../study/spec.ts";
import type { Context } from "../../context.ts";
import { Interruption } from "../../interruption.ts";
import { loadData } from "../../data.ts";
import { readGiven } from "../../given.ts";

interface Use {
  readonly workers: number;
  readonly data?: string | undefined;
  /** Where given parameters may be kept. */
  readonly store: Pick<RecordStore, "given" | "studies">;
  /** Closed at the end, before the workers are. */
  readonly view: { close(): void };
  /** What an interruption tells of what is kept. */
  readonly kept: string;
  readonly onCall?: ((call: FinishedCall) => void) | undefined;
  /** Makes other workers than threads of this process. */
  readonly createPool?: CreatePool | undefined;
}

export type CreatePool = (
  loaded: Pick<LoadedStudy, "study" | "dataset">,
  given: GivenParameters,
) => Promise<NodePool>;

export interface LoadedStudy {
  /** With the digest of what it begins with, where that is a file's. */
  readonly study: Study;
  readonly dataset: Dataset;
  readonly origin: string;
  /** Inputs that are constant in a subset and not beyond it, at the most. */
  readonly misleading: number;
  /** Milliseconds on the context's clock when the data was there. */
  readonly loaded: number;
}

/**
 * Loads a study's data, warns of what misleads in it, starts workers, and gives both to `work`; what a store and events
 * are it knows itself. Throws Interruption where the user ends it.
 */
export async function withWorkers<Result>(
  asked: Study,
  { data, workers, store, view, kept, onCall, createPool }: Use,
  context: Context,
  work: (loaded: LoadedStudy, training: Omit<StudyContext, "store" | "onEvent">) => Promise<Result>,
): Promise<Result> {
  const { effects, signal, now, stderr } = context;
  const { dataset, origin } = await loadData(asked.dataset, data, context);
  const { study, given } = await readGiven(asked, dataset, store, context);
  const { trial } = searchTrial(study, dataset, 1);
  const misleading = mostMisleadingPixels(study, dataset, sha256);
  const warning = subsetWarning(
    misleading,
    trial.specification.data.train_examples,
    dataset.image ? "pixel" : "input",
  );
  const ofDataset = asked.dataset.path === undefined ? [] : datasetWarnings(dataset);
  for (const told of [...ofDataset, ...(warning === null ? [] : [warning])])
    stderr.write(`${told}\n`);
  const loaded = now();
  const pool =
    createPool === undefined
      ? await effects.createPool(dataset, workers, onCall, given)
      : await createPool({ study, dataset }, given);
  const advice = createPool === undefined ? effects.nodeAdvice() : null;
  if (advice !== null) stderr.write(`${advice}\n`);
  try {
    const { CATALOGUE: catalogue } = await import("../../../questions/catalogue.ts");
    const training = { catalogue, dataset, pool, sha256, given, signal };
    return await work({ study, dataset, origin, misleading, loaded }, training);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interruption(`interrupted; ${kept}`, { cause: error });
  } finally {
    view.close();
    await pool.close();
  }
}
