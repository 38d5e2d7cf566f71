// Works that belong together: where one fails, all stop.

/** How a work learns that it is to stop. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason when that aborts. */
  readonly aborted: Promise<never>;
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
  const abortion = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => {
      resolve();
    });
  });
  const aborted = abortion.then((): never => {
    controller.signal.throwIfAborted();
    throw new Error("an abort signal that is not aborted");
  });
  // It may reject when nobody waits for it.
  aborted.catch(() => undefined);
  const stop = { signal: controller.signal, aborted };
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
