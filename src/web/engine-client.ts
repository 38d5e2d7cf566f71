// The worker that runs the study, as the page calls it; one that ends by itself is replaced.

import { WidthwiseError } from "../base/errors.ts";
import { lockName, whenGone } from "../pool/web/alive.ts";
import { whyOf } from "../pool/web/worker-client.ts";
import type { CallMessage, CallName, Calls, Event, ToPage } from "./protocol.ts";

export interface Engine {
  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>>;
}

/** A call that is not answered yet. */
interface Waiting {
  readonly message: CallMessage;
  /** Whether a worker before has not answered it either. */
  readonly isAgain: boolean;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** What the next worker is asked by who hired it, or by who is told: to ask it once more would be twice. */
const ANEW: readonly CallName[] = ["hold", "keep", "start"];

/**
 * `onCrash` is told why a worker has ended, if browsers know; another one is in its place by then, which knows nothing of
 * what was trained and is asked once more what was not answered.
 */
export function startEngine(
  onEvent: (event: Event) => void,
  onCrash: (why: string) => void,
): Engine {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let worker = hire();

  function hire(): Worker {
    const hired = new Worker(new URL("study-worker.js", import.meta.url), { type: "module" });
    let hasAnswered = false;
    hired.onmessage = ({ data }: MessageEvent<ToPage>) => {
      hasAnswered = true;
      if ("event" in data) {
        onEvent(data.event);
        return;
      }
      const call = waiting.get(data.id);
      waiting.delete(data.id);
      if ("result" in data) call?.resolve(data.result as never);
      else call?.reject(new WidthwiseError(data.failure));
    };
    const crashed = (why: string) => {
      if (hired !== worker) return;
      hired.onmessage = null;
      hired.terminate();
      // One that cannot even be started would be replaced for ever.
      if (hasAnswered) replace(why);
      else {
        const message = `the lab's worker does not start (${why}); reload the page, whose address has your study`;
        onEvent({ kind: "state", state: "failed", message });
      }
    };
    hired.onerror = (event) => {
      event.preventDefault();
      crashed(whyOf(event));
    };
    const lock = lockName();
    if (lock !== null)
      ask(hired, "hold", [lock])
        .then(() => whenGone(lock))
        .then(
          () => {
            crashed("");
          },
          () => undefined,
        );
    return hired;
  }

  function replace(why: string): void {
    const left = [...waiting.values()];
    waiting.clear();
    worker = hire();
    onCrash(why);
    for (const { message, isAgain, resolve, reject } of left)
      if (ANEW.includes(message.name)) resolve(null as never);
      else if (isAgain) reject(new WidthwiseError("the lab's worker stopped twice; ask once more"));
      else {
        waiting.set(message.id, { message, isAgain: true, resolve, reject });
        worker.postMessage(message);
      }
  }

  function ask(of: Worker, name: CallName, args: CallMessage["args"]): Promise<never> {
    const message: CallMessage = { id: ++asked, name, args };
    of.postMessage(message);
    return new Promise((resolve, reject) => {
      waiting.set(message.id, { message, isAgain: false, resolve, reject });
    });
  }

  return { call: (name, ...args) => ask(worker, name, args) };
}
