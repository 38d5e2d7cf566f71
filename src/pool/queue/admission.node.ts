// Who is under way on a worker: several side by side, or alone one that may end it.

import { deferred } from "../../base/deferred.ts";

/** A place among those under way; both may be called again. */
export interface Place {
  /** One that was to be alone need not be so any more. */
  admitOthers(): void;
  leave(): void;
}

export class Admission {
  readonly #inside = new Set<Promise<unknown>>();
  /** Until when one that came in before is alone, or waits to be. */
  #alone: Promise<unknown> = Promise.resolve();
  #awaiting = 0;

  /** Whether one waits until the others have left. */
  get isAwaited(): boolean {
    return this.#awaiting > 0;
  }

  /** Resolves when it may come in, in the order of calls. */
  async enter(isAlone: boolean): Promise<Place> {
    const [inside, alone] = [deferred(), deferred()];
    const before = isAlone ? [this.#alone, ...this.#inside] : [this.#alone];
    this.#inside.add(inside.promise);
    if (isAlone) {
      this.#alone = alone.promise;
      this.#awaiting++;
    }
    await Promise.all(before);
    if (isAlone) this.#awaiting--;
    return {
      admitOthers: () => {
        alone.resolve(undefined);
      },
      leave: () => {
        alone.resolve(undefined);
        inside.resolve(undefined);
        this.#inside.delete(inside.promise);
      },
    };
  }
}
