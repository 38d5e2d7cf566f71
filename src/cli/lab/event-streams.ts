// Server-sent events to the pages that are open: a few streams, each of which keeps up or is ended.

import type { ServerResponse } from "node:http";
import type { ServerEvent } from "../../report/watching.ts";

/** Pages that may watch at once. */
export const MOST_STREAMS = 8;

/** Bytes that may wait for a page; one that is slower begins anew. */
const MOST_WAITING = 32e6;

/** Milliseconds after which a stream without events shows that it is there. */
const PULSE = 15_000;

export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #pulse = setInterval(() => {
    for (const response of this.#open) response.write(":\n\n");
  }, PULSE).unref();

  get isFull(): boolean {
    return this.#open.size >= MOST_STREAMS;
  }

  /** `response`'s head is written; `soFar` is what it begins with. */
  add(response: ServerResponse, soFar: readonly ServerEvent[]): void {
    // Several may have been asked for at once.
    if (this.isFull) {
      response.destroy();
      return;
    }
    this.#open.add(response);
    // One that waits for those before it on its connection is not told itself that this has ended.
    response.req.socket.on("close", () => this.#open.delete(response));
    for (const event of soFar) response.write(textOf(event));
  }

  tell(event: ServerEvent): void {
    const text = textOf(event);
    for (const response of this.#open)
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(text);
  }

  close(): void {
    clearInterval(this.#pulse);
    for (const response of this.#open) response.end();
    this.#open.clear();
  }
}

/** JSON has no line ends. */
function textOf(event: ServerEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
