// Prepared examples by subset: each is in memory once, until another subset is wanted and no trial
// uses it: a search's trials, one after the other, prepare theirs once.

import type { Dataset } from "../data/dataset.ts";
import type { KernelMemory } from "../kernel/host.ts";
import { prepareExamples, type PreparedExamples } from "../training/examples.ts";
import type { TrialSpecification } from "../model/trial.ts";

interface Lease {
  readonly examples: PreparedExamples;
  release(): void;
}

export class ExampleCache {
  readonly #host: KernelMemory;
  readonly #dataset: Dataset;
  readonly #entries = new Map<string, { examples: PreparedExamples; users: number }>();

  constructor(host: KernelMemory, dataset: Dataset) {
    this.#host = host;
    this.#dataset = dataset;
  }

  /** The examples of a trial that keeps `subset` (null: all) of the training set. */
  borrow(specification: TrialSpecification, subset: Uint32Array | null): Lease {
    const name = subset === null ? "all" : subsetName(specification);
    let entry = this.#entries.get(name);
    if (!entry) {
      this.#freeUnused();
      entry = { examples: prepareExamples(this.#host, this.#dataset, subset), users: 0 };
      this.#entries.set(name, entry);
    }
    const { examples } = entry;
    entry.users += 1;
    return {
      examples,
      release: () => {
        entry.users -= 1;
      },
    };
  }

  #freeUnused(): void {
    for (const [name, { examples, users }] of this.#entries) {
      if (users > 0) continue;
      this.#entries.delete(name);
      examples.free();
    }
  }
}

/** What decides a subset's indices. */
function subsetName({ data, streams }: TrialSpecification): string {
  const seeds =
    streams.kind === "notebook" ? [streams.numpy_seed] : [streams.study_seed, streams.seed];
  return [data.train_examples, streams.kind, ...seeds].join("/");
}
