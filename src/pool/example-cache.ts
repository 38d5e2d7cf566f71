// Prepared examples by what decides them: each is in memory once, until others are wanted and no trial
// uses it: a search's trials, one after the other, prepare theirs once.

import type { Dataset } from "../data/dataset.ts";
import { availableExamples } from "../data/subset.ts";
import type { KernelMemory } from "../kernel/host.ts";
import { prepareExamples, type PreparedExamples } from "../training/examples.ts";
import type { TrialDraws } from "../training/streams.ts";
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

  /** The examples of a trial, which draws these. */
  borrow(
    specification: TrialSpecification,
    { subset, labels }: Pick<TrialDraws, "subset" | "labels">,
  ): Lease {
    const name = examplesName(specification, this.#dataset);
    let entry = this.#entries.get(name);
    if (!entry) {
      this.#freeUnused();
      const dataset = this.#dataset;
      const { standardize } = specification.data;
      entry = {
        examples: prepareExamples(this.#host, dataset, subset, labels(dataset), standardize),
        users: 0,
      };
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

/** All that decides a trial's examples on a data set. */
export function examplesName(
  { data, streams }: TrialSpecification,
  { train }: { readonly train: { readonly examples: number } },
): string {
  const { train_examples, part, label_noise, standardize } = data;
  const seeds =
    streams.kind === "notebook" ? [streams.numpy_seed] : [streams.study_seed, streams.seed];
  const isDrawn =
    label_noise !== undefined || train_examples < availableExamples(part, train.examples);
  // A part is the same whatever the trial's own seed.
  const decisive = isDrawn ? [streams.kind, ...seeds] : part === undefined ? [] : seeds.slice(0, 1);
  return JSON.stringify([train_examples, decisive, part, label_noise, standardize]);
}
