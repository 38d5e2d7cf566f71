// Drives trials on the calling thread, while threads that share one memory make their kernel calls. Knows no thread.

import PQueue from "p-queue";
import type { Sha256 } from "../base/sha256.ts";
import type { Dataset } from "../data/dataset.ts";
import { passCost } from "../kernel/cost.ts";
import type { Execute, KernelCall, KernelMemory } from "../kernel/host.ts";
import type { GivenParameters } from "../model/initializations/initialization.ts";
import { shapeOf, type Trial } from "../model/trial.ts";
import { trialKey } from "../records/fingerprint.ts";
import { ExampleCache } from "./example-cache.ts";
import { measuring, type MeasuringCall } from "./measure.ts";
import type { MemoryOptions } from "./memory.ts";
import type { Pool, Turn } from "./pool.ts";
import { trainTrial, type TrainingContext } from "./train-trial.ts";

/** The threads, and what drives trials beside them. */
export interface Driving {
  readonly dataset: Dataset;
  readonly workers: number;
  readonly sha256: Sha256;
  readonly given?: GivenParameters | undefined;
  /** Of the memory that all threads share. */
  readonly host: KernelMemory;
  /** Makes a call of a trial on a thread; at most `workers` are asked for at once. */
  readonly run: (call: KernelCall, trial: Trial) => Promise<number>;
  readonly measure: (
    call: MeasuringCall,
    trial: Trial,
  ) => Promise<readonly (Float64Array | Float32Array)[]>;
  /** See Pool. */
  readonly check: (trials: readonly Trial[], options?: MemoryOptions) => void;
  /** See TrainingContext. */
  readonly now: () => number;
  readonly pause: () => Promise<void>;
}

export interface DrivenPool extends Pool {
  /** Forgets what waits; trials under way are not ended. */
  clear(): void;
}

export function drivenPool(driving: Driving): DrivenPool {
  const { dataset, workers, sha256, given, host, run, check, now, pause } = driving;
  const calls = new PQueue({ concurrency: workers });
  const turns = new Turns(workers + 1);
  const examples = new ExampleCache(dataset);
  return {
    check,
    turn(trial, { signal, pastDivergence } = {}) {
      const priority = priorityOf(trial, dataset);
      const execute: Execute = (call) => calls.add(() => run(call, trial), { priority });
      const measure = (call: MeasuringCall) =>
        calls.add(() => driving.measure(call, trial), { priority });
      const context: TrainingContext = {
        host: { ...host, execute },
        ...{ dataset, examples, given, sha256, now, pause },
      };
      return turns.take(priority, signal, (end) => {
        check([trial]);
        return {
          key: trialKey(trial.specification, sha256),
          train: (from) => trainTrial(trial, from, context, { signal, pastDivergence }),
          measure: measuring(trial, context, measure),
          end,
        };
      });
    },
    clear() {
      turns.clear();
      calls.clear();
    },
  };
}

/** The longest first: trials, and the calls of those under way. */
export function priorityOf(trial: Trial, dataset: Dataset): number {
  const { data, training } = trial.specification;
  return passCost(shapeOf(trial, dataset), data.train_examples, dataset.test.examples, training);
}

/** Turns, of which so many are under way at once. */
export class Turns {
  readonly #queue: PQueue;

  /** Of a pool that drives trials: one more than workers, so that there is work while one of them waits for its evaluations. */
  constructor(concurrency: number) {
    this.#queue = new PQueue({ concurrency, autoStart: false });
  }

  set concurrency(most: number) {
    this.#queue.concurrency = most;
  }

  /** Resolves when the turn has come; it lasts until `make`'s turn is ended. */
  take<Made = Turn>(
    priority: number,
    signal: AbortSignal | undefined,
    make: (end: () => void) => Made | Promise<Made>,
  ): Promise<Made> {
    // Trials that are asked for together are ordered before the first of them starts.
    this.#queue.pause();
    void Promise.resolve().then(() => this.#queue.start());
    return new Promise<Made>((resolve, reject) => {
      const lasting = () =>
        new Promise<void>((end, fail) => {
          Promise.resolve(end).then(make).then(resolve, fail);
        });
      this.#queue.add(lasting, { priority, ...(signal ? { signal } : {}) }).catch(reject);
    });
  }

  clear(): void {
    this.#queue.clear();
  }
}
