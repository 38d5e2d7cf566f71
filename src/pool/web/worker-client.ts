// A Web Worker as its pool sees it: requests, and its end, which browsers tell by an error or not at all.

import { InputError, WidthwiseError } from "../../base/errors.ts";
import { lockName, whenGone } from "./alive.ts";
import type { Answer, Asked, Request, Start } from "./messages.ts";

/** The worker has ended by itself; what it had under way is lost. */
export class WorkerCrash extends WidthwiseError {
  override name = "WorkerCrash";
  /** Whether it was ready before: one that cannot even be started would be replaced for ever. */
  readonly wasReady: boolean;

  constructor(message: string, wasReady: boolean) {
    super(message);
    this.wasReady = wasReady;
  }
}

export interface WorkerClient {
  /** Resolves once it is ready. */
  readonly started: Promise<unknown>;
  readonly hasCrashed: boolean;
  /** Rejects with WorkerCrash where the worker ends first. */
  request(request: Request): Promise<unknown>;
  /** Ends it; requests under way fail. */
  close(): void;
}

/** How a request that is under way will be settled. */
interface PromiseParts {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Browsers say nothing of one whose script they could not get. */
export function whyOf({ message = "its script cannot be fetched" }: Partial<ErrorEvent>): string {
  return message;
}

export function startWorker(
  url: URL,
  start: Omit<Start, "alive">,
  onCrash: (crash: WorkerCrash) => void,
): WorkerClient {
  const alive = lockName();
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, PromiseParts>();
  let asked = 0;
  let isReady = false;
  let ended: WorkerCrash | null = null;
  const end = (crash: WorkerCrash): boolean => {
    if (ended !== null) return false;
    ended = crash;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(crash);
    waiting.clear();
    return true;
  };
  const crashed = (why: string) => {
    const reason = why === "" ? "" : ` (${why})`;
    const told = isReady
      ? `a worker stopped${reason}`
      : `a worker cannot be started${reason}; see whether the page's server still runs, and try again`;
    const crash = new WorkerCrash(told, isReady);
    if (end(crash)) onCrash(crash);
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("result" in data) asked?.resolve(data.result);
    else asked?.reject(new (data.isUsers ? InputError : Error)(data.failure));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    crashed(whyOf(event));
  };
  worker.onmessageerror = () => {
    crashed("its answer could not be read");
  };
  const request = (request: Request) =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended);
        return;
      }
      const id = ++asked;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, request } satisfies Asked);
    });
  const started = request({ kind: "start", start: { ...start, alive } }).then(() => {
    isReady = true;
  });
  if (alive !== null)
    started
      .then(() => whenGone(alive))
      .then(
        () => {
          crashed("");
        },
        () => undefined,
      );
  return {
    started,
    get hasCrashed() {
      return ended !== null;
    },
    request,
    close() {
      end(new WorkerCrash("the pool is closed", isReady));
    },
  };
}
