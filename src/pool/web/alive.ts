// Whether a Web Worker is still there, which browsers do not tell: as long as it lives it holds a Web Lock.

let named = 0;

/** Of a lock for one worker; null where there are none, as on plain http from another machine. */
export function lockName(): string | null {
  // Not a module's own name: several pages share the locks of an origin.
  return "locks" in navigator ? `widthwise ${Math.random()} ${++named}` : null;
}

/** In the worker: never given back. Resolves once it is held. */
export function hold(lock: string): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(lock, () => {
      held();
      return new Promise(() => undefined);
    });
  });
}

/** Resolves when the worker, which holds it by now, is no more. */
export async function whenGone(lock: string): Promise<void> {
  await navigator.locks.request(lock, () => undefined);
}
