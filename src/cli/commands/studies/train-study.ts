// A study's training with its data and its workers, and what its report is to say of where and when.

import { basename } from "node:path";
import type { FinishedCall } from "../../../pool/node/node-pool.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Provenance } from "../../../report/provenance.ts";
import type { StudyResult } from "../../../study/result.ts";
import type { StudyEvent } from "../../../study/run.ts";
import type { Study } from "../../../study/spec.ts";
import type { Context } from "../../context.ts";
import { withWorkers, type CreatePool } from "./with-workers.ts";

export interface Training {
  readonly workers: number;
  readonly data?: string | undefined;
  /** Whether what is trained is kept at the end alone. */
  readonly fresh?: boolean;
  /** Of the store that keeps it. */
  readonly path: string;
}

/** Those who look on while a study is trained, and what is kept of others. */
export interface Watchers {
  readonly store: RecordStore;
  readonly view: { close(): void };
  readonly onEvent: (event: StudyEvent) => void;
  readonly onCall: ((call: FinishedCall) => void) | undefined;
  /** See withWorkers. */
  readonly createPool?: CreatePool | undefined;
}

/** Throws as runStudy does, and Interruption where the user ends it. */
export async function trainStudy(
  asked: Study,
  working: RecordStore,
  options: Training,
  context: Context,
  { onEvent, ...watchers }: Watchers,
): Promise<Pick<Provenance, "seconds" | "dataset"> & { result: StudyResult }> {
  const { effects, now } = context;
  const began = now();
  const { fresh, path } = options;
  const kept = fresh
    ? "what is trained anew is kept at the end alone"
    : `what was trained is kept in ${path}, and the same command goes on from there`;
  const use = { ...options, ...watchers, kept };
  return withWorkers(asked, use, context, async (ready, training) => {
    const { study, dataset, origin, misleading, loaded } = ready;
    const result = await effects.runStudy(study, { ...training, store: working, onEvent });
    const trained = now();
    const seconds = {
      total: (trained - began) / 1000,
      data: (loaded - began) / 1000,
      training: (trained - loaded) / 1000,
    };
    const { name, digest } = dataset;
    const told = dataset.image
      ? { misleading_pixels: misleading }
      : { misleading_inputs: misleading };
    // What a report says goes to others, to whom the user's folders mean nothing.
    const from = study.dataset.path === undefined ? origin : basename(study.dataset.path);
    return {
      result,
      seconds,
      dataset: { name, digest, origin: from, ...(misleading > 0 && told) },
    };
  });
}
