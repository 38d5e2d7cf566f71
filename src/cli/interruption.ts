// How the user ends a command: by a signal, which work gets to know of, or which ends the process where it stands.

import { setImmediate } from "node:timers/promises";

/** The user ended the work; the message says what is kept of it. Exit code 130. */
export class Interruption extends Error {
  override name = "Interruption";
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruptions {
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
  /**
   * Does work that computes without a pause, in which this process could not be told of a signal: meanwhile a signal ends
   * the process where it stands (a shell says 130 of Ctrl-C), so it must leave nothing that another run could not go on from.
   */
  readonly mortally: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** From now on. */
export function listenForInterruptions(): Interruptions {
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = () => {
    interruption.abort(new Interruption("interrupted"));
  };
  // Once: a second signal ends the process where it stands.
  const listen = () => {
    for (const name of SIGNALS) process.once(name, interrupt);
  };
  listen();
  return {
    ...{ signal, interrupt },
    async mortally(work) {
      // What has come by now is told.
      await setImmediate();
      signal.throwIfAborted();
      for (const name of SIGNALS) process.off(name, interrupt);
      try {
        return await work();
      } finally {
        listen();
      }
    },
  };
}
