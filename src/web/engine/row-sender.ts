// Sends evaluations to the page some times a second: of small trials there are thousands.

import type { Evaluation } from "../../records/record.ts";
import type { Event } from "../protocol.ts";

const EVERY = 60;

export class RowSender {
  readonly #send: (event: Event) => void;
  #waiting = new Map<string, Evaluation[]>();
  /** Last pass that was sent, by trial: after a crash passes are told again. */
  readonly #sent = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (event: Event) => void) {
    this.#send = send;
  }

  add(key: string, evaluation: Evaluation): void {
    if (evaluation.pass <= (this.#sent.get(key) ?? -1)) return;
    this.#sent.set(key, evaluation.pass);
    const rows = this.#waiting.get(key) ?? [];
    rows.push(evaluation);
    this.#waiting.set(key, rows);
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, EVERY);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    const all = [...this.#waiting].map(([key, rows]) => ({ key, rows }));
    this.#waiting = new Map();
    this.#send({ kind: "rows", all });
  }
}
