// Batches of small trials that come in whole: the first of a batch at a time, and none that end their workers.

import { deferred } from "../../base/deferred.ts";
import type { WidthwiseError } from "../../base/errors.ts";
import type { Trial } from "../../model/trial.ts";
import { trialKey } from "../../records/fingerprint.ts";
import type { TrainedWhole } from "../pool.ts";
import { Early } from "./coordinator.node.ts";
import type { IncomingContext } from "./incoming-trial.node.ts";
import { wholeOf, type Brought } from "./messages.node.ts";

export class IncomingBatches {
  readonly #context: IncomingContext;
  /** Keys of trials that no worker is given any more. */
  readonly #poisoned = new Map<string, WidthwiseError>();

  constructor(context: IncomingContext) {
    this.#context = context;
  }

  /** Some of them, with their places; null where no worker is given any of them any more. */
  async train(asked: readonly Trial[]): Promise<readonly TrainedWhole[] | null> {
    for (;;) {
      const places = [...asked.keys()].filter(
        (at) => this.#poisoned.size === 0 || !this.#poisoned.has(this.#keyOf(asked[at])),
      );
      if (places.length === 0) return null;
      const trained = await this.#trainFirst(places.map((at) => asked[at]));
      if (trained !== null) return trained.map((one, at) => ({ ...one, at: places[at] }));
    }
  }

  /** Waits until nothing else is being trained, and throws why no worker is given it any more. */
  async failAtLast(trial: Trial): Promise<never> {
    const key = this.#keyOf(trial);
    const { promise, reject: fail } = deferred<never>();
    const job = this.#context.open(trial, key, {
      ...{ fail, poison: this.#poisoned.get(key) },
      payload: () => promise,
      take: () => Promise.resolve(),
    });
    try {
      return await promise;
    } finally {
      job.end();
    }
  }

  /** The first of them; null where the very first ends its workers. */
  async #trainFirst(asked: readonly Trial[]): Promise<TrainedWhole[] | null> {
    const { open, payloadOf } = this.#context;
    const { promise, resolve, reject: fail } = deferred<TrainedWhole[] | null>();
    const key = this.#keyOf(asked[0]);
    let isEnded = false;
    const job = open(asked[0], key, {
      fail,
      payload: () =>
        Promise.resolve(payloadOf({ trials: asked, from: null, isWhole: true, everyPass: false })),
      take: async (gain) => {
        // What comes once more is compared when the first is kept.
        if (isEnded) throw new Early();
        const trained = this.#trainedOf(gain, asked);
        if (trained === null) return;
        isEnded = true;
        const { promise: isKept, resolve: keep } = deferred();
        const onKept = () => {
          keep(undefined);
        };
        resolve([...trained.slice(0, -1), ...trained.slice(-1).map((one) => ({ ...one, onKept }))]);
        await isKept;
      },
      onPoison: (why) => {
        isEnded = true;
        this.#poisoned.set(key, why);
        resolve(null);
      },
    });
    try {
      await job.offer();
      return await promise;
    } finally {
      job.end();
    }
  }

  /** null where not all of them are the first of `asked`. */
  #trainedOf(gain: Brought, asked: readonly Trial[]): TrainedWhole[] | null {
    const { dataset, sha256, tell } = this.#context;
    const { machine, versions, name } = gain.worker;
    const told = gain.kind === "whole" ? gain.trained : [];
    const trained = told.flatMap((one, at): TrainedWhole[] => {
      const trial = asked.at(at);
      const found = trial && wholeOf(one, { ...trial, dataset }, sha256);
      return found ? [{ ...found.whole, trainer: { machine, versions } }] : [];
    });
    if (trained.length > 0 && trained.length === told.length) return trained;
    tell(
      `worker ${name} handed in small trials that are none of those asked for; they are not taken`,
    );
    return null;
  }

  #keyOf({ specification }: Trial): string {
    return trialKey(specification, this.#context.sha256);
  }
}
