// Works that belong together: where one fails, all stop.

/** How a work learns that it is to stop. */
export interface Stop {
  readonly signal: AbortSignal;
  /** What `promise` comes to, or, where the signal aborts before that, its reason. Nothing of it is held afterwards. */
  readonly unlessStopped: <Value>(promise: Promise<Value>) => Promise<Value>;
}

/** What works learn of `signal`. */
export function stopOf(signal: AbortSignal): Stop {
  const waiting = new Set<() => void>();
  signal.addEventListener("abort", () => {
    for (const giveUp of waiting) giveUp();
  });
  return {
    signal,
    // A race against one promise that lasts as long as all works would hold the end of each race for that time.
    unlessStopped: (promise) =>
      new Promise((resolve, reject) => {
        const giveUp = () => {
          const reason = signal.reason as Error;
          reject(reason);
        };
        const end = () => waiting.delete(giveUp);
        if (signal.aborted) giveUp();
        else waiting.add(giveUp);
        promise.then(resolve, reject).then(end, end);
      }),
  };
}

/**
 * Runs `works` side by side and returns when all have ended. Where `signal` aborts or one of them fails, all are
 * to stop. Throws what the first failure was.
 */
export async function runAll(
  works: readonly ((stop: Stop) => Promise<void>)[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stop = stopOf(controller.signal);
  const interrupt = () => {
    controller.abort(signal?.reason);
  };
  signal?.addEventListener("abort", interrupt);
  const failures: unknown[] = [];
  const ended = works.map(async (work) => {
    try {
      await work(stop);
    } catch (error) {
      failures.push(error);
      controller.abort(error);
    }
  });
  await Promise.all(ended);
  signal?.removeEventListener("abort", interrupt);
  if (failures.length > 0) throw failures[0];
}
