// Prepared examples by what decides them: each is in memory once, until others are wanted and no trial
// uses it: a search's trials, one after the other, prepare theirs once.

import type { Dataset } from "../data/dataset.ts";
import { availableExamples } from "../data/subset.ts";
import type { KernelHost } from "../kernel/host.ts";
import {
  placeSet,
  prepareExamples,
  type PlacedSet,
  type PreparedExamples,
} from "../training/examples.ts";
import type { TrialDraws } from "../training/streams.ts";
import type { ExampleChoices, TrialSpecification } from "../model/trial.ts";

interface Lease {
  readonly examples: PreparedExamples;
  release(): void;
}

interface Entry {
  readonly examples: Promise<PreparedExamples>;
  /** Trials that use them, or wait for them. */
  users: number;
  /** Gives back their memory, once they are there. */
  free: () => void;
}

export class ExampleCache {
  readonly #dataset: Dataset;
  readonly #entries = new Map<string, Entry>();
  #test: PlacedSet | undefined;

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** The examples of a trial, which draws these. `host` makes the calls; its memory is the same for all trials. */
  async borrow(
    host: KernelHost,
    specification: TrialSpecification,
    draws: Pick<TrialDraws, "subset" | "labels">,
  ): Promise<Lease> {
    const name = examplesName(specification, this.#dataset);
    let entry = this.#entries.get(name);
    if (!entry) {
      this.#freeUnused();
      const { standardize } = specification.data;
      entry = {
        examples: this.#prepare(host, draws, standardize),
        users: 0,
        free: () => undefined,
      };
      this.#entries.set(name, entry);
    }
    entry.users += 1;
    try {
      const examples = await entry.examples;
      entry.free = () => {
        examples.free();
      };
      return {
        examples,
        release: () => {
          entry.users -= 1;
        },
      };
    } catch (error) {
      this.#entries.delete(name);
      throw error;
    }
  }

  #prepare(
    host: KernelHost,
    { subset, labels }: Pick<TrialDraws, "subset" | "labels">,
    standardize: ExampleChoices["standardize"],
  ): Promise<PreparedExamples> {
    const dataset = this.#dataset;
    const { test } = dataset;
    this.#test ??= placeSet(host, test, null, test.labels);
    return prepareExamples(host, dataset, subset, labels(dataset), standardize, this.#test);
  }

  #freeUnused(): void {
    for (const [name, { users, free }] of this.#entries) {
      if (users > 0) continue;
      this.#entries.delete(name);
      free();
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
