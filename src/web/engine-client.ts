// The worker that runs the study, as the page calls it.

import type { CallMessage, CallName, Calls, Event, ToPage } from "./protocol.ts";

export interface Engine {
  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>>;
}

export function startEngine(onEvent: (event: Event) => void): Engine {
  const worker = new Worker(new URL("study-worker.js", import.meta.url), { type: "module" });
  const waiting = new Map<number, [(result: never) => void, (error: Error) => void]>();
  let asked = 0;
  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if ("event" in data) {
      onEvent(data.event);
      return;
    }
    const [resolve, reject] = waiting.get(data.id) ?? [];
    waiting.delete(data.id);
    if ("result" in data) resolve?.(data.result as never);
    else reject?.(new Error(data.failure));
  };
  worker.onerror = (event) => {
    const message = `the lab's worker stopped (${event.message}); reload the page, whose address has your study`;
    onEvent({ kind: "state", state: "failed", message });
  };
  return {
    call(name, ...args) {
      const id = ++asked;
      worker.postMessage({ id, name, args } satisfies CallMessage);
      return new Promise((resolve, reject) => {
        waiting.set(id, [resolve, reject]);
      });
    },
  };
}
